/// The 512-byte header of a regular file in a POSIX ustar archive (IEEE Std 1003.1, pax, "ustar
/// Interchange Format").
struct TarHeader {
  static let block = 512
  private static let magic: [UInt8] = Array("ustar\u{0}00".utf8)

  let name: String
  let size: Int64

  /// Whether a path is relative, of plain ASCII, without empty, `.` and `..` parts, and of at most
  /// 100 bytes.
  static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 100
      && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != 0x5c }
      && name.split(separator: "/", omittingEmptySubsequences: false)
        .allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
  }

  /// The header's bytes; equal files have equal headers: no owner, no time.
  var bytes: [UInt8] {
    var header = [UInt8](repeating: 0, count: Self.block)
    func put(_ text: some Sequence<UInt8>, at offset: Int) {
      for (place, byte) in text.enumerated() { header[offset + place] = byte }
    }
    func octal(_ value: Int64, _ width: Int) -> [UInt8] {
      let digits = String(value, radix: 8)
      return Array((String(repeating: "0", count: width - digits.utf8.count) + digits).utf8)
    }
    put(name.utf8, at: 0)
    put(octal(0o644, 7), at: 100)
    put(octal(0, 7), at: 108)
    put(octal(0, 7), at: 116)
    put(octal(size, 11), at: 124)
    put(octal(0, 11), at: 136)
    put("0".utf8, at: 156)
    put(Self.magic, at: 257)
    put(octal(Self.checksum(header), 6) + [0, 0x20], at: 148)
    return header
  }

  /// The sum of all bytes, those of the checksum itself taken as spaces.
  private static func checksum(_ header: some Sequence<UInt8>) -> Int64 {
    header.enumerated().reduce(0) { sum, byte in
      sum + ((148..<156).contains(byte.offset) ? 0x20 : Int64(byte.element))
    }
  }

  init(name: String, size: Int64) {
    self.name = name
    self.size = size
  }

  /// Reads a header; only the form that `bytes` writes is taken, so that nothing in it is looked at
  /// by nobody.
  ///
  /// - Throws: `ReadingError`.
  init(_ header: [UInt8]) throws {
    guard header.count == Self.block else { throw ReadingError("the archive is cut off") }
    let digits = String(decoding: header[124..<135], as: UTF8.self)
    guard let name = String(validating: header[0..<100].prefix { $0 != 0 }, as: UTF8.self),
      Self.isName(name), let size = Int64(digits, radix: 8), size >= 0
    else { throw ReadingError("the archive holds a file with a name or size that is not taken") }
    self.init(name: name, size: size)
    guard header == bytes else {
      throw ReadingError(
        "the archive's header of \(name) is not of a regular file as this program writes it")
    }
  }
}
