/// The one JSON writer that everything signed goes through: the JSON Canonicalization Scheme,
/// RFC 8785. Names are sorted by UTF-16 code units, nothing is escaped that need not be, numbers
/// are written as ECMAScript writes them, and there is no white space.
public enum CanonicalJSON {
  /// The canonical bytes of a value.
  ///
  /// - Throws: `ReadingError` when a number is not finite, or an integer lies beyond ±(2⁵³ − 1),
  ///   where readers that hold numbers as doubles would change it (RFC 8785, section 3.2.2.3).
  public static func write(_ value: JSONValue) throws -> [UInt8] {
    var output: [UInt8] = []
    try append(value, to: &output)
    return output
  }

  /// The canonical bytes of an encodable value.
  ///
  /// - Throws: `ReadingError`, or what the value's own encoding throws.
  public static func write(_ value: some Encodable) throws -> [UInt8] {
    try write(JSONValue(encoding: value))
  }

  private static func append(_ value: JSONValue, to output: inout [UInt8]) throws {
    switch value {
    case .null: output.append(contentsOf: "null".utf8)
    case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
    case .integer(let value):
      guard value.magnitude <= 9_007_199_254_740_991 else {
        throw ReadingError("the integer \(value) is beyond what JSON readers agree on")
      }
      output.append(contentsOf: String(value).utf8)
    case .number(let value): output.append(contentsOf: try ECMAScriptNumber.text(value).utf8)
    case .string(let text): append(text, to: &output)
    case .array(let elements):
      output.append(0x5b)
      for (place, element) in elements.enumerated() {
        if place > 0 { output.append(0x2c) }
        try append(element, to: &output)
      }
      output.append(0x5d)
    case .object(let object):
      output.append(0x7b)
      let sorted = object.members.sorted {
        $0.name.utf16.lexicographicallyPrecedes($1.name.utf16)
      }
      for (place, member) in sorted.enumerated() {
        if place > 0 { output.append(0x2c) }
        append(member.name, to: &output)
        output.append(0x3a)
        try append(member.value, to: &output)
      }
      output.append(0x7d)
    }
  }

  private static func append(_ text: String, to output: inout [UInt8]) {
    output.append(0x22)
    for byte in text.utf8 {
      switch byte {
      case 0x22: output.append(contentsOf: [0x5c, 0x22])
      case 0x5c: output.append(contentsOf: [0x5c, 0x5c])
      case 0x08: output.append(contentsOf: [0x5c, 0x62])
      case 0x09: output.append(contentsOf: [0x5c, 0x74])
      case 0x0a: output.append(contentsOf: [0x5c, 0x6e])
      case 0x0c: output.append(contentsOf: [0x5c, 0x66])
      case 0x0d: output.append(contentsOf: [0x5c, 0x72])
      case 0..<0x20:
        let digits = String(byte, radix: 16)
        output.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count)).utf8)
        output.append(contentsOf: digits.utf8)
      default: output.append(byte)
      }
    }
    output.append(0x22)
  }
}

/// Writes doubles as ECMAScript's `Number::toString` does (ECMA-262, section 6.1.6.1.20).
enum ECMAScriptNumber {
  static func text(_ value: Double) throws -> String {
    guard value.isFinite else { throw ReadingError("\(value) cannot be written as JSON") }
    if value == 0 { return "0" }
    let sign = value < 0 ? "-" : ""
    let (digits, exponent) = shortest(abs(value))
    let count = digits.count
    let zeros = { (number: Int) in String(repeating: "0", count: number) }
    switch exponent {
    case count...21: return sign + digits + zeros(exponent - count)
    case 1...21: return sign + digits.prefix(exponent) + "." + digits.dropFirst(exponent)
    case -5...0: return sign + "0." + zeros(-exponent) + digits
    default:
      let power = exponent - 1
      let fraction = count > 1 ? "." + digits.dropFirst() : ""
      return sign + digits.prefix(1) + fraction + "e" + (power < 0 ? "-" : "+") + "\(abs(power))"
    }
  }

  /// The shortest digits that read back as the value, and the place of the decimal point after
  /// them: value = 0.digits × 10^exponent.
  private static func shortest(_ value: Double) -> (digits: String, exponent: Int) {
    let description = value.description
    let parts = description.split(separator: "e")
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let whole = String(mantissa[0])
    let fraction = mantissa.count > 1 ? String(mantissa[1]) : ""
    var exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) + whole.count
    var digits = Substring(whole + fraction)
    while digits.first == "0" {
      digits = digits.dropFirst()
      exponent -= 1
    }
    while digits.last == "0" { digits = digits.dropLast() }
    return (String(digits), exponent)
  }
}
