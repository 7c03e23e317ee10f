import PHI
import TestKit
import Testing

@Suite("Planted values")
struct PlantedTests {
  /// What is known not to be found: the form and the value. It stands in docs/phi.md too.
  private static let knownMisses: Set<String> = []

  @Test("A known value in each place that a format allows is found")
  func planted() {
    var misses: [String] = []
    for form in PlantedForm.all {
      for planted in Planted.all {
        let content = form.make(planted)
        let without = form.make(Planted(name: "", value: "x", field: planted.field))
        let report = FileScan(today: "2026-11-23").scan(content, name: "-")
        let empty = FileScan(today: "2026-11-23").scan(without, name: "-")
        #expect(report.refused.isEmpty, "\(form.name): \(report.refused)")
        // One find more than without it, or one at its very place.
        if report.findings.count <= empty.findings.count {
          misses.append("\(form.name): \(planted.name)")
        }
      }
    }
    #expect(Set(misses).symmetricDifference(Self.knownMisses).isEmpty, "\(misses.sorted())")
  }

  @Test("File names are looked at")
  func fileNames() {
    let report = FileScan(today: "2026-11-23").scan([], name: "out/patient_mrn_00482913.txt")
    #expect(report.findings.map(\.place) == ["name"])
  }

  @Test("Mutated contents end no scan", arguments: 0..<6)
  func mutated(seed: Int) {
    var random = Seeded(seed: UInt64(seed))
    for form in PlantedForm.all {
      guard let planted = Planted.all.randomElement(using: &random) else { continue }
      var content = form.make(planted)
      for _ in 0..<8 {
        content = random.mutated(content)
        let report = FileScan(today: "2026-11-23").scan(content, name: "-")
        #expect(report.files == 1)
      }
    }
  }
}

@Suite("Hostile contents are refused by name")
struct HostileTests {
  private func refusals(_ content: [UInt8]) -> [String] {
    FileScan(today: "2026-11-23").scan(content, name: "-").refused.map(\.reason)
  }

  @Test("DICOM that says it is longer than it is")
  func lyingLength() {
    var element = DICOMSample.text(0x0010, 0x0010, "UT", "Okafor^Margaret")
    element.replaceSubrange(8..<12, with: [0xff, 0xff, 0xff, 0x7f])
    #expect(
      refusals(DICOMSample.file([element])) == [
        "(0010,0010) says that it has 2147483647 bytes, more than there are"
      ])
  }

  @Test("JSON and XML that are too deep")
  func deep() {
    let json = "{\"resourceType\":\"Patient\",\"a\":" + String(repeating: "[", count: 100_000)
    #expect(refusals(Array(json.utf8)) == ["nested deeper than 128 levels"])
    let xml = "<a xmlns=\"urn:hl7-org:v3\">" + String(repeating: "<b>", count: 100_000)
    #expect(refusals(Array(xml.utf8)) == ["nested deeper than 128 levels"])
  }

  @Test("HL7 whose separators are the same sign")
  func separators() {
    #expect(refusals(Array("MSH||||A|B|C|D|20240502\rPID|1\r".utf8)).count == 1)
    #expect(refusals(Array("MSH|^^^^|A|B|C|D|20240502\rPID|1\r".utf8)).count == 1)
  }

  @Test("Archives in archives in archives")
  func nesting() {
    var content = Array("text".utf8)
    for _ in 0..<9 { content = Packed.tar("inner.tar", content) }
    #expect(refusals(content) == ["archives stand in one another deeper than 5"])
  }

  @Test("Archives that are cut off, locked or of a form that is not read")
  func damaged() {
    #expect(refusals([0x28, 0xb5, 0x2f, 0xfd, 0, 0]) == ["zstd is not read; expand it first"])
    let gzip = Packed.gzip(Array(repeating: 0x61, count: 1000))
    #expect(refusals(Array(gzip.prefix(500))) == ["the compressed content is cut off"])
    #expect(
      refusals(Array(Packed.tar("a", Array(repeating: 0x61, count: 1000)).prefix(900))) == [
        "the archive is cut off"
      ])
    #expect(refusals(Array(Packed.zip("a", [1, 2, 3]).dropLast(30))).count == 1)
  }
}

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
