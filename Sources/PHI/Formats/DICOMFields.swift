/// What DICOM's attributes hold by their definition (PS3.6, PS3.15 annex E).
enum DICOMDefinitions {
  static let kinds: [UInt32: PHIKind] = [
    0x0010_0010: .name, 0x0010_0020: .recordNumber, 0x0010_0030: .date, 0x0010_1000: .recordNumber,
    0x0010_1001: .name, 0x0010_1005: .name, 0x0010_1040: .address, 0x0010_1060: .name,
    0x0010_2154: .phone, 0x0010_2155: .phone, 0x0010_1090: .recordNumber, 0x0010_2297: .name,
    0x0008_0050: .recordNumber, 0x0008_0080: .facility, 0x0008_0081: .address, 0x0008_0090: .name,
    0x0008_0092: .address, 0x0008_0094: .phone, 0x0008_1010: .deviceNumber,
    0x0018_1000: .deviceNumber,
    0x0018_700a: .deviceNumber, 0x0020_0010: .recordNumber, 0x0038_0010: .recordNumber,
    0x0040_1001: .recordNumber, 0x0032_1032: .name, 0x0040_2016: .otherNumber,
    0x0040_2017: .otherNumber,
    0x0010_0050: .beneficiaryNumber, 0x0038_0060: .recordNumber, 0x0010_21f0: .otherNumber,
  ]
  /// Modalities whose images often carry burned-in text or show a face.
  static let risky: Set<String> = ["US", "SC", "OT", "XC", "ES", "GM", "SM", "DOC"]
}

extension ContentScan {
  func dicom(_ content: [UInt8]) throws {
    var reader = DICOMReader(content)
    var scan = FieldScan(file: file, prefix: prefix, setting: .clinical, content: [])
    var modality = ""
    var burnedIn = ""
    var pixels: Int?
    // What was read before a fault was found is looked at all the same.
    defer {
      if let pixels,
        burnedIn == "YES" || burnedIn != "NO" && DICOMDefinitions.risky.contains(modality)
      {
        scan.defined("(7fe0,0010)", .image, Array("image".utf8), at: pixels, length: 1)
      }
      take(scan.hits)
    }
    try reader.walk { element in
      let value = element.value.filter { $0 != 0 }
      let text = String(decoding: value.filter { $0 > 0x20 }, as: UTF8.self)
      if element.tag == 0x0008_0060 { modality = text }
      if element.tag == 0x0028_0301 { burnedIn = text }
      if element.tag == 0x7fe0_0010 { pixels = element.start }
      if let kind = DICOMDefinitions.kinds[element.tag] {
        return scan.defined(element.place, kind, value, at: element.start, length: element.length)
      }
      switch element.representation {
      case "PN":
        scan.defined(element.place, .name, value, at: element.start, length: element.length)
      case "DA", "DT":
        scan.defined(element.place, .date, value, at: element.start, length: element.length)
      case "AS":
        if let years = Int(text.filter(\.isNumber)), years >= 90, text.hasSuffix("Y") {
          scan.defined(element.place, .age, value, at: element.start, length: element.length)
        }
      case "UI", "OW", "OF", "OD", "OL", "US", "SS", "UL", "SL", "FL", "FD", "AT", "DS", "IS", "CS",
        "TM", "SQ":
        break
      default:
        // Private elements and those of unknown form: what can be read in them.
        let readable = value.allSatisfy {
          $0 >= 0x20 && $0 != 0x7f || [0x0a, 0x0d, 0x09, 0x0c].contains($0)
        }
        guard readable, value.count > 2, element.tag >> 16 != 2 else { return }
        // In files without forms: names and dates are told by their own form.
        let isFormless = element.tag >> 16 & 1 == 1 || element.representation.isEmpty
        if isFormless, HL7Time.isDay(value[...]) {
          return scan.defined(
            element.place, .date, value, at: element.start, length: element.length)
        }
        if isFormless, value.contains(0x5e), value.contains(where: { Checks.isLetter($0 & 0xdf) }) {
          return scan.defined(
            element.place, .name, value, at: element.start, length: element.length)
        }
        scan.text(
          element.place, "", value.map { $0 == 0x5e ? 0x20 : $0 }, at: element.start,
          length: element.length)
      }
    }
  }
}
