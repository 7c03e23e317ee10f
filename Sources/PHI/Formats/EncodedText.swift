/// Documents that stand in a field.
enum EncodedText {
  /// The shortest base64 that is taken for a document.
  static let leastLength = 24

  /// What a field holds when it is a document: base64 decoded, or JSON, XML, HL7 and the like as
  /// they stand in it.
  static func document(in value: [UInt8]) -> [UInt8]? {
    guard value.count >= leastLength else { return nil }
    if let decoded = Base64Text.decode(value), isDocument(decoded) { return decoded }
    var start = 0
    while start < value.count, value[start] <= 0x20 { start += 1 }
    guard start < value.count else { return nil }
    switch value[start] {
    case 0x7b, 0x5b, 0x3c:
      let close: UInt8 = value[start] == 0x7b ? 0x7d : value[start] == 0x5b ? 0x5d : 0x3e
      guard let last = value.last(where: { $0 > 0x20 }), last == close else { return nil }
      // Lists of words in brackets are no document.
      return value.contains(0x22) || close == 0x3e ? value : nil
    case UInt8(ascii: "M"), UInt8(ascii: "I"), UInt8(ascii: "F"), UInt8(ascii: "B"):
      let format = ContentFormat.of(value)
      return format == .hl7 || format == .x12 ? value : nil
    case UInt8(ascii: "d"):
      guard value[start...].starts(with: "data:".utf8),
        let comma = value[start...].prefix(200).firstIndex(of: 0x2c)
      else { return nil }
      return Base64Text.decode(Array(value[(comma + 1)...]))
    default: return nil
    }
  }

  /// Whether bytes are text, or of a form that is known; what is neither was no base64.
  static func isDocument(_ bytes: [UInt8]) -> Bool {
    ContentFormat.of(bytes) != .text || isText(bytes[...])
  }

  /// Whether bytes are printable, but for a few.
  static func isText(_ bytes: ArraySlice<UInt8>) -> Bool {
    let head = bytes.prefix(512)
    let others = head.count { $0 < 0x20 && $0 != 0x0a && $0 != 0x0d && $0 != 0x09 || $0 == 0x7f }
    let high = head.count { $0 >= 0x80 }
    return !head.isEmpty && others == 0 && high * 4 <= head.count
  }
}

/// Base64, where a field may hold a document.
enum Base64Text {
  /// What each sign stands for; 255 for what is no base64.
  static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    for (index, byte) in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
      .enumerated()
    {
      values[Int(byte)] = UInt8(index)
    }
    values[0x2d] = 62
    values[0x5f] = 63
    return values
  }()

  /// The decoded bytes, when all of it is base64 and as long as base64 is.
  static func decode(_ text: [UInt8]) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    var letters = 0
    return values.withUnsafeBufferPointer { values in
      for byte in text {
        if byte == 0x3d || byte == 0x0a || byte == 0x0d { continue }
        let value = values[Int(byte)]
        guard value != 255 else { return nil }
        if letters == 0 { bytes.reserveCapacity(text.count * 3 / 4) }
        letters += 1
        bits = bits << 6 | UInt32(value)
        count += 6
        if count >= 8 {
          count -= 8
          bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
      }
      guard letters % 4 != 1, text.last == 0x3d || letters % 4 == 0 else { return nil }
      return bytes
    }
  }
}

/// Searches for short words in bytes.
enum ByteSearch {
  static func has(_ word: StaticString, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    find(word, in: bytes, from: 0) != nil
  }

  /// The first place of a word from a place on.
  static func find(
    _ word: StaticString, in bytes: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> Int? {
    let count = word.utf8CodeUnitCount
    let first = word.utf8Start[0]
    var place = start
    while place + count <= bytes.count {
      if bytes[place] == first, isAt(word, in: bytes, place) { return place }
      place += 1
    }
    return nil
  }

  static func isAt(
    _ word: StaticString, in bytes: UnsafeBufferPointer<UInt8>, _ place: Int
  ) -> Bool {
    let count = word.utf8CodeUnitCount
    guard place >= 0, place + count <= bytes.count else { return false }
    for offset in 0..<count where bytes[place + offset] != word.utf8Start[offset] { return false }
    return true
  }

  /// The same without regard to capitals of ASCII; the word is given in lower case.
  static func isAtFolded(
    _ word: StaticString, in bytes: UnsafeBufferPointer<UInt8>, _ place: Int
  ) -> Bool {
    let count = word.utf8CodeUnitCount
    guard place >= 0, place + count <= bytes.count else { return false }
    for offset in 0..<count where bytes[place + offset] | 0x20 != word.utf8Start[offset] | 0x20 {
      return false
    }
    return true
  }
}
