import Model
import Testing

@testable import Advisories

@Suite("CVSS vectors")
struct CVSSVectorTests {
  @Test(
    "Scores that others publish",
    arguments: [
      ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 98, Severity.critical),
      ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 100, .critical),
      ("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 61, .medium),
      ("CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:H", 55, .medium),
      ("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:H/I:N/A:N/E:P/RL:O", 53, .medium),
      ("CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N", 16, .low),
      ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0, .none),
      ("CVSS:3.1/AV:A/AC:H/PR:L/UI:N/S:C/C:H/I:H/A:H", 80, .high),
      ("AV:N/AC:L/Au:N/C:N/I:N/A:C", 78, .high), ("AV:N/AC:L/Au:N/C:C/I:C/A:C", 100, .high),
      ("AV:L/AC:H/Au:N/C:C/I:C/A:C", 62, .medium),
    ])
  func scores(text: String, tenths: Int, severity: Severity) {
    #expect(CVSSVector(text)?.baseTenths == tenths)
    #expect(CVSSVector(text)?.severity == severity)
  }

  @Test("A vector of version 4 is kept and not scored: its severity is unknown")
  func versionFour() {
    let text = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"
    let rating = StatedSeverity(vectors: [text]).rating
    #expect(rating.severity == .unknown && rating.cvssTenths == nil && rating.vector == text)
    #expect(StatedSeverity(vectors: [text], word: .high).rating.severity == .high)
  }

  @Test(
    "What is no vector has no score",
    arguments: [
      "", "CVSS:3.1", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H", "CVSS:3.1/AV:X/AC:L",
      "AV:N/AV:N/AC:L/Au:N/C:C/I:C/A:C", "AV:N/AC:L/Au:N/C:C/I:C/A",
    ])
  func bad(text: String) { #expect(CVSSVector(text) == nil) }
}
