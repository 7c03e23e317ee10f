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

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Gives each element to `take`.
  ///
  /// - Throws: `ReadingError` for a length beyond the file, too deep a nesting, or a form that is
  ///   not read.
  mutating func walk(_ take: (Element) -> Void) throws {
    var syntax = ""
    // The file's own group is always explicit.
    var place = 132
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
    final class Output { var bytes: [UInt8] = [] }
    let output = Output()
    let limit = ContentScan.wholeLimit
    var pending: [UInt8]? = Array(bytes[min(start, bytes.count)...])
    var inflate = Inflate {
      defer { pending = nil }
      return pending ?? []
    } emit: { piece in
      output.bytes += piece
      guard output.bytes.count <= limit else {
        throw ReadingError("it expands to more than \(limit >> 20) MiB")
      }
    }
    try inflate.run()
    bytes = output.bytes
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
      take(Element(place: name, tag: tag, representation: "OB", start: place, length: 0, value: []))
      return length == 0xffff_ffff ? end : try checked(place, length, end, name)
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
