import Reading

/// Walks over JSON and NDJSON, and tells each string with its pointer. It reads what is there:
/// what is no JSON ends the walk, and the text was looked at as text in any case.
struct JSONFields {
  private let bytes: [UInt8]
  private var place = 0
  private static let depthLimit = 128

  /// A string or a number: its path, unescaped, and where it stands.
  struct Field {
    let path: [String]
    let value: [UInt8]
    let start: Int
    let length: Int
  }

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Gives each field to `take`.
  ///
  /// - Throws: `ReadingError` when the nesting is deeper than 128.
  mutating func walk(_ take: (Field) -> Void) throws {
    var count = 0
    while true {
      skipSpace()
      guard place < bytes.count else { return }
      let begin = place
      try value(path: count == 0 ? [] : ["\(count)"], depth: 0, take)
      guard place > begin else { return }
      count += 1
    }
  }

  private mutating func skipSpace() {
    while place < bytes.count, bytes[place] <= 0x20 || bytes[place] == 0x1e { place += 1 }
  }

  private mutating func value(path: [String], depth: Int, _ take: (Field) -> Void) throws {
    guard depth <= Self.depthLimit else {
      throw ReadingError("nested deeper than \(Self.depthLimit) levels")
    }
    skipSpace()
    guard place < bytes.count else { return }
    switch bytes[place] {
    case 0x7b: try members(path, depth, take)
    case 0x5b: try elements(path, depth, take)
    case 0x22:
      let start = place + 1
      let text = string()
      take(Field(path: path, value: text, start: start, length: max(0, place - 1 - start)))
    case 0x2d, 0x30...0x39:
      let start = place
      while place < bytes.count, ![0x2c, 0x5d, 0x7d].contains(bytes[place]), bytes[place] > 0x20 {
        place += 1
      }
      take(
        Field(path: path, value: Array(bytes[start..<place]), start: start, length: place - start))
    default:
      while place < bytes.count, Checks.isLetter(bytes[place] & 0xdf) { place += 1 }
    }
  }

  private mutating func members(_ path: [String], _ depth: Int, _ take: (Field) -> Void) throws {
    place += 1
    while true {
      skipSpace()
      guard place < bytes.count, bytes[place] == 0x22 else { break }
      let name = String(decoding: string(), as: UTF8.self)
      skipSpace()
      guard place < bytes.count, bytes[place] == 0x3a else { return }
      place += 1
      try value(path: path + [name], depth: depth + 1, take)
      skipSpace()
      guard place < bytes.count, bytes[place] == 0x2c else { break }
      place += 1
    }
    if place < bytes.count, bytes[place] == 0x7d { place += 1 }
  }

  private mutating func elements(_ path: [String], _ depth: Int, _ take: (Field) -> Void) throws {
    place += 1
    var index = 0
    while true {
      skipSpace()
      guard place < bytes.count, bytes[place] != 0x5d else { break }
      let begin = place
      try value(path: path + ["\(index)"], depth: depth + 1, take)
      index += 1
      skipSpace()
      guard place < bytes.count, bytes[place] == 0x2c, place > begin else { break }
      place += 1
    }
    if place < bytes.count, bytes[place] == 0x5d { place += 1 }
  }

  /// A string, unescaped.
  private mutating func string() -> [UInt8] {
    place += 1
    var text: [UInt8] = []
    while place < bytes.count, bytes[place] != 0x22 {
      guard bytes[place] == 0x5c, place + 1 < bytes.count else {
        text.append(bytes[place])
        place += 1
        continue
      }
      let sign = bytes[place + 1]
      place += 2
      switch sign {
      case 0x6e: text.append(0x0a)
      case 0x74: text.append(0x09)
      case 0x72: text.append(0x0d)
      case 0x62, 0x66: text.append(0x20)
      case 0x75: text += unicode()
      default: text.append(sign)
      }
    }
    place = min(place + 1, bytes.count)
    return text
  }

  private mutating func unicode() -> [UInt8] {
    func unit(_ at: Int) -> UInt32? {
      guard at + 4 <= bytes.count else { return nil }
      return UInt32(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16)
    }
    guard var code = unit(place) else { return [] }
    place += 4
    if (0xd800...0xdbff).contains(code), place + 6 <= bytes.count, bytes[place] == 0x5c,
      let low = unit(place + 2),
      (0xdc00...0xdfff).contains(low)
    {
      code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
      place += 6
    }
    return Unicode.Scalar(code).map { Array(String(Character($0)).utf8) } ?? []
  }

  /// A JSON pointer (RFC 6901).
  static func pointer(_ path: [String]) -> String {
    path.map {
      "/"
        + $0.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
        .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
    }.joined()
  }
}
