import Reading

/// The names in a ZIP archive's central directory (APPNOTE 4.3.12); nothing is unpacked.
struct ZipNames {
  private static let directoryLimit = 32 << 20
  private static let countLimit = 200_000

  /// Reads the names.
  ///
  /// - Throws: `ReadingError` for an archive that is cut off, has no directory where it says so, or
  ///   too many entries.
  static func read(_ file: ArtifactBytes) throws -> [String] {
    let length = Int(min(file.size, 22 + 65_535))
    let start = file.size - Int64(length)
    let tail = try file.read(at: start, length)
    let mark: [UInt8] = [0x50, 0x4b, 0x05, 0x06]
    guard
      let end = stride(from: tail.count - 22, through: 0, by: -1).first(where: {
        tail.has(mark, at: $0) && $0 + 22 + Int(tail.number(at: $0 + 20, 2)) == tail.count
      })
    else { throw ReadingError("the ZIP archive has no end: it is cut off") }
    let count = Int(tail.number(at: end + 10, 2))
    let size = Int(tail.number(at: end + 12, 4))
    let offset = Int64(tail.number(at: end + 16, 4))
    guard count != 0xffff, offset != 0xffff_ffff else {
      throw ReadingError("the ZIP archive is of the ZIP64 form, which is not read")
    }
    guard size <= directoryLimit, count <= countLimit, offset + Int64(size) <= start + Int64(end)
    else { throw ReadingError("the ZIP archive's directory is not where it says") }
    let bytes = try file.read(at: offset, size)
    var names: [String] = []
    var place = 0
    while names.count < count {
      guard bytes.has([0x50, 0x4b, 0x01, 0x02], at: place), place + 46 <= bytes.count else {
        throw ReadingError("the ZIP archive's directory is not whole")
      }
      let lengths = [28, 30, 32].map { Int(bytes.number(at: place + $0, 2)) }
      let name = place + 46
      guard name + lengths.reduce(0, +) <= bytes.count else {
        throw ReadingError("the ZIP archive's directory is not whole")
      }
      names.append(String(decoding: bytes[name..<name + lengths[0]], as: UTF8.self))
      place = name + lengths.reduce(0, +)
    }
    return names
  }
}
