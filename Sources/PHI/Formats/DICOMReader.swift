import Reading

/// Reads DICOM's data elements (PS3.5): all its forms of bytes, sequences, private
/// elements.
struct DICOMReader {
  private(set) var bytes: [UInt8]
  private var isExplicit = true
  private var isBigEndian = false
  private static let depthLimit = 32
  private var elements = 0

  struct Element {
    let place: String
    let tag: UInt32
    let representation: String
    let start: Int
    let length: Int
    /// Its first bytes, at most 1 MiB.
    let value: [UInt8]
  }

  /// Whether bytes are cut off behind the pixels, so that what follows them is not there.
  private let isBeginning: Bool
  /// Whether the pixels were reached.
  private(set) var hasPixels = false

  init(_ bytes: [UInt8], isBeginning: Bool = false) {
    self.bytes = bytes
    self.isBeginning = isBeginning
  }

  private static let longForms: Set<String> = [
    "OB", "OW", "OF", "OD", "OL", "OV", "SQ", "UC", "UN", "UR", "UT", "SV", "UV",
  ]
  private static let shortForms: Set<String> = [
    "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FL", "FD", "IS", "LO", "LT", "PN", "SH", "SL", "SS",
    "ST", "TM", "UI", "UL", "US",
  ]

  /// Whether a head is DICOM's: by its sign, or by its first element where the 128 bytes before it
  /// are left out.
  static func isDICOM(_ head: [UInt8]) -> Bool {
    if head.count >= 132, head[128..<132].elementsEqual("DICM".utf8) { return true }
    guard head.count >= 16, head[1] == 0, head[3] == 0, head[0] == 2 || head[0] == 8 else {
      return false
    }
    let form = String(decoding: head[4..<6], as: UTF8.self)
    if head[0] == 2 { return shortForms.contains(form) || form == "OB" }
    if shortForms.contains(form) {
      let length = Int(head[6]) | Int(head[7]) << 8
      return length < 1024
    }
    // Without forms: a short first element of group 8, and another of the group behind it.
    let length = Int(head[4]) | Int(head[5]) << 8
    guard head[2] <= 0x18, head[6] == 0, head[7] == 0, length <= 64, 8 + length + 4 <= head.count
    else { return false }
    return head[8 + length] == 8 && head[9 + length] == 0 && head[10 + length] > head[2]
  }

  /// Gives each element to `take`.
  ///
  /// - Throws: `ReadingError` for a length beyond the file, too deep a nesting, or a form that is
  ///   not read.
  mutating func walk(_ take: (Element) -> Void) throws {
    var syntax = ""
    // The file's own group is always explicit.
    var place =
      bytes.count >= 132 && bytes[128..<132].elementsEqual("DICM".utf8) ? 132 : 0
    while place + 8 <= bytes.count, short(place) == 2 {
      place = try element(place, bytes.count, "", 0) { element in
        if element.tag == 0x0002_0010 {
          syntax = String(
            decoding: element.value.filter { $0 > 0x20 }, as: UTF8.self)
        }
        take(element)
      }
    }
    switch syntax {
    case "1.2.840.10008.1.2": isExplicit = false
    case "1.2.840.10008.1.2.2": isBigEndian = true
    case "1.2.840.10008.1.2.1.99":
      try expand(from: place)
      place = 0
    case "":
      // Without a word on the form, capitals where a form would stand tell it.
      isExplicit =
        place + 6 <= bytes.count && bytes[(place + 4)..<(place + 6)].allSatisfy(Checks.isLetter)
    default: break
    }
    _ = try dataSet(place, bytes.count, "", 0, take)
  }

  /// The deflated form (PS3.5, A.5): all that follows is compressed.
  private mutating func expand(from start: Int) throws {
    let limit = ContentScan.wholeLimit
    let expander = try ZlibExpander(isGzip: false)
    var expanded: [UInt8] = []
    try expander.add(Array(bytes[min(start, bytes.count)...])) { piece in
      expanded += piece
      guard expanded.count <= limit else {
        throw ReadingError("it expands to more than \(limit >> 20) MiB")
      }
    }
    try expander.end()
    bytes = expanded
  }

  private func short(_ place: Int) -> UInt32 {
    let (first, second) = (UInt32(bytes[place]), UInt32(bytes[place + 1]))
    return isBigEndian ? second | first << 8 : first | second << 8
  }

  private func long(_ place: Int) -> UInt32 {
    isBigEndian
      ? short(place + 2) | short(place) << 16 : short(place) | short(place + 2) << 16
  }

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
      if Self.longForms.contains(representation) {
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
      if depth == 0 { hasPixels = true }
      take(Element(place: name, tag: tag, representation: "OB", start: place, length: 0, value: []))
      if isBeginning { return end }
      return length == 0xffff_ffff
        ? try fragments(place, end, name) : try checked(place, length, end, name)
    }
    if isSequence {
      let close = length == 0xffff_ffff ? end : try checked(place, length, end, name)
      // What stands in an unknown form is implicit (PS3.5, 6.2.2).
      let was = isExplicit
      if representation == "UN" { isExplicit = false }
      defer { isExplicit = was }
      return try items(place, close, name, depth, take)
    }
    let close = try checked(place, length, end, name)
    take(
      Element(
        place: name, tag: tag, representation: representation, start: place, length: Int(length),
        value: Array(bytes[place..<close].prefix(1 << 20))))
    return close
  }

  /// The place behind pixels that stand in pieces, each with its length.
  private func fragments(_ start: Int, _ end: Int, _ name: String) throws -> Int {
    var place = start
    while place + 8 <= end {
      let tag = short(place) << 16 | short(place + 2)
      if tag == 0xfffe_e0dd { return place + 8 }
      guard tag == 0xfffe_e000 else {
        throw ReadingError("\(name) holds something that is no fragment")
      }
      place = try checked(place + 8, long(place + 4), end, name)
    }
    return end
  }

  private func checked(_ place: Int, _ length: UInt32, _ end: Int, _ name: String) throws -> Int {
    guard place + Int(length) <= end else {
      throw ReadingError("\(name) says that it has \(length) bytes, more than there are")
    }
    return place + Int(length)
  }

  private mutating func items(
    _ start: Int, _ end: Int, _ name: String, _ depth: Int, _ take: (Element) -> Void
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
