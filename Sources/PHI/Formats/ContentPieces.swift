import Reading

/// A content of contents that comes in pieces.
protocol ContentPieces: AnyObject {
  /// Takes the next bytes.
  ///
  /// - Throws: `ReadingError` when it cannot be read on.
  func add(_ bytes: [UInt8]) throws
  /// Ends it.
  ///
  /// - Throws: `ReadingError` when it is cut off.
  func end() throws
}

/// What is compressed as a whole.
final class ExpandedPieces: ContentPieces {
  private let log: ScanLog
  private let inner: ContentScan?
  private let expander: any Expander

  init(_ outer: ContentScan, _ name: String, _ expander: any Expander) {
    log = outer.log
    inner = outer.inner(name, setting: outer.setting)
    self.expander = expander
  }

  func add(_ bytes: [UInt8]) throws {
    guard let inner else { return }
    try expander.add(bytes) { piece in
      try log.count(expanded: piece.count)
      inner.guarded { try inner.add(piece) }
    }
  }

  func end() throws {
    guard let inner else { return }
    // What came out is looked at to its end, though the rest may be missing.
    defer { inner.guarded { try inner.end() } }
    try expander.end()
  }
}

/// The header of gzip.
enum GzipHeader {
  /// The name that it holds (RFC 1952, 2.3.1).
  static func name(_ head: [UInt8]) -> String? {
    guard head.count > 12, head[3] & 8 != 0 else { return nil }
    var start = 10
    if head[3] & 4 != 0 { start += 2 + Int(head[10]) + Int(head[11]) << 8 }
    guard start < head.count else { return nil }
    return String(decoding: head[start...].prefix(4096).prefix { $0 != 0 }, as: UTF8.self)
  }
}

/// Text in UTF-16, made UTF-8. Places are those of the text in UTF-8.
final class WidePieces: ContentPieces {
  private let inner: ContentScan?
  private let isBig: Bool
  private var rest: [UInt8] = []
  private var high: UInt16?

  init(_ outer: ContentScan, _ head: [UInt8]) {
    inner = outer.inner("UTF-16", setting: outer.setting)
    isBig = Self.order(of: head) == .big
  }

  enum Order { case big, little }

  /// The order of the bytes, by the mark at the beginning or by where the zeros of ASCII stand.
  static func order(of head: [UInt8]) -> Order? {
    guard head.count >= 4 else { return nil }
    if head[0] == 0xff, head[1] == 0xfe, head[2] != 0 || head[3] != 0 { return .little }
    if head[0] == 0xfe, head[1] == 0xff { return .big }
    let sample = head.prefix(512)
    guard sample.count >= 16 else { return nil }
    var zeros = [0, 0]
    var signs = [0, 0]
    for (index, byte) in sample.enumerated() {
      if byte == 0 { zeros[index & 1] += 1 }
      if byte >= 0x20 && byte < 0x7f || byte == 0x0a || byte == 0x0d || byte == 0x09 {
        signs[index & 1] += 1
      }
    }
    let most = sample.count / 2 * 9 / 10
    if zeros[1] >= most, signs[0] >= most { return .little }
    if zeros[0] >= most, signs[1] >= most { return .big }
    return nil
  }

  func add(_ bytes: [UInt8]) throws {
    guard let inner else { return }
    rest += bytes
    var text: [UInt8] = []
    text.reserveCapacity(rest.count)
    var place = 0
    while place + 1 < rest.count {
      let (first, second) = (UInt16(rest[place]), UInt16(rest[place + 1]))
      put(isBig ? first << 8 | second : second << 8 | first, &text)
      place += 2
    }
    rest.removeFirst(place)
    inner.guarded { try inner.add(text) }
  }

  private func put(_ unit: UInt16, _ text: inout [UInt8]) {
    if unit < 0x80 {
      text.append(UInt8(unit))
    } else if unit & 0xfc00 == 0xd800 {
      high = unit
    } else if unit & 0xfc00 == 0xdc00 {
      guard let first = high else { return }
      high = nil
      let code = 0x10000 + (UInt32(first) & 0x3ff) << 10 + UInt32(unit) & 0x3ff
      if let scalar = Unicode.Scalar(code) { text += Array(String(Character(scalar)).utf8) }
    } else if unit != 0xfeff, let scalar = Unicode.Scalar(unit) {
      text += Array(String(Character(scalar)).utf8)
    }
  }

  func end() throws { if let inner { inner.guarded { try inner.end() } } }
}
