public import Compliance
import Foundation
public import Model

/// Turns freezes and change windows, which policies say in local time, into instants.
///
/// Where clocks are set forward an hour does not exist, and where they are set back one comes twice.
/// A freeze is then taken as long as it may be meant, a window as short.
public struct CalendarExpansion: Sendable {
  private let rules: ExceptionRules

  /// What is expanded around the time that is judged, in milliseconds: an hour before, and enough
  /// after it for every weekly window to open once more.
  private static let before: Int64 = 3_600_000
  private static let after: Int64 = 9 * 86_400_000

  /// Takes the rules of an environment.
  ///
  /// - Throws: `Problem` with `badInput` for a time zone that this machine does not know.
  public init(_ rules: ExceptionRules) throws {
    self.rules = rules
    for zone in rules.freezes.map(\.zone) + rules.windows.map(\.zone) {
      _ = try LocalClock(zone)
    }
  }

  /// The calendar around a time.
  ///
  /// - Throws: `Problem` with `badInput` for a time zone that this machine does not know.
  public func calendar(around time: Instant) throws -> GateCalendar {
    let covered = GateCalendar.Span(
      from: time.advanced(byMilliseconds: -Self.before),
      to: time.advanced(byMilliseconds: Self.after))
    return GateCalendar(
      covered: covered,
      freezes: try rules.freezes.map { freeze in
        let clock = try LocalClock(freeze.zone)
        return .init(
          from: clock.earliest(day: Self.day(of: freeze.from), minute: freeze.from.minute),
          to: clock.latest(day: Self.day(of: freeze.to), minute: freeze.to.minute))
      },
      windows: try rules.windows.map { try spans($0, in: covered) })
  }

  private static func day(of moment: LocalMoment) -> Int64 {
    LocalClock.day(year: moment.year, month: moment.month, day: moment.day)
  }

  private func spans(
    _ window: ExceptionRules.Window, in covered: GateCalendar.Span
  ) throws -> [GateCalendar.Span] {
    let clock = try LocalClock(window.zone)
    let first = covered.from.milliseconds / 86_400_000 - 2
    let last = covered.to.milliseconds / 86_400_000 + 2
    return (first...last).compactMap { day in
      guard window.days.contains(LocalClock.weekday(of: day)) else { return nil }
      let span = GateCalendar.Span(
        from: clock.latest(day: day, minute: window.from),
        to: clock.earliest(day: window.to > window.from ? day : day + 1, minute: window.to))
      // An hour that does not exist may leave nothing of a short window.
      return span.from < span.to && span.to > covered.from && span.from < covered.to ? span : nil
    }
  }
}

/// What clocks show in a time zone.
struct LocalClock: Sendable {
  private let zone: TimeZone

  /// - Throws: `Problem` with `badInput` for a zone that this machine does not know.
  init(_ name: String) throws {
    // Foundation also takes abbreviations and offsets; a policy names a place, or UTC.
    guard name == "UTC" || TimeZone.knownTimeZoneIdentifiers.contains(name),
      let zone = TimeZone(identifier: name)
    else {
      throw Problem(
        .badInput, "this machine knows no time zone \"\(name)\"",
        advice: "Name one of the IANA database, such as Europe/Berlin, or UTC.")
    }
    self.zone = zone
  }

  /// The first instant at which clocks show a minute of a day, or the one at which they pass it.
  func earliest(day: Int64, minute: Int) -> Instant {
    let candidates = instants(day: day, minute: minute)
    return candidates.min() ?? passing(day: day, minute: minute)
  }

  /// The last instant at which clocks show a minute of a day, or the one at which they pass it.
  func latest(day: Int64, minute: Int) -> Instant {
    let candidates = instants(day: day, minute: minute)
    return candidates.max() ?? passing(day: day, minute: minute)
  }

  /// All instants at which clocks show it: none, one or two.
  private func instants(day: Int64, minute: Int) -> [Instant] {
    let shown = Self.seconds(day, minute)
    let offsets = Set([-86_400, 0, 86_400].map { offset(at: shown + $0) })
    return offsets.filter { offset(at: shown - $0) == $0 }
      .map { Instant(milliseconds: (shown - $0) * 1000) }
  }

  /// The instant at which clocks are set over a minute that they never show.
  private func passing(day: Int64, minute: Int) -> Instant {
    let shown = Self.seconds(day, minute)
    var (low, high) = (shown - 2 * 86_400, shown + 2 * 86_400)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if middle + offset(at: middle) > shown { high = middle } else { low = middle }
    }
    return Instant(milliseconds: high * 1000)
  }

  private func offset(at second: Int64) -> Int64 {
    Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(second))))
  }

  private static func seconds(_ day: Int64, _ minute: Int) -> Int64 {
    day * 86_400 + Int64(minute) * 60
  }

  /// Days from 1970-01-01 to a date.
  static func day(year: Int, month: Int, day: Int) -> Int64 {
    func text(_ number: Int, _ width: Int) -> String {
      String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
    }
    let date = "\(text(year, 4))-\(text(month, 2))-\(text(day, 2))T00:00:00Z"
    return (Instant(date)?.milliseconds ?? 0) / 86_400_000
  }

  /// The day of the week; 1970-01-01 was a Thursday.
  static func weekday(of day: Int64) -> Weekday {
    Weekday.allCases[Int(((day + 3) % 7 + 7) % 7)]
  }
}
