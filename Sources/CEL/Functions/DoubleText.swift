/// Numbers with a fraction as texts and back.
enum DoubleText {
  /// Reads decimal digits with point and exponent, or an infinity or NaN.
  static func parse(_ text: String) -> Double? {
    switch text.lowercased() {
    case "nan": return .nan
    case "infinity", "+infinity", "inf", "+inf": return .infinity
    case "-infinity", "-inf": return -.infinity
    default: break
    }
    let isPlain = text.utf8.allSatisfy { byte in
      Lexer.isDigit(byte) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte)
    }
    guard isPlain, text.utf8.count <= 2_000 else { return nil }
    // The standard library wants a digit before the point.
    var rest = text[...]
    var sign = ""
    if let first = rest.first, first == "-" || first == "+" {
      sign = first == "-" ? "-" : ""
      rest = rest.dropFirst()
    }
    if rest.first == "." {
      return Lexer.isDigit(rest.utf8.dropFirst().first ?? 0) ? Double(sign + "0" + rest) : nil
    }
    guard Lexer.isDigit(rest.utf8.first ?? 0) else { return nil }
    return Double(sign + rest)
  }

  /// The shortest text that reads back as the same number; whole numbers have no point.
  static func shortest(_ value: Double) -> String {
    guard value.isFinite else { return notFinite(value) }
    guard value != 0 else { return value.sign == .minus ? "-0" : "0" }
    let (digits, point) = decimal(value)
    let sign = value < 0 ? "-" : ""
    let count = digits.utf8.count
    if point > 21 || point < -5 {
      let rest = digits.dropFirst()
      let exponent = point - 1
      return sign + digits.prefix(1) + (rest.isEmpty ? "" : "." + rest) + "e"
        + (exponent < 0 ? "-" : "+") + "\(abs(exponent))"
    }
    return sign + plain(digits, point, count)
  }

  /// The shortest text without an exponent.
  static func plain(_ value: Double) -> String {
    guard value.isFinite else { return notFinite(value) }
    guard value != 0 else { return value.sign == .minus ? "-0" : "0" }
    let (digits, point) = decimal(value)
    return (value < 0 ? "-" : "") + plain(digits, point, digits.utf8.count)
  }

  static func notFinite(_ value: Double) -> String {
    value.isNaN ? "NaN" : (value < 0 ? "-Infinity" : "Infinity")
  }

  private static func plain(_ digits: String, _ point: Int, _ count: Int) -> String {
    if point <= 0 { return "0." + String(repeating: "0", count: -point) + digits }
    if point >= count { return digits + String(repeating: "0", count: point - count) }
    return digits.prefix(point) + "." + digits.dropFirst(point)
  }

  /// The shortest digits, and where the point stands in them.
  private static func decimal(_ value: Double) -> (digits: String, point: Int) {
    // The standard library's description has the shortest digits that read back.
    let parts = value.magnitude.description.split(separator: "e")
    let mantissa = parts[0].split(separator: ".")
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let whole = mantissa[0] == "0" ? "" : String(mantissa[0])
    let fraction = mantissa.count > 1 && mantissa[1] != "0" ? String(mantissa[1]) : ""
    var point = whole.utf8.count + exponent
    var digits = Substring(whole + fraction)
    while digits.first == "0" {
      digits = digits.dropFirst()
      point -= 1
    }
    while digits.last == "0" { digits = digits.dropLast() }
    return (String(digits), point)
  }

  /// With a number of digits after the point, half to even of the exact value.
  static func fixed(_ value: Double, _ precision: Int) -> String {
    guard value.isFinite else { return notFinite(value) }
    var decimal = BigDecimal(value.magnitude)
    decimal.round(places: precision)
    return (value.sign == .minus ? "-" : "") + decimal.text(places: precision)
  }

  /// With one digit before the point and an exponent.
  static func scientific(_ value: Double, _ precision: Int) -> String {
    guard value.isFinite else { return notFinite(value) }
    var decimal = BigDecimal(value.magnitude)
    decimal.round(significant: precision + 1)
    let exponent = decimal.point - 1
    let sign = value.sign == .minus ? "-" : ""
    var digits = decimal.digits.map { Character(Unicode.Scalar($0 + 0x30)) }
    while digits.count < precision + 1 { digits.append("0") }
    let shown = value == 0 ? 0 : exponent
    let tail = (abs(shown) < 10 ? "0" : "") + "\(abs(shown))"
    let rest = precision > 0 ? "." + String(digits[1...precision]) : ""
    return sign + String(digits[0]) + rest + "e" + (shown < 0 ? "-" : "+") + tail
  }
}

/// The exact decimal digits of a double.
struct BigDecimal {
  /// The digits, the first not zero, unless the value is.
  private(set) var digits: [UInt8]
  /// How many of them stand before the point; negative for zeros after it.
  private(set) var point: Int

  /// The exact value of a finite number that is not negative.
  init(_ value: Double) {
    guard value > 0 else {
      digits = []
      point = 1
      return
    }
    // value = significand * 2^exponent with a whole significand.
    let exponent = Int(value.exponent) - 52
    let scaled = value.significandBitPattern | (value.isNormal ? 1 << 52 : 0)
    let power = value.isNormal ? exponent : -1_074
    var number = String(scaled).utf8.reversed().map { $0 - 0x30 }
    // A negative power of two is a power of five with the point moved.
    for _ in 0..<abs(power) { BigDecimal.multiply(&number, by: power < 0 ? 5 : 2) }
    digits = number.reversed()
    point = digits.count + (power < 0 ? power : 0)
  }

  private static func multiply(_ number: inout [UInt8], by factor: UInt8) {
    var carry: UInt8 = 0
    for place in number.indices {
      let product = number[place] * factor + carry
      number[place] = product % 10
      carry = product / 10
    }
    while carry > 0 {
      number.append(carry % 10)
      carry /= 10
    }
  }

  /// Rounds to places after the point.
  mutating func round(places: Int) { cut(point + places) }

  /// Rounds to a number of digits.
  mutating func round(significant: Int) { cut(significant) }

  private mutating func cut(_ count: Int) {
    guard count < digits.count else { return }
    guard count >= 0 else {
      digits = []
      return
    }
    let rest = digits[count...]
    var isUp = rest[count] > 5
    if rest[count] == 5 {
      isUp = rest.dropFirst().contains { $0 != 0 } || (count > 0 && digits[count - 1] % 2 == 1)
    }
    digits.removeSubrange(count...)
    guard isUp else { return }
    var place = count - 1
    while place >= 0, digits[place] == 9 {
      digits[place] = 0
      place -= 1
    }
    if place >= 0 {
      digits[place] += 1
    } else {
      digits.insert(1, at: 0)
      point += 1
    }
  }

  /// The digits with a point and that many places after it.
  func text(places: Int) -> String {
    func digit(_ place: Int) -> Character {
      Character(Unicode.Scalar((digits[safe: place] ?? 0) + 0x30))
    }
    var text = ""
    if point <= 0 || digits.isEmpty { text = "0" }
    if point > 0, !digits.isEmpty { for place in 0..<point { text.append(digit(place)) } }
    guard places > 0 else { return text }
    text += "."
    for place in 0..<places { text.append(digit(point + place)) }
    return text
  }
}
