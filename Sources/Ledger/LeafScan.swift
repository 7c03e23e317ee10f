import Model

/// Where the fields of a leaf lie in its bytes, found without copying any.
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
    guard bytes.last == 0x0a else { throw Self.damaged("the leaf does not end with a line feed") }
    guard starts(with: "pratique-leaf/v1\n") else {
      throw Self.damaged("the leaf is not of version pratique-leaf/v1")
    }
    position = 17
    entryID = try field("entry", Self.isEntryID)
    kind = try field("kind", Self.isIdentifier)
    envelope = try field("envelope", Self.isDigest)
    while starts(with: "subject ") {
      let subject = try field("subject", Self.isDigest)
      if let last = subjects.last, !precedes(last, subject) {
        throw Self.damaged("the leaf's subjects are not in order, or stand twice")
      }
      subjects.append(subject)
    }
    actor = try field("actor", Self.isIdentifier)
    role = try field("role", Self.isIdentifier)
    time = try field("time", Self.isTime)
    guard position == bytes.count else { throw Self.damaged("the leaf goes on behind its end") }
  }

  /// The text of a field.
  func text(_ field: Range<Int>) -> String { String(decoding: bytes[field], as: UTF8.self) }

  /// Whether a field is these characters.
  func equals(_ field: Range<Int>, _ text: StaticString) -> Bool {
    field.count == text.utf8CodeUnitCount
      && UnsafeRawBufferPointer(rebasing: bytes[field]).elementsEqual(
        UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// The salted digest that the leaf names, where it is of SHA-256.
  var envelopeHash: TreeHash? {
    guard envelope.count == 71 else { return nil }
    return TreeHash(hexadecimal: UnsafeRawBufferPointer(rebasing: bytes[envelope.dropFirst(7)]))
  }

  private static func damaged(_ sentence: String) -> Problem { Problem(.ledgerDamaged, sentence) }

  private func starts(with text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard position + count <= bytes.count else { return false }
    for place in 0..<count where bytes[position + place] != text.utf8Start[place] { return false }
    return true
  }

  private mutating func field(
    _ name: StaticString, _ isOfItsForm: (UnsafeRawBufferPointer) -> Bool
  ) throws -> Range<Int> {
    let start = position + name.utf8CodeUnitCount + 1
    guard starts(with: name), start < bytes.count, bytes[start - 1] == 0x20 else {
      throw Self.damaged("the leaf has no line \"\(name)\" where it must stand")
    }
    var end = start
    // The last byte is a line feed.
    while bytes[end] != 0x0a { end += 1 }
    guard isOfItsForm(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) else {
      throw Self.damaged("the leaf's line \"\(name)\" is not of its form")
    }
    position = end + 1
    return start..<end
  }

  /// Whether one digest stands before another: algorithm, then value, byte by byte.
  private func precedes(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
    bytes[left].lexicographicallyPrecedes(bytes[right])
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  private static func isHexadecimal(_ text: UnsafeRawBufferPointer) -> Bool {
    for byte in text where !isDigit(byte) && byte &- 0x61 >= 6 { return false }
    return true
  }

  private static func isEntryID(_ text: UnsafeRawBufferPointer) -> Bool {
    text.count == 32 && isHexadecimal(text)
  }

  private static func isIdentifier(_ text: UnsafeRawBufferPointer) -> Bool {
    guard let first = text.first, text.count <= 64, isDigit(first) || first &- 0x61 < 26 else {
      return false
    }
    for byte in text
    where !isDigit(byte) && byte &- 0x61 >= 26 && byte != 0x2e && byte != 0x5f && byte != 0x2d {
      return false
    }
    return true
  }

  private static func isDigest(_ text: UnsafeRawBufferPointer) -> Bool {
    for algorithm in Digest.Algorithm.allCases {
      let name = algorithm.rawValue.utf8
      guard text.count == name.count + 1 + algorithm.hexLength, text[name.count] == 0x3a,
        text.starts(with: name)
      else { continue }
      return isHexadecimal(UnsafeRawBufferPointer(rebasing: text[(name.count + 1)...]))
    }
    return false
  }

  /// Whether it is `yyyy-mm-ddThh:mm:ss.mmmZ` of a date that exists.
  private static func isTime(_ text: UnsafeRawBufferPointer) -> Bool {
    guard text.count == 24 else { return false }
    let form: StaticString = "0000-00-00T00:00:00.000Z"
    for place in 0..<24 {
      let isRight =
        form.utf8Start[place] == 0x30
        ? isDigit(text[place]) : text[place] == form.utf8Start[place]
      guard isRight else { return false }
    }
    func number(_ place: Int) -> Int { Int(text[place]) * 10 + Int(text[place + 1]) - 528 }
    let year = number(0) * 100 + number(2)
    let month = number(5)
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    return (1...12).contains(month) && (1...days).contains(number(8)) && number(11) < 24
      && number(14) < 60 && number(17) < 60
  }
}
