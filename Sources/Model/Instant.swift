import Foundation

/// A point in time, in whole milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// Written as RFC 3339 in UTC with exactly three fractional digits, so that equal instants have
/// equal bytes.
public struct Instant: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public let milliseconds: Int64

  /// Takes milliseconds since 1970-01-01T00:00:00Z.
  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Reads RFC 3339 (`2026-11-23T11:30:00Z`, up to nine fractional digits, `Z` or an offset).
  ///
  /// - Returns: `nil` for anything else, a date that does not exist included. Digits below a
  ///   millisecond are cut off.
  public init?(_ text: some StringProtocol) {
    var scanner = InstantScanner(Array(text.utf8))
    guard let milliseconds = scanner.read() else { return nil }
    self.milliseconds = milliseconds
  }

  /// `2026-11-23T11:30:00.000Z`.
  public var description: String {
    let (days, rest) = floorDivide(milliseconds, 86_400_000)
    let (year, month, day) = Self.civil(fromDays: days)
    let second = rest / 1000
    return "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))T\(pad(second / 3600, 2)):"
      + "\(pad(second / 60 % 60, 2)):\(pad(second % 60, 2)).\(pad(rest % 1000, 3))Z"
  }

  /// The date alone, `2026-11-23`.
  public var date: String { String(description.prefix(10)) }

  /// The instant so many milliseconds later.
  public func advanced(byMilliseconds interval: Int64) -> Instant {
    Instant(milliseconds: milliseconds + interval)
  }

  /// Milliseconds from `other` to this instant; negative when this one is earlier.
  public func milliseconds(since other: Instant) -> Int64 { milliseconds - other.milliseconds }

  /// Earlier comes first.
  public static func < (left: Instant, right: Instant) -> Bool {
    left.milliseconds < right.milliseconds
  }

  /// Days since 1970-01-01 of a date in the proleptic Gregorian calendar.
  static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let (era, yearOfEra) = floorDivide(shifted, 400)
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted + (shifted < 10 ? 3 : -9)
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }
}

extension Instant: Codable {
  /// Reads RFC 3339.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let instant = Instant(text) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "expected a time such as 2026-11-23T11:30:00.000Z"))
    }
    self = instant
  }

  /// Writes RFC 3339 in UTC with three fractional digits.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// Where the time comes from: handed down as a value, so that a decision can be replayed.
public struct TimeSource: Sendable {
  /// What the time rests on, in words for the evidence, such as `system clock`.
  public let name: String
  /// Reads the time now.
  public let now: @Sendable () -> Instant

  /// Names a source and gives its reading.
  public init(name: String, now: @escaping @Sendable () -> Instant) {
    self.name = name
    self.now = now
  }

  /// The machine's clock, which nobody vouches for.
  public static let system = TimeSource(name: "system clock") {
    Instant(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
  }

  /// A clock that stands still: for replays and tests.
  public static func fixed(_ instant: Instant) -> TimeSource {
    TimeSource(name: "given time") { instant }
  }
}

private func floorDivide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
  let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
  return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
}

private func pad(_ value: Int64, _ width: Int) -> String {
  let digits = String(value)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
