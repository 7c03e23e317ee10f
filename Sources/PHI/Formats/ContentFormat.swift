/// What form a content has, told by its first bytes and never by a file's name.
enum ContentFormat: Equatable {
  case text, sql, json, xml, separated, hl7, x12, dicom, utf16
  case gzip, zip, tar, ar, zstd, bzip2, xz
  /// A form that is known and not read, and whether its bytes are worth a look as text.
  case other(String, isText: Bool)

  static func of(_ head: [UInt8]) -> ContentFormat {
    if let packed = packed(head) { return packed }
    if DICOMReader.isDICOM(head) { return .dicom }
    if WidePieces.order(of: head) != nil { return .utf16 }
    return text(head)
  }

  private static func begins(_ head: [UInt8], _ bytes: [UInt8], at offset: Int = 0) -> Bool {
    head.count >= offset + bytes.count && head[offset...].starts(with: bytes)
  }

  private static func packed(_ head: [UInt8]) -> ContentFormat? {
    if begins(head, [0x1f, 0x8b]) { return .gzip }
    if begins(head, [0x50, 0x4b, 3, 4]) || begins(head, [0x50, 0x4b, 5, 6]) { return .zip }
    if begins(head, [0x28, 0xb5, 0x2f, 0xfd]) { return .zstd }
    // A frame that decoders step over may stand first (RFC 8878, 3.1.2).
    if head.count > 8, head[0] & 0xf0 == 0x50, begins(head, [0x2a, 0x4d, 0x18], at: 1) {
      return .zstd
    }
    if begins(head, Array("BZh".utf8)), head.count > 4, (0x31...0x39).contains(head[3]),
      head[4] == 0x31 || head[4] == 0x17
    {
      return .bzip2
    }
    if begins(head, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]) { return .xz }
    if begins(head, Array("ustar".utf8), at: 257) || TarPieces.isOld(head) { return .tar }
    if begins(head, Array("!<arch>\n".utf8)) { return .ar }
    for (name, magic, isText) in others where begins(head, magic) {
      return .other(name, isText: isText)
    }
    return nil
  }

  /// Forms that are told so that nobody takes them for clean.
  private static let others: [(String, [UInt8], Bool)] = [
    ("PDF", Array("%PDF-".utf8), true),
    ("7z", [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], false),
    ("RAR", Array("Rar!\u{1a}\u{7}".utf8), false),
    ("lz4", [0x04, 0x22, 0x4d, 0x18], false),
    ("lzip", Array("LZIP".utf8), false),
    ("compress", [0x1f, 0x9d], false),
    ("cpio", Array("07070".utf8), true),
    ("RPM", [0xed, 0xab, 0xee, 0xdb], false),
    ("an office document in Microsoft's old form", [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1], true),
    ("Parquet", Array("PAR1".utf8), true),
    ("Avro", [0x4f, 0x62, 0x6a, 0x01], true),
    ("a database of SQLite", Array("SQLite format 3\0".utf8), true),
    ("what OpenSSL encrypted", Array("Salted__".utf8), false),
    ("what age encrypted", Array("age-encryption.org/".utf8), false),
  ]

  private static func text(_ head: [UInt8]) -> ContentFormat {
    var start = begins(head, [0xef, 0xbb, 0xbf]) ? 3 : 0
    while start < head.count, head[start] <= 0x20 { start += 1 }
    let text = head[start...]
    if text.starts(with: "MSH".utf8) || text.starts(with: "FHS".utf8)
      || text.starts(with: "BHS".utf8),
      text.count > 8, !Checks.isLetter(text[start + 3] & 0xdf), text[start + 3] > 0x20,
      !Checks.isDigit(text[start + 3])
    {
      return .hl7
    }
    if text.starts(with: "ISA".utf8), text.count > 105, text[start + 3] == text[start + 6] {
      return .x12
    }
    if head.prefix(1 << 13).contains(0) { return .text }
    switch text.first {
    case 0x7b, 0x5b: return .json
    case 0x3c: return .xml
    default:
      if SQLFields.isDump(text) { return .sql }
      return SeparatedFields.separator(of: text) == nil ? .text : .separated
    }
  }
}
