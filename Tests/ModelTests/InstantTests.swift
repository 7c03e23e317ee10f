import Model
import Testing

@Suite("Instant")
struct InstantTests {
  @Test(
    "writes one form",
    arguments: [
      ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z", Int64(0)),
      ("2026-11-23T11:30:00.1234+01:00", "2026-11-23T10:30:00.123Z", 1_795_429_800_123),
      ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z", -1),
      ("2024-02-29T12:00:00z", "2024-02-29T12:00:00.000Z", 1_709_208_000_000),
      ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z", -62_135_596_800_000),
    ])
  func readsAndWrites(text: String, canonical: String, milliseconds: Int64) throws {
    let instant = try #require(Instant(text))
    #expect(instant.milliseconds == milliseconds)
    #expect(instant.description == canonical)
    #expect(Instant(canonical) == instant)
  }

  @Test(
    "refuses what is no time",
    arguments: [
      "", "2026-11-23", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-23T24:00:00Z",
      "2026-11-23T11:30:00", "2026-11-23T11:30:00.Z", "2026-11-23T11:30:00Z ",
      "2026-11-23T11:30:00.1234567890Z", "٢٠٢٦-11-23T11:30:00Z",
    ])
  func refuses(text: String) { #expect(Instant(text) == nil) }

  @Test("every day of four centuries reads back")
  func everyDay() {
    for day in stride(from: Int64(-146_097), through: 146_097, by: 1) {
      let instant = Instant(milliseconds: day * 86_400_000 + 1)
      if Instant(instant.description) != instant { Issue.record("\(instant)") }
    }
  }
}
