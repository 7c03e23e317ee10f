/// A moment from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z.
public struct CELTimestamp: Sendable, Hashable, Comparable {
  /// Seconds since 1970-01-01T00:00:00Z.
  public let seconds: Int64
  /// Nanoseconds after that second, 0 to 999,999,999.
  public let nanoseconds: Int

  /// The seconds that are in range.
  public static let range: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

  /// A moment; nil when it is out of range.
  public init?(seconds: Int64, nanoseconds: Int = 0) {
    guard CELTimestamp.range.contains(seconds), (0..<1_000_000_000).contains(nanoseconds) else {
      return nil
    }
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  /// Earlier before later.
  public static func < (left: CELTimestamp, right: CELTimestamp) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }

  /// A moment later by a length of time; nil when that is out of range.
  func adding(_ duration: CELDuration) -> CELTimestamp? {
    var whole = seconds + duration.nanoseconds / 1_000_000_000
    var rest = nanoseconds + Int(duration.nanoseconds % 1_000_000_000)
    if rest < 0 {
      rest += 1_000_000_000
      whole -= 1
    } else if rest >= 1_000_000_000 {
      rest -= 1_000_000_000
      whole += 1
    }
    return CELTimestamp(seconds: whole, nanoseconds: rest)
  }

  /// The time from another moment to this one; nil when that does not fit.
  func since(_ other: CELTimestamp) -> CELDuration? {
    CELDuration(
      seconds: seconds - other.seconds, nanoseconds: Int64(nanoseconds - other.nanoseconds))
  }

  /// In the form of RFC 3339, in UTC, with as many digits of fraction as are needed.
  public var text: String {
    let civil = Civil(seconds: seconds)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let year = String(repeating: "0", count: 4 - "\(civil.year)".utf8.count) + "\(civil.year)"
    return "\(year)-\(two(civil.month))-\(two(civil.day))T\(two(civil.hour)):\(two(civil.minute))"
      + ":\(two(civil.second))\(Fraction.text(nanoseconds))Z"
  }

  /// From a text in the form of RFC 3339; nil when it is not one or is out of range.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes.count <= 64 else { return nil }
    func number(_ range: Range<Int>) -> Int? {
      var value = 0
      for byte in bytes[range] {
        guard byte >= 0x30, byte <= 0x39 else { return nil }
        value = value * 10 + Int(byte - 0x30)
      }
      return value
    }
    func isAt(_ place: Int, _ mark: Character) -> Bool { bytes[place] == mark.asciiValue }
    guard isAt(4, "-"), isAt(7, "-"), isAt(10, "T") || isAt(10, "t"), isAt(13, ":"), isAt(16, ":"),
      let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
      (1...12).contains(month), (1...Civil.days(year: year, month: month)).contains(day),
      hour < 24, minute < 60, second < 60
    else { return nil }
    var place = 19
    var nanoseconds = 0
    if isAt(place, ".") {
      let digits = bytes[(place + 1)...].prefix { $0 >= 0x30 && $0 <= 0x39 }
      guard !digits.isEmpty else { return nil }
      place = digits.endIndex
      for index in 0..<9 {
        let digit = index < digits.count ? Int(digits[digits.startIndex + index] - 0x30) : 0
        nanoseconds = nanoseconds * 10 + digit
      }
    }
    guard place < bytes.count else { return nil }
    var offset = 0
    if isAt(place, "Z") || isAt(place, "z") {
      guard place + 1 == bytes.count else { return nil }
    } else {
      guard isAt(place, "+") || isAt(place, "-"), place + 6 == bytes.count, isAt(place + 3, ":"),
        let hours = number((place + 1)..<(place + 3)),
        let minutes = number((place + 4)..<(place + 6)),
        hours < 24, minutes < 60
      else { return nil }
      offset = (hours * 60 + minutes) * 60 * (isAt(place, "-") ? -1 : 1)
    }
    let days = Civil.dayNumber(year: year, month: month, day: day)
    let clock = (hour * 60 + minute) * 60 + second
    self.init(seconds: Int64(days) * 86_400 + Int64(clock - offset), nanoseconds: nanoseconds)
  }
}

/// A date and a time of day in the proleptic Gregorian calendar.
struct Civil {
  let year: Int
  let month: Int
  let day: Int
  let hour: Int
  let minute: Int
  let second: Int
  /// From 0 for 1 January.
  let dayOfYear: Int
  /// From 0 for Sunday.
  let dayOfWeek: Int

  /// The date of a count of seconds since 1970.
  init(seconds: Int64) {
    let total = Int(seconds)
    let days = total >= 0 ? total / 86_400 : (total - 86_399) / 86_400
    let clock = total - days * 86_400
    // Days since 0000-03-01, in eras of 400 years that are all of the same length.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let marchDay = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * marchDay + 2) / 153
    day = marchDay - (153 * marchMonth + 2) / 5 + 1
    month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    hour = clock / 3_600
    minute = clock / 60 % 60
    second = clock % 60
    dayOfYear = days - Civil.dayNumber(year: year, month: 1, day: 1)
    dayOfWeek = ((days + 4) % 7 + 7) % 7
  }

  /// Days since 1970-01-01.
  static func dayNumber(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let marchMonth = month > 2 ? month - 3 : month + 9
    let marchDay = (153 * marchMonth + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + marchDay - 719_468
  }

  /// How many days a month has.
  static func days(year: Int, month: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
