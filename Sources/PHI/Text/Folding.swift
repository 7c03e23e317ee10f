/// Letters without case and accents, byte by byte, for looking words up. Scripts that it does not
/// know stay as they are.
enum Folding {
  /// C3 80 to C3 BF, Latin-1's letters.
  private static let latin1 = Array(
    "aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo/ouuuuyty".utf8)
  /// C4 80 to C5 BF, Latin Extended-A.
  private static let extended = Array(
    ("aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllll"
      + "nnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs").utf8)

  static let seed: UInt64 = 0xcbf2_9ce4_8422_2325
  private static let prime: UInt64 = 0x0000_0100_0000_01b3

  @inline(__always)
  static func mix(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* prime }

  /// Adds the folded form of `bytes[start..<end]` to a hash (FNV-1a, 64 bits).
  @inline(__always)
  static func hash(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int, from: UInt64 = seed
  ) -> UInt64 {
    var hash = from
    var place = start
    while place < end {
      let byte = bytes[place]
      if byte < 0x80 {
        hash = mix(hash, byte &- 0x41 < 26 ? byte | 0x20 : byte)
        place += 1
      } else {
        let next = place + 1 < end ? bytes[place + 1] : 0
        hash = mix(hash, folded(byte, next))
        if byte < 0xc3 || byte > 0xc5 { hash = mix(hash, next) }
        place += 2
      }
    }
    return hash
  }

  /// The hash of a word of our own lists.
  static func hash(_ word: some StringProtocol) -> UInt64 {
    Array(word.utf8).withUnsafeBufferPointer { hash($0, 0, $0.count) }
  }

  /// The letter without accent for a character of two bytes; its first byte if that is none.
  private static func folded(_ lead: UInt8, _ trail: UInt8) -> UInt8 {
    guard trail & 0xc0 == 0x80 else { return lead }
    switch lead {
    case 0xc3: return latin1[Int(trail & 0x3f)]
    case 0xc4: return extended[Int(trail & 0x3f)]
    case 0xc5: return extended[64 + Int(trail & 0x3f)]
    default: return lead
    }
  }

  /// Whether the character of two bytes or more that begins so is a capital letter.
  static func isCapital(_ lead: UInt8, _ trail: UInt8) -> Bool {
    switch lead {
    case 0xc3: trail < 0x9f
    case 0xc4: trail < 0xb8 ? trail & 1 == 0 : trail & 1 == 1
    case 0xc5: trail < 0x8a || trail > 0xb8 ? trail & 1 == 1 : trail & 1 == 0
    case 0xce: trail < 0xac
    case 0xd0: trail < 0xb0
    default: false
    }
  }
}
