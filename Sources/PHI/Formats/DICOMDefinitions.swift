/// What DICOM's attributes hold by their definition (PS3.6, PS3.15 annex E).
enum DICOMDefinitions {
  static let kinds: [UInt32: PHIKind] = [
    0x0010_0010: .name, 0x0010_0020: .recordNumber, 0x0010_0030: .date, 0x0010_1000: .recordNumber,
    0x0010_1001: .name, 0x0010_1005: .name, 0x0010_1040: .address, 0x0010_1060: .name,
    0x0010_2154: .phone, 0x0010_2155: .phone, 0x0010_1090: .recordNumber, 0x0010_2297: .name,
    0x0008_0050: .recordNumber, 0x0008_0080: .facility, 0x0008_0081: .address, 0x0008_0090: .name,
    0x0008_0092: .address, 0x0008_0094: .phone, 0x0008_1010: .deviceNumber,
    0x0018_1000: .deviceNumber, 0x0018_1002: .deviceNumber, 0x0018_700a: .deviceNumber,
    0x0020_0010: .recordNumber, 0x0038_0010: .recordNumber, 0x0038_0060: .recordNumber,
    0x0040_1001: .recordNumber, 0x0032_1032: .name, 0x0040_2016: .otherNumber,
    0x0040_2017: .otherNumber, 0x0010_0050: .beneficiaryNumber, 0x0010_21f0: .otherNumber,
    0x0010_1080: .otherNumber, 0x0038_0300: .facility, 0x0038_0400: .facility,
    0x0040_0243: .facility, 0x0040_1010: .name, 0x0012_0040: .otherNumber,
    0x0012_0042: .otherNumber,
  ]
}

/// Signs in a DICOM header by which images are known that often have a patient's name, number or
/// date burned into their pixels, or show a face. They are words that the standard defines or that
/// devices write; none proves that something is burned in.
struct DICOMSignature: Sendable {
  let why: String
  private let tag: UInt32
  private let words: [String]

  /// Elements that signatures ask for.
  static let tags: Set<UInt32> = Set(all.map(\.tag))

  /// The first signature that a header's values show.
  static func match(_ values: [UInt32: String]) -> DICOMSignature? {
    // The device's own word stands above what its kind often does.
    if values[0x0028_0301] == "NO", values[0x0028_0302] != "YES" { return nil }
    return all.first { signature in
      guard let value = values[signature.tag] else { return false }
      return signature.words.contains { value.contains($0) }
    }
  }

  private static let all: [DICOMSignature] = [
    DICOMSignature(why: "the header says that text is burned in", tag: 0x0028_0301, words: ["YES"]),
    DICOMSignature(
      why: "the header says that a face can be recognised", tag: 0x0028_0302, words: ["YES"]),
    DICOMSignature(
      why: "an ultrasound, endoscope, microscope or photograph, which write the name on the image",
      tag: 0x0008_0060,
      words: ["US", "SC", "OT", "XC", "ES", "GM", "SM", "DOC", "IVUS", "ECG", "XA", "RF", "OP"]),
    DICOMSignature(
      why: "a screen or film that was taken up, a video, or a document inside",
      tag: 0x0008_0016,
      words: [
        "1.2.840.10008.5.1.4.1.1.7", "1.2.840.10008.5.1.4.1.1.6.1", "1.2.840.10008.5.1.4.1.1.3.1",
        "1.2.840.10008.5.1.4.1.1.77.1.", "1.2.840.10008.5.1.4.1.1.104.",
        "1.2.840.10008.5.1.4.1.1.12.77",
      ]),
    DICOMSignature(
      why: "made from a screen, a video, a film or a scan of paper", tag: 0x0008_0064,
      words: ["WSD", "DV", "SI", "DF", "SD", "DRW"]),
    DICOMSignature(
      why: "an image of a screen", tag: 0x0008_0008,
      words: ["SCREEN", "SECONDARY", "DOSE", "PROTOCOL", "REPORT", "CSA REPORT"]),
    DICOMSignature(
      why: "a series of screens or reports", tag: 0x0008_103e,
      words: [
        "SCREEN", "DOSE", "PROTOCOL", "REPORT", "SUMMARY", "SCOUT PAGE", "PATIENT INFO", "CAPTURE",
        "SCANNED", "WORKSHEET",
      ]),
    DICOMSignature(
      why: "a device that scans film or captures screens", tag: 0x0008_0070,
      words: [
        "LUMISYS", "VIDAR", "ICRCO", "HOWTEK", "ARRAY CORP", "PACSGEAR", "CODONICS", "TERARECON",
        "VITAL IMAGES", "SONOSITE", "ACUSON", "ESAOTE", "MINDRAY", "SAMSUNG MEDISON", "PENTAX",
        "OLYMPUS",
      ]),
    DICOMSignature(
      why: "a model whose images carry a line of text", tag: 0x0008_1090,
      words: [
        "LOGIQ", "VIVID", "VOLUSON", "IU22", "EPIQ", "AFFINITI", "HD11", "HDI 5000", "SEQUOIA",
        "ACUSON", "APLIO", "XARIO", "ARIETTA", "SONOS", "MYLAB", "DIGITIZER",
      ]),
    DICOMSignature(
      why: "a device that captures screens", tag: 0x0018_1016,
      words: ["PACSGEAR", "CODONICS", "TERARECON", "VITAL", "EPSON", "CANON", "XEROX"]),
  ]
}
