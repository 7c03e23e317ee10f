import TestKit
import Testing

@testable import PHI

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
    #expect(refusals([0x28, 0xb5, 0x2f, 0xfd, 0, 0]) == ["the compressed content is cut off"])
    let gzip = Packed.gzip(Array(repeating: 0x61, count: 1000))
    #expect(refusals(Array(gzip.prefix(500))) == ["the compressed content is cut off"])
    #expect(
      refusals(Array(Packed.tar("a", Array(repeating: 0x61, count: 1000)).prefix(900))) == [
        "the archive is cut off"
      ])
    #expect(refusals(Array(Packed.zip("a", [1, 2, 3]).dropLast(30))).count == 1)
  }

  @Test("What expands too far, alone and within another")
  func bombs() {
    let reason =
      "it expands to more than 200 times its size, which is taken for an attack; expand it first"
    let zeros = [UInt8](repeating: 0x61, count: 3 << 20)
    func refusals(_ content: [UInt8]) -> [String] {
      var scan = FileScan(today: "2026-11-23")
      scan.expandedLimit = 1 << 20
      return scan.scan(content, name: "-").refused.map(\.reason)
    }
    for bomb in [Packed.zstd(zeros), Packed.bzip2(zeros)] {
      #expect(refusals(bomb).contains(reason))
      #expect(refusals(Packed.tar("a", bomb)).contains(reason))
    }
    let zip = Packed.zip("a", Packed.deflated(zeros), method: 8)
    #expect(refusals(zip).contains(reason))
  }

  @Test("DICOM with sequences in sequences without end, and pixels whose pieces lie")
  func nestedDICOM() {
    var element: [UInt8] = []
    for _ in 0..<60 { element = DICOMSample.sequence(0x0040, 0x0275, [element]) }
    #expect(
      refusals(DICOMSample.file([element])) == ["DICOM sequences nested deeper than 32"])
    var pixels = DICOMSample.pixels
    pixels.replaceSubrange(24..<28, with: [0xff, 0xff, 0xff, 0x7f])
    #expect(refusals(DICOMSample.file([pixels])).count == 1)
  }

  @Test(
    "Forms that are not read are named",
    arguments: [
      ("%PDF-1.7\n", "PDF"), ("7z\u{bc}", ""), ("Rar!\u{1a}\u{7}\u{1}", "RAR"),
      ("SQLite format 3\0", "a database of SQLite"), ("PAR1xxxx", "Parquet"),
      ("Salted__12345678", "what OpenSSL encrypted"), ("LZIP\u{1}", "lzip"),
    ])
  func named(head: String, name: String) {
    let reasons = refusals(Array(head.utf8))
    if name.isEmpty {
      #expect(refusals([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4]) == ["7z is not read"])
    } else {
      #expect(reasons.count == 1 && reasons[0].hasPrefix("\(name) is not read"), "\(reasons)")
    }
  }

  @Test("Locked members, and sizes that lie")
  func lyingArchives() {
    let locked = Packed.zip("a", [1, 2, 3], flags: 1)
    #expect(refusals(locked) == ["it is locked with a password"])
    var tar = Packed.tar("a", [0x61])
    tar.replaceSubrange(124..<135, with: Array("77777777777".utf8))
    #expect(refusals(tar) == ["the archive is cut off"])
    var zip = Packed.zip("a", [1, 2, 3])
    let directory = zip.count - 22 - 47
    zip.replaceSubrange(directory + 20..<directory + 24, with: [0xff, 0xff, 0xff, 0x7f])
    #expect(refusals(zip).count == 1)
    #expect(refusals(Array("!<arch>\n".utf8) + [UInt8](repeating: 0x20, count: 60)).count == 1)
  }

  @Test("HTML and brackets that only look like deep nesting are read")
  func notDeep() {
    let html = "<html>" + String(repeating: "<p>text<br>", count: 5000)
    #expect(refusals(Array(html.utf8)).isEmpty)
    #expect(refusals(Array(String(repeating: "[x ", count: 5000).utf8)).isEmpty)
  }
}
