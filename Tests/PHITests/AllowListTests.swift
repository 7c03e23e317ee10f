import PHI
import Testing

@Suite("Excuses")
struct AllowListTests {
  private let content = Array("mrn: 00482913\n".utf8)

  private func report(_ yaml: String, today: String) throws -> PHIReport {
    FileScan(allowList: try AllowList(yaml: Array(yaml.utf8)), today: today)
      .scan(content, name: "tests/fixtures/a.txt")
  }

  @Test("An excuse holds to its last day, and for its path and kind only")
  func expiry() throws {
    let entry =
      "allow:\n- path: fixtures/a.txt\n  type: record-number\n  reason: made up\n  expires: 2027-01-31\n"
    let held = try report(entry, today: "2027-01-31")
    #expect(held.findings.isEmpty)
    #expect(held.excused.map(\.reason) == ["made up"])
    #expect(try report(entry, today: "2027-02-01").findings.count == 1)
    let other = entry.replacing("record-number", with: "name")
    #expect(try report(other, today: "2026-01-01").findings.count == 1)
    let elsewhere = entry.replacing("fixtures/a", with: "res/a")
    #expect(try report(elsewhere, today: "2026-01-01").findings.count == 1)
  }

  @Test(
    "An excuse needs a reason and a day",
    arguments: ["reason: made up", "expires: 2027-01-31", "expires: soon\n  reason: x"])
  func complete(rest: String) {
    #expect(throws: (any Error).self) {
      try AllowList(yaml: Array("allow:\n- path: a\n  \(rest)\n".utf8))
    }
  }
}

@Suite("The line protocol")
struct LineProtocolTests {
  @Test("Answers with bytes of the text, and refuses what is no question")
  func answers() throws {
    let answer = try LineProtocol.answer(
      Array("{\"id\": 7, \"text\": \"Für Fr. Öztürk: MRN 00482913\"}".utf8))
    let text = String(decoding: answer, as: UTF8.self)
    #expect(text.contains("\"id\":7"))
    #expect(text.contains("\"end\":31") && text.contains("\"start\":23"), "\(text)")
    #expect(!text.contains("00482913"))
    #expect(throws: (any Error).self) { try LineProtocol.answer(Array("{\"id\": 7}".utf8)) }
  }
}
