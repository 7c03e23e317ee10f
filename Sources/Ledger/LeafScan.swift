import Model

/// Where the fields of a leaf lie in its bytes, found in one pass and without copying any.
///
/// Only the exact form of `docs/formats/leaf.md` is taken: whatever this accepts is, written again
/// from its fields, the same bytes.
struct LeafScan {
  /// The leaf's bytes, which lie elsewhere.
  let bytes: UnsafeRawBufferPointer
  private(set) var entryID = 0..<0
  private(set) var kind = 0..<0
  private(set) var envelope = 0..<0
  /// One range a subject, in order.
  private(set) var subjects: [Range<Int>] = []
  private(set) var actor = 0..<0
  private(set) var role = 0..<0
  private(set) var time = 0..<0
  private var position = 0

  /// Finds the fields.
  ///
  /// - Throws: `Problem` with `ledgerDamaged`.
  init(_ bytes: UnsafeRawBufferPointer) throws {
    self.bytes = bytes
    guard skip("pratique-leaf/v1\n") else {
      throw Self.damaged("the leaf is not of version pratique-leaf/v1")
    }
    entryID = try field("entry ") { $0.skipHexadecimal(32) }
    kind = try field("kind ") { $0.skipIdentifier() }
    envelope = try field("envelope ") { $0.skipDigest() }
    while next == 0x73 {
      let subject = try field("subject ") { $0.skipDigest() }
      if let last = subjects.last, !bytes[last].lexicographicallyPrecedes(bytes[subject]) {
        throw Self.damaged("the leaf's subjects are not in order, or stand twice")
      }
      subjects.append(subject)
    }
    actor = try field("actor ") { $0.skipIdentifier() }
    role = try field("role ") { $0.skipIdentifier() }
    time = try field("time ") { $0.skipTime() }
    guard position == bytes.count else { throw Self.damaged("the leaf goes on behind its end") }
  }

  /// The text of a field.
  func text(_ field: Range<Int>) -> String { String(decoding: bytes[field], as: UTF8.self) }

  /// The salted digest that the leaf names, where it is of SHA-256.
  var envelopeHash: TreeHash? {
    guard envelope.count == 71 else { return nil }
    return TreeHash(hexadecimal: UnsafeRawBufferPointer(rebasing: bytes[envelope.dropFirst(7)]))
  }

  private static func damaged(_ sentence: String) -> Problem { Problem(.ledgerDamaged, sentence) }

  /// The next byte; 0, which stands nowhere in a leaf, at the end.
  private var next: UInt8 { position < bytes.count ? bytes[position] : 0 }

  /// Reads a line: a name, a value of a form, a line feed.
  private mutating func field(
    _ name: StaticString, _ value: (inout LeafScan) -> Bool
  ) throws -> Range<Int> {
    guard skip(name) else {
      throw Self.damaged("the leaf has no line \"\(name)\" where it must stand")
    }
    let start = position
    guard value(&self), next == 0x0a else {
      throw Self.damaged("the leaf's line \"\(name)\" is not of its form")
    }
    position += 1
    return start..<position - 1
  }

  private mutating func skip(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard position + count <= bytes.count else { return false }
    for place in 0..<count where bytes[position + place] != text.utf8Start[place] { return false }
    position += count
    return true
  }

  /// Skips so many hexadecimal characters, a multiple of eight.
  private mutating func skipHexadecimal(_ count: Int) -> Bool {
    guard position + count <= bytes.count else { return false }
    for place in stride(from: position, to: position + count, by: 8)
    where HexadecimalWord(bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)) == nil {
      return false
    }
    position += count
    return true
  }

  private mutating func skipIdentifier() -> Bool {
    let start = position
    while position < bytes.count, position - start <= 64 {
      switch bytes[position] {
      case 0x30...0x39, 0x61...0x7a: break
      case 0x2e, 0x5f, 0x2d: if position == start { return false }
      default: return position > start && position - start <= 64
      }
      position += 1
    }
    return false
  }

  private mutating func skipDigest() -> Bool {
    if skip("sha256:") { return skipHexadecimal(64) }
    if skip("sha512:") { return skipHexadecimal(128) }
    return skip("gitCommit:") && skipHexadecimal(40)
  }

  /// Skips `yyyy-mm-ddThh:mm:ss.mmmZ` of a date that exists.
  private mutating func skipTime() -> Bool {
    let form: StaticString = "0000-00-00T00:00:00.000Z"
    guard position + 24 <= bytes.count else { return false }
    for place in 0..<24 {
      let byte = bytes[position + place]
      let isRight =
        form.utf8Start[place] == 0x30 ? byte &- 0x30 < 10 : byte == form.utf8Start[place]
      guard isRight else { return false }
    }
    func number(_ place: Int) -> Int {
      Int(bytes[position + place]) * 10 + Int(bytes[position + place + 1]) - 528
    }
    let year = number(0) * 100 + number(2)
    let month = number(5)
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let isShort = month == 4 || month == 6 || month == 9 || month == 11
    let days = month == 2 ? (isLeap ? 29 : 28) : isShort ? 30 : 31
    guard (1...12).contains(month), (1...days).contains(number(8)), number(11) < 24,
      number(14) < 60, number(17) < 60
    else { return false }
    position += 24
    return true
  }
}

/// Eight lower-case hexadecimal characters, checked and read together.
struct HexadecimalWord {
  /// What they say, the first character in the highest bits.
  let value: UInt32

  /// Takes eight characters as they lie in memory; `nil` when one is no lower-case hexadecimal.
  init?(_ characters: UInt64) {
    let text = UInt64(littleEndian: characters)
    func repeated(_ byte: UInt64) -> UInt64 { byte &* 0x0101_0101_0101_0101 }
    // The highest bit of each byte tells whether it is at least the limit; none is above 0x7f.
    func isAtLeast(_ limit: UInt64) -> UInt64 { text &+ repeated(0x80 - limit) }
    let isDigit = isAtLeast(0x30) & ~isAtLeast(0x3a)
    let isLetter = isAtLeast(0x61) & ~isAtLeast(0x67)
    guard text & repeated(0x80) == 0,
      (isDigit | isLetter) & repeated(0x80) == repeated(0x80)
    else { return nil }
    let nibbles = (text & repeated(0x0f)) &+ (text >> 6 & repeated(0x01)) &* 9
    var bytes = (nibbles << 4 | nibbles >> 8) & 0x00ff_00ff_00ff_00ff
    bytes = (bytes | bytes >> 8) & 0x0000_ffff_0000_ffff
    bytes = (bytes | bytes >> 16) & 0xffff_ffff
    value = UInt32(truncatingIfNeeded: bytes).byteSwapped
  }
}
