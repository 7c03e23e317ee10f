/// Which characters stand where (XML 1.0, fifth edition, sections 2.2 and 2.3).
enum XMLCharacters {
  /// White space.
  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09
  }

  /// Whether a scalar may stand in a document at all.
  static func isCharacter(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x9, 0xa, 0xd, 0x20...0xd7ff, 0xe000...0xfffd, 0x10000...0x10ffff: true
    default: false
    }
  }

  /// Whether a byte may stand in a name, letters beyond ASCII left to `isName`.
  static func mayBeInName(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x61...0x7a, 0x41...0x5a, 0x30...0x3a, 0x5f, 0x2d, 0x2e, 0x80...0xff: true
    default: false
    }
  }

  /// Whether a text is a name.
  static func isName(_ name: String) -> Bool {
    guard let first = name.unicodeScalars.first, isNameStart(first.value) else { return false }
    return name.utf8.allSatisfy { $0 < 0x80 }
      || name.unicodeScalars.allSatisfy {
        isNameStart($0.value) || isNameRest($0.value)
      }
  }

  private static func isNameStart(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x3a, 0x41...0x5a, 0x5f, 0x61...0x7a, 0xc0...0xd6, 0xd8...0xf6, 0xf8...0x2ff,
      0x370...0x37d, 0x37f...0x1fff, 0x200c...0x200d, 0x2070...0x218f, 0x2c00...0x2fef,
      0x3001...0xd7ff, 0xf900...0xfdcf, 0xfdf0...0xfffd, 0x10000...0xeffff:
      true
    default: false
    }
  }

  private static func isNameRest(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x2d, 0x2e, 0x30...0x39, 0xb7, 0x300...0x36f, 0x203f...0x2040: true
    default: false
    }
  }
}
