/// What form a content has, told by its first bytes and never by a file's name.
enum ContentFormat {
  case text, sql, json, xml, separated, hl7, x12, dicom, gzip, zip, tar, zstd, bzip2, xz

  static func of(_ head: [UInt8]) -> ContentFormat {
    func begins(_ bytes: [UInt8], at offset: Int = 0) -> Bool {
      head.count >= offset + bytes.count && head[offset...].starts(with: bytes)
    }
    if begins([0x1f, 0x8b]) { return .gzip }
    if begins([0x50, 0x4b, 3, 4]) || begins([0x50, 0x4b, 5, 6]) { return .zip }
    if begins([0x28, 0xb5, 0x2f, 0xfd]) { return .zstd }
    if begins(Array("BZh".utf8)), head.count > 4, (0x31...0x39).contains(head[3]), head[4] == 0x31 {
      return .bzip2
    }
    if begins([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]) { return .xz }
    if begins(Array("DICM".utf8), at: 128) { return .dicom }
    if begins(Array("ustar".utf8), at: 257) { return .tar }
    var start = begins([0xef, 0xbb, 0xbf]) ? 3 : 0
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
