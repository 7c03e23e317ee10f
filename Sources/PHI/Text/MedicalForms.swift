/// Endings of medical words in English, Spanish and German, so that a capitalised one that no list
/// knows is not taken for a name.
enum MedicalForms {
  private static let endings: [[UInt8]] = [
    "itis", "osis", "emia", "pathy", "ectomy", "oscopy", "graphy", "statin", "pril", "sartan",
    "cillin", "mycin",
    "azole", "olol", "oxacin", "tidine", "caine", "zepam", "oma", "ology", "ogen", "uria", "plasty",
    "logia", "grafia", "cion", "cion", "sion", "dad", "ismo", "iento", "patia", "tomia", "scopia",
    "terapia", "uria", "algia", "genesis", "metria", "mab", "nib", "gliptin", "glutide", "formin",
    "ungen", "ung", "heit", "keit", "schaft", "oterapia", "cina", "amida", "fungina", "micina",
    "icos", "icas",
  ].map { Array($0.utf8) }

  static func match(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
    guard end - start > 5 else { return false }
    return endings.contains { ending in
      guard end - start > ending.count + 1 else { return false }
      var place = end - 1
      for letter in ending.reversed() {
        // Accents of two bytes are folded: "ció" ends with C3 B3.
        var byte = bytes[place] | 0x20
        if bytes[place] & 0xc0 == 0x80, place > start + 1 {
          byte = bytes[place] | 0x20 == 0xb3 ? 0x6f : bytes[place] | 0x20 == 0xad ? 0x69 : 0
          place -= 1
        }
        guard byte == letter else { return false }
        place -= 1
        guard place >= start else { return false }
      }
      return true
    }
  }
}
