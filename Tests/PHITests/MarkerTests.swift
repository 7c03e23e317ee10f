import PHI
import Testing

@Suite("Marks of values")
struct MarkerTests {
  private let key = Array("a key of 26 bytes for tests".utf8)

  private func marks(_ text: String, _ key: [UInt8]) throws -> [String?] {
    let marker = try #require(PHIMarker(key: key))
    return PHIScanner.findings(in: Array(text.utf8), setting: .clinical, marker: marker)
      .map(\.mark)
  }

  @Test("HMAC-SHA-256 of the folded value, cut to 128 bits")
  func known() throws {
    // printf 412559081 | openssl dgst -sha256 -mac hmac -macopt hexkey:0b0b…0b (20 bytes)
    let marker = try #require(PHIMarker(key: [UInt8](repeating: 0x0b, count: 20)))
    #expect(
      marker.mark(.nationalNumber, Array("412-55-9081".utf8)) == "530894751ee4ad7bd60f61a4a3ceb333")
  }

  @Test("The same value has the same mark in another place and form, and with another key another")
  func same() throws {
    let first = try marks("SSN 412-55-9081", key)
    #expect(first.count == 1 && first[0]?.count == 32)
    #expect(try marks("number: 412-55-9081 of the patient", key) == first)
    #expect(try marks("SSN 412-55-9082", key) != first)
    #expect(try marks("SSN 412-55-9081", key.reversed()) != first)
    let marker = try #require(PHIMarker(key: key))
    #expect(
      marker.mark(.name, Array("OKAFOR^MARGARET".utf8))
        == marker.mark(.name, Array("Margaret Okafor".utf8)))
  }

  @Test("Fields and text of a file have marks, and without a key nothing has")
  func files() throws {
    let content = Array("mrn,patient_name\nMR00482913,Olga Kern\n".utf8)
    let marker = try #require(PHIMarker(key: key))
    let report = FileScan(marker: marker, today: "2026-11-23").scan(content, name: "a.csv")
    #expect(report.findings.count == 2 && report.findings.allSatisfy { $0.finding.mark != nil })
    let plain = FileScan(today: "2026-11-23").scan(content, name: "a.csv")
    #expect(plain.findings.allSatisfy { $0.finding.mark == nil })
    #expect(PHIMarker(key: [1, 2, 3]) == nil)
  }
}
