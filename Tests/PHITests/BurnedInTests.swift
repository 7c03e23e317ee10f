import PHI
import Testing

@Suite("Text that may be burned into images")
struct BurnedInTests {
  private func kinds(_ elements: [[UInt8]]) -> [PHIKind] {
    FileScan(today: "2026-11-23")
      .scan(DICOMSample.file(elements + [DICOMSample.pixels]), name: "-").findings
      .map(\.finding.type)
  }

  @Test(
    "Signs of devices and of what they write",
    arguments: [
      (0x0028, 0x0301, "CS", "YES"), (0x0028, 0x0302, "CS", "YES"), (0x0008, 0x0060, "CS", "US"),
      (0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.7"), (0x0008, 0x0064, "CS", "WSD"),
      (0x0008, 0x0008, "CS", "DERIVED\\SECONDARY"), (0x0008, 0x103e, "LO", "Dose Report"),
      (0x0008, 0x0070, "LO", "Lumisys"), (0x0008, 0x1090, "LO", "LOGIQ E9"),
      (0x0018, 0x1016, "LO", "PacsGear"),
    ])
  func signs(group: Int, element: Int, form: String, value: String) {
    #expect(kinds([DICOMSample.text(group, element, form, value)]) == [.image])
  }

  @Test("An image of no such sort, or one whose device says that nothing is burned in")
  func clean() {
    #expect(kinds([DICOMSample.text(0x0008, 0x0060, "CS", "MR")]) == [])
    let header = DICOMSample.text(0x0008, 0x0060, "CS", "US")
    #expect(kinds([header, DICOMSample.text(0x0028, 0x0301, "CS", "NO")]) == [])
  }
}
