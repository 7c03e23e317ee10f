import Model

/// The few forms of the Distinguished Encoding Rules (X.690) that keys and signatures need.
enum DER {
  static let integer: UInt8 = 0x02
  static let octetString: UInt8 = 0x04
  static let null: UInt8 = 0x05
  static let objectIdentifier: UInt8 = 0x06
  static let sequence: UInt8 = 0x30

  /// A value with its tag and its length in the shortest form.
  static func write(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    guard content.count >= 0x80 else { return [tag, UInt8(content.count)] + content }
    var length: [UInt8] = []
    var rest = content.count
    while rest > 0 {
      length.insert(UInt8(truncatingIfNeeded: rest), at: 0)
      rest >>= 8
    }
    return [tag, 0x80 | UInt8(length.count)] + length + content
  }

  /// A sequence of values that are written already.
  static func sequence(_ parts: [UInt8]...) -> [UInt8] { write(sequence, parts.flatMap { $0 }) }

  /// A number that is not negative, from its digits to base 256, the most significant first.
  static func unsigned(_ digits: some Collection<UInt8>) -> [UInt8] {
    let shortest = Array(digits.drop { $0 == 0 })
    guard let first = shortest.first else { return [integer, 1, 0] }
    return write(integer, first >= 0x80 ? [0] + shortest : shortest)
  }

  /// A number that is not negative.
  static func unsigned(_ number: Int) -> [UInt8] {
    unsigned(withUnsafeBytes(of: UInt64(number).bigEndian) { Array($0) })
  }
}

/// Reads values one after another; anything that is not in the one form throws.
struct DERReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  var isAtEnd: Bool { rest.isEmpty }

  /// The tag of the next value; `nil` at the end.
  var next: UInt8? { rest.first }

  private static let malformed = Problem(.badInput, "the key's DER form is malformed or cut off")

  /// The content of the next value, which must have this tag.
  mutating func content(_ tag: UInt8) throws -> [UInt8] {
    guard rest.popFirst() == tag, let first = rest.popFirst() else { throw Self.malformed }
    var count = Int(first)
    if first >= 0x80 {
      let bytes = rest.prefix(Int(first & 0x7f))
      // Two bytes are enough for every key, and the shortest form is the only one.
      guard (1...2).contains(bytes.count), bytes.count == Int(first & 0x7f) else {
        throw Self.malformed
      }
      rest = rest.dropFirst(bytes.count)
      count = bytes.reduce(0) { $0 << 8 | Int($1) }
      guard count >= (bytes.count == 1 ? 0x80 : 0x100) else { throw Self.malformed }
    }
    guard count <= rest.count else { throw Self.malformed }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  /// What stands in the next sequence.
  mutating func sequence() throws -> DERReader { DERReader(try content(DER.sequence)) }

  /// A number from 0 to 2³¹.
  mutating func number() throws -> Int {
    let digits = try content(DER.integer)
    guard let first = digits.first, first < 0x80, digits.count <= 4 else { throw Self.malformed }
    return digits.reduce(0) { $0 << 8 | Int($1) }
  }

  /// Refuses bytes after the end.
  func end() throws { guard isAtEnd else { throw Self.malformed } }
}
