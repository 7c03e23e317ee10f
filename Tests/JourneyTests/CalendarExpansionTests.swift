import Compliance
import Foundation
import Model
import Testing

@testable import Journey

/// Clocks in Berlin are set forward on 2026-03-29 at 02:00 (01:00 UTC) and back on 2026-10-25 at
/// 03:00 (01:00 UTC); on Lord Howe Island by half an hour; Samoa left out 2011-12-30.
@Suite("Calendar expansion")
struct CalendarExpansionTests {
  private func rules(_ text: String) throws -> ExceptionRules {
    let policy = """
      policy: p
      version: "1"
      environments:
        e:
          required: [a]
          \(text)
      """
    return try #require(try Policy.read(Array(policy.utf8), file: "p").0.environments[0].exceptions)
  }

  private func instant(_ text: String) -> Instant { Instant(text) ?? Instant(milliseconds: 0) }

  private func spans(_ window: String, around time: String) throws -> [String] {
    let rules = try rules("windows: [{\(window)}]")
    return try CalendarExpansion(rules).calendar(around: instant(time)).windows[0]
      .map { "\($0.from.description.prefix(16)) \($0.to.description.prefix(16))" }
  }

  private func freeze(_ from: String, _ to: String, _ zone: String) throws -> String {
    let rules = try rules("freezes: [{from: \"\(from)\", to: \"\(to)\", zone: \(zone), reason: r}]")
    let span = try CalendarExpansion(rules).calendar(around: instant("2026-01-01T00:00:00Z"))
      .freezes[0]
    return "\(span.from.description.prefix(16)) \(span.to.description.prefix(16))"
  }

  @Test("a window follows the clocks of its zone over the year")
  func offsets() throws {
    let window = "days: [monday], from: \"09:00\", to: \"17:00\", zone: Europe/Berlin"
    #expect(
      try spans(window, around: "2026-03-23T12:00:00Z") == [
        "2026-03-23T08:00 2026-03-23T16:00", "2026-03-30T07:00 2026-03-30T15:00",
      ])
    #expect(
      try spans(window, around: "2026-10-19T12:00:00Z") == [
        "2026-10-19T07:00 2026-10-19T15:00", "2026-10-26T08:00 2026-10-26T16:00",
      ])
  }

  @Test("a window that begins in an hour that does not exist begins when it was skipped")
  func gap() throws {
    let time = "2026-03-28T12:00:00Z"
    #expect(
      try spans("days: [sunday], from: \"02:30\", to: \"05:00\", zone: Europe/Berlin", around: time)
        == ["2026-03-29T01:00 2026-03-29T03:00", "2026-04-05T00:30 2026-04-05T03:00"])
    // One that lies in that hour does not open at all.
    #expect(
      try spans("days: [sunday], from: \"02:10\", to: \"02:50\", zone: Europe/Berlin", around: time)
        == ["2026-04-05T00:10 2026-04-05T00:50"])
  }

  @Test("of an hour that comes twice a window takes as little as it may mean")
  func overlap() throws {
    let time = "2026-10-24T12:00:00Z"
    let first = try spans(
      "days: [sunday], from: \"02:15\", to: \"04:00\", zone: Europe/Berlin", around: time)
    #expect(first.first == "2026-10-25T01:15 2026-10-25T03:00")
    let second = try spans(
      "days: [sunday], from: \"00:30\", to: \"02:45\", zone: Europe/Berlin", around: time)
    #expect(second.first == "2026-10-24T22:30 2026-10-25T00:45")
  }

  @Test("a freeze takes as much of it as it may mean")
  func freezes() throws {
    #expect(
      try freeze("2026-10-25T02:15", "2026-10-25T02:45", "Europe/Berlin")
        == "2026-10-25T00:15 2026-10-25T01:45")
    #expect(
      try freeze("2026-03-29T02:10", "2026-03-29T02:50", "Europe/Berlin")
        == "2026-03-29T01:00 2026-03-29T01:00")
    #expect(
      try freeze("2026-12-20T18:00", "2027-01-04", "Europe/Berlin")
        == "2026-12-20T17:00 2027-01-03T23:00")
  }

  @Test("over midnight, over the end of the week, and to the end of the day")
  func midnight() throws {
    #expect(
      try spans(
        "days: [sunday], from: \"22:00\", to: \"04:00\", zone: UTC", around: "2026-06-01T02:00:00Z"
      )
      .first == "2026-05-31T22:00 2026-06-01T04:00")
    #expect(
      try spans(
        "days: [monday], from: \"20:00\", to: \"24:00\", zone: UTC", around: "2026-06-01T12:00:00Z"
      )
      .first == "2026-06-01T20:00 2026-06-02T00:00")
  }

  @Test("zones far from Greenwich, with half hours, and with a day left out")
  func zones() throws {
    #expect(
      try spans(
        "days: [monday], from: \"00:00\", to: \"01:00\", zone: Pacific/Kiritimati",
        around: "2026-05-31T10:30:00Z"
      ).first == "2026-05-31T10:00 2026-05-31T11:00")
    #expect(
      try spans(
        "days: [monday], from: \"23:00\", to: \"24:00\", zone: Pacific/Pago_Pago",
        around: "2026-06-02T10:30:00Z"
      ).first == "2026-06-02T10:00 2026-06-02T11:00")
    // Lord Howe: 2026-10-04 02:00 becomes 02:30.
    #expect(
      try freeze("2026-10-04T02:10", "2026-10-04T02:40", "Australia/Lord_Howe")
        == "2026-10-03T15:30 2026-10-03T15:40")
    // 2011-12-30 never was in Samoa.
    #expect(
      try freeze("2011-12-30T06:00", "2011-12-31T06:00", "Pacific/Apia")
        == "2011-12-30T10:00 2011-12-30T16:00")
  }

  @Test(
    "every instant of a year opens or not as the wall clock says, but for hours set forward or back"
  )
  func wallClock() throws {
    let rules = try rules(
      "windows: [{days: [tuesday, thursday], from: \"09:30\", to: \"16:00\", zone: America/New_York}]"
    )
    let expansion = try CalendarExpansion(rules)
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "America/New_York"))
    for step in 0..<2_000 {
      let time = instant("2026-01-01T00:07:00Z").advanced(byMilliseconds: Int64(step) * 15_780_000)
      let date = Date(timeIntervalSince1970: TimeInterval(time.milliseconds / 1000))
      let parts = calendar.dateComponents([.weekday, .hour, .minute], from: date)
      let minute = (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
      let isOpen = [3, 5].contains(parts.weekday ?? 0) && minute >= 570 && minute < 960
      let found = try expansion.calendar(around: time).windows[0].contains { $0.contains(time) }
      #expect(found == isOpen, "\(time)")
    }
  }

  @Test(
    "a zone that this machine does not know is refused, abbreviations too",
    arguments: ["Europe/Berlln", "CEST", "GMT+2", "utc", "EST5EDT4"])
  func unknown(zone: String) throws {
    let rules = try rules(
      "windows: [{days: [monday], from: \"09:00\", to: \"10:00\", zone: \(zone)}]")
    let problem = #expect(throws: Problem.self) { try CalendarExpansion(rules) }
    #expect(problem?.code == .badInput && problem?.message.contains(zone) == true)
  }
}
