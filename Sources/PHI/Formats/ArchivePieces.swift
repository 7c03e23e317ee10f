import Reading

/// A tar archive (POSIX.1, and GNU's long names and sizes).
final class TarPieces: ContentPieces {
  private let outer: ContentScan
  private var header: [UInt8] = []
  private var inner: ContentScan?
  private var left = 0
  private var padding = 0
  private var longName: [UInt8]?
  private var isLongName = false

  init(_ outer: ContentScan) { self.outer = outer }

  /// Whether it is the form before POSIX, which has no sign but the header's sum.
  static func isOld(_ head: [UInt8]) -> Bool {
    guard head.count >= 512, head[0] > 0x20, head[0] < 0x7f, head[155] == 0x20 || head[155] == 0,
      let said = number(head[148..<156])
    else { return false }
    var sum = 0
    for (index, byte) in head[..<512].enumerated() {
      sum += (148..<156).contains(index) ? 0x20 : Int(byte)
    }
    return sum == said && number(head[124..<136]) != nil
  }

  /// A number of the header: octal, or GNU's form of bytes.
  private static func number(_ field: ArraySlice<UInt8>) -> Int? {
    if let first = field.first, first == 0x80 {
      let bytes = field.dropFirst()
      guard bytes.dropLast(8).allSatisfy({ $0 == 0 }) else { return nil }
      let value = bytes.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return value < 1 << 56 ? Int(value) : nil
    }
    let digits = field.drop { $0 == 0x20 }.prefix { (0x30...0x37).contains($0) }
    guard !digits.isEmpty, digits.count <= 12 else { return nil }
    return digits.reduce(0) { $0 << 3 | Int($1 & 7) }
  }

  func add(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      if left > 0 {
        let piece = rest.prefix(left)
        left -= piece.count
        rest = rest.dropFirst(piece.count)
        if isLongName {
          if (longName?.count ?? 0) < 4096 { longName = (longName ?? []) + piece }
        } else if let inner {
          inner.guarded { try inner.add(Array(piece)) }
        }
        if left == 0 { close() }
      } else if padding > 0 {
        let piece = rest.prefix(padding)
        padding -= piece.count
        rest = rest.dropFirst(piece.count)
      } else {
        let piece = rest.prefix(512 - header.count)
        header += piece
        rest = rest.dropFirst(piece.count)
        if header.count == 512 { try open() }
      }
    }
  }

  func end() throws {
    if left > 0 { close() }
    guard left == 0, header.isEmpty || header.allSatisfy({ $0 == 0 }) else {
      throw ReadingError("the archive is cut off")
    }
  }

  private func open() throws {
    defer { header = [] }
    guard header.contains(where: { $0 != 0 }) else { return }
    let sort = header[156]
    let hasContent = !(0x31...0x36).contains(sort)
    guard let size = Self.number(header[124..<136]) ?? (hasContent ? nil : 0) else {
      throw ReadingError("the archive has a header with a size that is not read")
    }
    // Links and folders have no content, whatever their header says.
    left = hasContent ? size : 0
    padding = (512 - left % 512) % 512
    isLongName = sort == UInt8(ascii: "L") || sort == UInt8(ascii: "K")
    if isLongName {
      longName = []
    } else {
      let name = longName.map(text) ?? ownName()
      longName = nil
      outer.look(at: name)
      if !hasContent { outer.look(at: text(Array(header[157..<257]))) }
      // Whatever its sort, what has bytes is looked at.
      inner = hasContent ? outer.inner(name, setting: outer.setting) : nil
    }
    if left == 0 { close() }
  }

  private func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// POSIX splits longer names into two fields.
  private func ownName() -> String {
    let name = text(Array(header[0..<100]))
    guard header[257..<263].elementsEqual("ustar\0".utf8), header[345] != 0 else { return name }
    return text(Array(header[345..<500])) + "/" + name
  }

  private func close() {
    if isLongName, let longName { outer.look(at: text(longName)) }
    if let inner { inner.guarded { try inner.end() } }
    inner = nil
    isLongName = false
  }
}

/// An archive of `ar`: libraries of objects, and Debian's packages.
final class ArPieces: ContentPieces {
  private let outer: ContentScan
  private var header: [UInt8] = []
  private var inner: ContentScan?
  private var skipped = 8
  private var left = 0
  private var isOdd = false

  init(_ outer: ContentScan) { self.outer = outer }

  func add(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      if skipped > 0 {
        let count = min(skipped, rest.count)
        skipped -= count
        rest = rest.dropFirst(count)
      } else if left > 0 {
        let piece = rest.prefix(left)
        left -= piece.count
        rest = rest.dropFirst(piece.count)
        if let inner { inner.guarded { try inner.add(Array(piece)) } }
        if left == 0 { close() }
      } else {
        let piece = rest.prefix(60 - header.count)
        header += piece
        rest = rest.dropFirst(piece.count)
        if header.count == 60 { try open() }
      }
    }
  }

  func end() throws {
    let isWhole = left == 0 && header.isEmpty
    close()
    guard isWhole else { throw ReadingError("the archive is cut off") }
  }

  private func open() throws {
    defer { header = [] }
    let name = String(decoding: header[0..<16].prefix { $0 > 0x20 && $0 != 0x2f }, as: UTF8.self)
    let digits = header[48..<58].prefix(while: Checks.isDigit)
    guard header[58] == 0x60, header[59] == 0x0a,
      let size = Int(String(decoding: digits, as: UTF8.self))
    else { throw ReadingError("the archive has a header that is not read") }
    left = size
    isOdd = size % 2 == 1
    inner = outer.inner(name.isEmpty ? "index" : name, setting: outer.setting)
    if left == 0 { close() }
  }

  private func close() {
    if let inner { inner.guarded { try inner.end() } }
    inner = nil
    skipped = isOdd ? 1 : 0
    isOdd = false
  }
}
