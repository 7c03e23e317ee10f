/// Tells what a text is by the text itself.
enum Medium {
  /// Whether bytes are no text: there is a zero among them.
  static func isBinary(_ bytes: some Collection<UInt8>) -> Bool { bytes.contains(0) }

  /// Whether a text speaks of people in care: prose, with many words of the clinic.
  static func isClinical(_ tokens: UnsafeBufferPointer<Token>) -> Bool {
    var words = 0
    var clinical = 0
    var code = 0
    for token in tokens {
      if token.sort == .word {
        words += 1
        // A piece of base64 or of a name in code is no word of the clinic.
        // Short ones ("bp", "dx", "mg") name registers and files as well.
        if token.gap != .none, token.count > 2, token.flags.contains(.clinical) { clinical += 1 }
      } else if token.sort == .sign {
        switch token.byte {
        case 0x7b, 0x7d, 0x3b, 0x3d, 0x5f, 0x24, 0x5c, 0x2a, 0x40, 0x5b, 0x5d, 0x3c, 0x3e: code += 1
        default: break
        }
      }
    }
    return clinical >= 3 && clinical * 25 >= words && code * 6 <= words
  }
}
