import Reading

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

/// Reads DICOM's data elements (PS3.5): both little endian forms, sequences, private elements.
struct DICOMReader {
  let bytes: [UInt8]
  private var isExplicit = true
  private static let depthLimit = 32
  private var elements = 0

  struct Element {
    let place: String
    let tag: UInt32
    let representation: String
    let start: Int
    let length: Int
  }

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Gives each element to `take`.
  ///
  /// - Throws: `ReadingError` for a length beyond the file, too deep a nesting, or a form that is
  ///   not read.
  mutating func walk(_ take: (Element) -> Void) throws {
    var syntax = ""
    // The file's own group is always explicit.
    var place = 132
    let bytes = bytes
    while place + 8 <= bytes.count, short(place) == 2 {
      place = try element(place, bytes.count, "", 0) { element in
        if element.tag == 0x0002_0010 {
          syntax = String(
            decoding: bytes[element.start..<element.start + element.length].filter { $0 > 0x20 },
            as: UTF8.self)
        }
        take(element)
      }
    }
    switch syntax {
    case "1.2.840.10008.1.2": isExplicit = false
    case "1.2.840.10008.1.2.2": throw ReadingError("DICOM in big endian form is not read")
    case "1.2.840.10008.1.2.1.99": throw ReadingError("DICOM in deflated form is not read")
    default: isExplicit = true
    }
    _ = try dataSet(place, bytes.count, "", 0, take)
  }

  private func short(_ place: Int) -> UInt32 {
    UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8
  }
  private func long(_ place: Int) -> UInt32 { short(place) | short(place + 2) << 16 }

  private mutating func dataSet(
    _ start: Int, _ end: Int, _ prefix: String, _ depth: Int, _ take: (Element) -> Void
  ) throws -> Int {
    guard depth <= Self.depthLimit else {
      throw ReadingError("DICOM sequences nested deeper than \(Self.depthLimit)")
    }
    var place = start
    while place + 8 <= end {
      let tag = short(place) << 16 | short(place + 2)
      if tag == 0xfffe_e00d || tag == 0xfffe_e0dd { return place + 8 }
      place = try element(place, end, prefix, depth, take)
    }
    return max(place, min(end, bytes.count))
  }

  private mutating func element(
    _ start: Int, _ end: Int, _ prefix: String, _ depth: Int, _ take: (Element) -> Void
  ) throws -> Int {
    elements += 1
    guard elements <= 1_000_000 else {
      throw ReadingError("DICOM with more than 1,000,000 elements")
    }
    let tag = short(start) << 16 | short(start + 2)
    let name = prefix + "(" + hexadecimal(tag >> 16) + "," + hexadecimal(tag & 0xffff) + ")"
    var representation = ""
    var length: UInt32
    var place = start + 8
    if isExplicit || tag >> 16 == 2 {
      representation = String(decoding: bytes[start + 4..<start + 6], as: UTF8.self)
      if ["OB", "OW", "OF", "OD", "OL", "OV", "SQ", "UC", "UN", "UR", "UT", "SV", "UV"].contains(
        representation)
      {
        guard start + 12 <= end else { throw ReadingError("\(name) is cut off") }
        length = long(start + 8)
        place = start + 12
      } else {
        length = short(start + 6)
      }
    } else {
      length = long(start + 4)
    }
    let isSequence =
      representation == "SQ" || length == 0xffff_ffff && tag != 0x7fe0_0010
      || !isExplicit && place + 8 <= end && short(place) == 0xfffe && short(place + 2) == 0xe000
        && tag != 0x7fe0_0010
    if tag == 0x7fe0_0010 {
      take(Element(place: name, tag: tag, representation: "OB", start: place, length: 0))
      return length == 0xffff_ffff ? end : try checked(place, length, end, name)
    }
    if isSequence {
      let close = length == 0xffff_ffff ? end : try checked(place, length, end, name)
      return try items(place, close, isOpen: length == 0xffff_ffff, name, depth, take)
    }
    let close = try checked(place, length, end, name)
    take(
      Element(
        place: name, tag: tag, representation: representation, start: place, length: Int(length)))
    return close
  }

  private func checked(_ place: Int, _ length: UInt32, _ end: Int, _ name: String) throws -> Int {
    guard place + Int(length) <= end else {
      throw ReadingError("\(name) says that it has \(length) bytes, more than there are")
    }
    return place + Int(length)
  }

  private mutating func items(
    _ start: Int, _ end: Int, isOpen: Bool, _ name: String, _ depth: Int, _ take: (Element) -> Void
  ) throws -> Int {
    var place = start
    var index = 0
    while place + 8 <= end {
      let tag = short(place) << 16 | short(place + 2)
      let length = long(place + 4)
      place += 8
      if tag == 0xfffe_e0dd { return place }
      guard tag == 0xfffe_e000 else {
        throw ReadingError("\(name) holds something that is no item")
      }
      let close = length == 0xffff_ffff ? end : try checked(place, length, end, name)
      place = try dataSet(place, close, "\(name)[\(index)]", depth + 1, take)
      if length != 0xffff_ffff { place = close }
      index += 1
    }
    return end
  }

  private func hexadecimal(_ value: UInt32) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: 4 - text.count) + text
  }
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
      let value = Array(content[element.start..<element.start + element.length].prefix(1 << 20))
        .filter { $0 != 0 }
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
        if value.contains(0x5e), value.contains(where: { Checks.isLetter($0 & 0xdf) }),
          element.tag >> 16 & 1 == 1
        {
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
