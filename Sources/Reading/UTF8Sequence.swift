/// UTF-8 as Unicode 15, table 3-7 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
enum UTF8Sequence {
  /// Length of the well-formed sequence at an offset; zero when there is none.
  static func length(in bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> Int {
    let left = bytes.count - offset
    guard left > 0 else { return 0 }
    func isRest(_ place: Int) -> Bool { bytes[offset + place] & 0xc0 == 0x80 }
    switch bytes[offset] {
    case 0..<0x80: return 1
    case 0xc2...0xdf: return left >= 2 && isRest(1) ? 2 : 0
    case let first where first & 0xf0 == 0xe0:
      guard left >= 3, isRest(1), isRest(2) else { return 0 }
      let second = bytes[offset + 1]
      if first == 0xe0, second < 0xa0 { return 0 }
      if first == 0xed, second > 0x9f { return 0 }
      return 3
    case let first where (0xf0...0xf4).contains(first):
      guard left >= 4, isRest(1), isRest(2), isRest(3) else { return 0 }
      let second = bytes[offset + 1]
      if first == 0xf0, second < 0x90 { return 0 }
      if first == 0xf4, second > 0x8f { return 0 }
      return 4
    default: return 0
    }
  }

  /// How many bytes from the beginning are well-formed.
  static func validCount(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    let raw = UnsafeRawPointer(base)
    var position = 0
    while position < bytes.count {
      while position + 8 <= bytes.count,
        raw.loadUnaligned(fromByteOffset: position, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
      { position += 8 }
      guard position < bytes.count else { break }
      let length = length(in: bytes, at: position)
      guard length > 0 else { return position }
      position += length
    }
    return position
  }

  /// Whether the bytes from an offset on could become a sequence if more came.
  static func isCutOff(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count < 4, let first = bytes.first else { return false }
    let wanted =
      switch first {
      case 0xc2...0xdf: 2
      case 0xe0...0xef: 3
      case 0xf0...0xf4: 4
      default: 0
      }
    return bytes.count < wanted && bytes.dropFirst().allSatisfy { $0 & 0xc0 == 0x80 }
  }
}

extension UTF8Sequence {
  /// Whether all bytes are well-formed.
  static func isWhole(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { validCount($0) == $0.count }
  }
}
