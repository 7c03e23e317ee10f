/// Reads one RFC 3339 date-time (section 5.6) from bytes.
struct InstantScanner {
  private let text: [UInt8]
  private var position = 0

  init(_ text: [UInt8]) { self.text = text }

  /// Milliseconds since 1970, or `nil` when the text is not one date-time and nothing else.
  mutating func read() -> Int64? {
    guard let year = number(4), take("-"), let month = number(2), take("-"), let day = number(2),
      take("T") || take("t"), let hour = number(2), take(":"), let minute = number(2), take(":"),
      let second = number(2), let fraction = fraction(), let offset = offset(),
      position == text.count, isDate(year, month, day), hour < 24, minute < 60, second < 60
    else { return nil }
    let days = Instant.days(year: year, month: month, day: day)
    return ((days * 24 + hour) * 60 + minute - offset) * 60_000 + second * 1000 + fraction
  }

  private func isDate(_ year: Int64, _ month: Int64, _ day: Int64) -> Bool {
    guard (1...12).contains(month), day >= 1 else { return false }
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths: [Int64] = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return day <= lengths[Int(month) - 1]
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func number(_ width: Int) -> Int64? {
    guard position + width <= text.count else { return nil }
    var value: Int64 = 0
    for character in text[position..<position + width] {
      guard (0x30...0x39).contains(character) else { return nil }
      value = value * 10 + Int64(character - 0x30)
    }
    position += width
    return value
  }

  private mutating func fraction() -> Int64? {
    guard take(".") else { return 0 }
    let start = position
    while position < text.count, (0x30...0x39).contains(text[position]) { position += 1 }
    guard (1...9).contains(position - start) else { return nil }
    var value: Int64 = 0
    for place in 0..<3 {
      let index = start + place
      value = value * 10 + (index < position ? Int64(text[index] - 0x30) : 0)
    }
    return value
  }

  /// The offset from UTC in minutes.
  private mutating func offset() -> Int64? {
    if take("Z") || take("z") { return 0 }
    let sign: Int64
    if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
    guard let hours = number(2), take(":"), let minutes = number(2), hours < 24, minutes < 60
    else { return nil }
    return sign * (hours * 60 + minutes)
  }
}
