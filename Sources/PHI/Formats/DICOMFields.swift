import Reading

extension ContentScan {
  /// Looks at a DICOM file's elements.
  func dicom(_ content: [UInt8], isBeginning: Bool = false) throws {
    var look = DICOMLook(
      scan: FieldScan(
        file: file, prefix: prefix, setting: .clinical, marker: log.marker))
    var reader = DICOMReader(content, isBeginning: isBeginning)
    // What was read before a fault was found is looked at all the same.
    defer {
      look.end()
      take(look.scan.hits)
      for (place, document) in look.documents { nested(place, document, setting: .clinical) }
    }
    try reader.walk { look.take($0) }
    if isBeginning, !reader.hasPixels {
      throw ReadingError(
        "it has more than \(Self.wholeLimit >> 20) MiB before its image, which is the most")
    }
  }

  /// Looks at a DICOM file that is larger than what is held: its elements up to the image.
  func largeDICOM(_ beginning: [UInt8]) throws {
    try dicom(beginning, isBeginning: true)
    refuse("what stands behind the image of a DICOM file of this size is not looked at")
  }
}

/// Looks at DICOM's elements one by one.
struct DICOMLook {
  private(set) var scan: FieldScan
  private(set) var documents: [(String, [UInt8])] = []
  /// What signatures of devices ask for.
  private var values: [UInt32: String] = [:]
  private var pixels: Int?

  init(scan: FieldScan) { self.scan = scan }

  /// Ends the file: says whether the image may have something burned in.
  mutating func end() {
    guard let pixels, DICOMSignature.match(values) != nil else { return }
    scan.defined("(7fe0,0010)", .image, Array("image".utf8), at: pixels, length: 1)
  }

  private static let numbers: Set<String> = [
    "UI", "OF", "OD", "OL", "US", "SS", "UL", "SL", "FL", "FD", "AT", "DS", "IS", "TM", "SQ", "OV",
    "SV", "UV",
  ]

  mutating func take(_ element: DICOMReader.Element) {
    let tag = element.tag
    if tag == 0x7fe0_0010 {
      pixels = element.start
      return
    }
    let value = element.value.filter { $0 != 0 }
    if DICOMSignature.tags.contains(tag), values[tag] == nil {
      let text = String(decoding: value, as: UTF8.self).uppercased()
      values[tag] = text.split(separator: " ").joined(separator: " ")
    }
    // A document inside.
    if tag == 0x0042_0011 {
      documents.append((element.place, element.value))
      return
    }
    if let kind = DICOMDefinitions.kinds[tag] { return defined(kind, element, value) }
    let isPrivate = tag >> 16 & 1 == 1
    switch element.representation {
    case "PN": defined(.name, element, value)
    case "DA", "DT": defined(.date, element, value)
    case "AS":
      let text = String(decoding: value, as: UTF8.self)
      if let years = Int(text.filter(\.isNumber)), years >= 90, text.contains("Y") {
        defined(.age, element, value)
      }
    case "CS" where !isPrivate: break
    case "IS", "DS":
      // A device's own number may be a patient's.
      if isPrivate { text(element, value) }
    case let form where Self.numbers.contains(form): break
    case "OB", "OW": if isPrivate || tag >> 16 == 0x60 { binary(element) }
    default: unknown(element, value, isPrivate)
    }
  }

  private mutating func defined(_ kind: PHIKind, _ element: DICOMReader.Element, _ value: [UInt8]) {
    scan.defined(element.place, kind, value, at: element.start, length: element.length)
  }

  private mutating func text(_ element: DICOMReader.Element, _ value: [UInt8]) {
    scan.text(
      element.place, "", value.map { $0 == 0x5e ? 0x20 : $0 }, at: element.start,
      length: element.length)
  }

  /// Private elements and those of unknown form: what can be read in them.
  private mutating func unknown(
    _ element: DICOMReader.Element, _ value: [UInt8], _ isPrivate: Bool
  ) {
    guard value.count > 1, element.tag >> 16 != 2 else { return }
    guard Self.isReadable(value) else { return binary(element) }
    if let content = EncodedText.document(in: value) {
      documents.append((element.place, content))
      return
    }
    // In files without forms: names and dates are told by their own form.
    if isPrivate || element.representation.isEmpty {
      if HL7Time.isDay(value) { return defined(.date, element, value) }
      if value.contains(0x5e), value.contains(where: { Checks.isLetter($0 & 0xdf) }) {
        return defined(.name, element, value)
      }
    }
    text(element, value)
  }

  private static func isReadable(_ value: [UInt8]) -> Bool {
    value.allSatisfy { $0 >= 0x20 && $0 != 0x7f || [0x0a, 0x0d, 0x09, 0x0c].contains($0) }
  }

  /// Bytes of a device's own: the runs of signs in them, as one text.
  private mutating func binary(_ element: DICOMReader.Element) {
    var run: [UInt8] = []
    var start = 0
    for (index, byte) in (element.value + [0]).enumerated() {
      if byte >= 0x20, byte != 0x7f {
        if run.isEmpty { start = index }
        run.append(byte)
        continue
      }
      if run.count >= 6, run.count < 1 << 16, EncodedText.isText(run[...]) {
        let place = element.start + start
        if run.contains(0x5e), run.count(where: { Checks.isLetter($0 & 0xdf) }) * 2 > run.count {
          scan.defined(element.place, .name, run, at: place, length: run.count)
        } else {
          scan.text(element.place, "", run, at: place, length: run.count)
        }
      }
      run = []
    }
  }
}
