/// The texts of a document: as they stand, or with their escapes resolved. They were checked when
/// the document was read.
enum JSONText {
  static func string(_ entry: JSONIndexEntry, _ bytes: UnsafeBufferPointer<UInt8>) -> String {
    let content = UnsafeBufferPointer(rebasing: bytes[entry.start..<entry.start + entry.extent])
    guard entry.kind == .escapedString else { return String(decoding: content, as: UTF8.self) }
    return String(decoding: resolved(content), as: UTF8.self)
  }

  /// The bytes that a text with escapes stands for.
  static func resolved(_ content: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(content.count)
    var position = 0
    while position < content.count {
      let byte = content[position]
      guard byte == 0x5c, position + 1 < content.count else {
        text.append(byte)
        position += 1
        continue
      }
      let escape = content[position + 1]
      position += 2
      switch escape {
      case 0x62: text.append(0x08)
      case 0x66: text.append(0x0c)
      case 0x6e: text.append(0x0a)
      case 0x72: text.append(0x0d)
      case 0x74: text.append(0x09)
      case 0x75: text.append(contentsOf: scalar(content, &position))
      default: text.append(escape)
      }
    }
    return text
  }

  private static func scalar(
    _ content: UnsafeBufferPointer<UInt8>, _ position: inout Int
  ) -> String.UTF8View {
    var code = hexadecimal(content, at: position) ?? 0xfffd
    position += 4
    if (0xd800...0xdbff).contains(code) {
      let low = hexadecimal(content, at: position + 2) ?? 0xdc00
      position += 6
      code = 0x10000 + (code - 0xd800) << 10 + (low &- 0xdc00)
    }
    return String(Character(Unicode.Scalar(code) ?? "\u{fffd}")).utf8
  }

  /// Four hexadecimal digits; `nil` when they are not there.
  static func hexadecimal(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> UInt32? {
    guard offset + 4 <= bytes.count else { return nil }
    var value: UInt32 = 0
    for place in offset..<offset + 4 {
      let digit: UInt8
      switch bytes[place] {
      case 0x30...0x39: digit = bytes[place] - 0x30
      case 0x41...0x46: digit = bytes[place] - 0x37
      case 0x61...0x66: digit = bytes[place] - 0x57
      default: return nil
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}
