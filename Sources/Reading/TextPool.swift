/// Texts that come again and again share one storage: titles of rules, files, packages.
///
/// A text takes the slot that its hash names; another one there makes way. So it never grows, and
/// costs nothing where nothing repeats.
public struct TextPool: Sendable {
  private var slots = [String](repeating: "", count: 1 << 12)

  /// No texts.
  public init() {}

  /// The text of these bytes, which are valid UTF-8.
  public mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    // Short ones lie in the value itself.
    guard bytes.count > 15, let base = bytes.baseAddress else {
      return String(decoding: bytes, as: UTF8.self)
    }
    let raw = UnsafeRawPointer(base)
    let first = raw.loadUnaligned(as: UInt64.self)
    let middle = raw.loadUnaligned(fromByteOffset: bytes.count / 2 - 4, as: UInt64.self)
    let last = raw.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self)
    let mixed =
      (first ^ (middle << 23 | middle >> 41) ^ (last << 43 | last >> 21) ^ UInt64(bytes.count))
      &* 0x9e37_79b9_7f4a_7c15
    let slot = Int(mixed >> 52)
    let isThere = slots[slot].utf8.withContiguousStorageIfAvailable { $0.elementsEqual(bytes) }
    if isThere == true { return slots[slot] }
    let text = String(decoding: bytes, as: UTF8.self)
    slots[slot] = text
    return text
  }
}
