/// A minute of some day in a time zone that is said elsewhere: `2026-12-20T18:30`.
public struct LocalMoment: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The year.
  public let year: Int
  /// The month, from one.
  public let month: Int
  /// The day of the month, from one.
  public let day: Int
  /// Minutes after midnight.
  public let minute: Int

  /// Reads `2026-12-20T18:30`, or a date alone, which is its first minute.
  ///
  /// - Returns: `nil` for anything else, a date that does not exist included.
  public init?(_ text: String) {
    let parts = text.split(separator: "T", omittingEmptySubsequences: false)
    let numbers = parts[0].split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count <= 2, numbers.count == 3,
      let year = Self.number(numbers[0], digits: 4), let month = Self.number(numbers[1], digits: 2),
      let day = Self.number(numbers[2], digits: 2), (1970...9999).contains(year),
      (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year)
    else { return nil }
    guard let minute = parts.count == 1 ? 0 : Self.minutes(parts[1]), minute < 1_440 else {
      return nil
    }
    self.year = year
    self.month = month
    self.day = day
    self.minute = minute
  }

  /// `2026-12-20T18:30`.
  public var description: String {
    "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))T\(Self.time(minute))"
  }

  /// Earlier on the wall comes first.
  public static func < (left: LocalMoment, right: LocalMoment) -> Bool {
    (left.year, left.month, left.day, left.minute)
      < (right.year, right.month, right.day, right.minute)
  }

  /// Minutes after midnight of `18:30`; `24:00` is the end of the day.
  ///
  /// - Returns: `nil` for anything else.
  static func minutes(_ text: some StringProtocol) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let hour = number(parts[0], digits: 2),
      let minute = number(parts[1], digits: 2), minute < 60, hour * 60 + minute <= 1_440
    else { return nil }
    return hour * 60 + minute
  }

  /// `18:30` for minutes after midnight.
  static func time(_ minute: Int) -> String {
    "\(padded(minute / 60, 2)):\(padded(minute % 60, 2))"
  }

  private static func number(_ text: some StringProtocol, digits: Int) -> Int? {
    guard text.utf8.count == digits, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return Int(text)
  }

  private static func days(in month: Int, of year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension LocalMoment: Codable {
  /// Reads `2026-12-20T18:30`.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let moment = LocalMoment(text) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath, debugDescription: "expected a time as 2026-12-20T18:30"))
    }
    self = moment
  }

  /// Writes `2026-12-20T18:30`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
