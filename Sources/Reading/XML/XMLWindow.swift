/// The part of a document that is being read, as UTF-8; what was read is forgotten.
struct XMLWindow {
  /// Greatest number of bytes of one tag, text or attribute.
  static let greatestToken = 64 << 20
  private static let forgotten = 1 << 16

  private(set) var bytes: [UInt8] = []
  var position = 0
  /// Where the last event began.
  private(set) var start = 0
  private let parts: () throws -> [UInt8]
  private var decoder = XMLDecoder()
  private let limit: Int
  private var taken = 0
  private var isAtEnd = false
  private var linesBefore = 0
  private var columnsBefore = 0

  init(_ parts: @escaping () throws -> [UInt8], limit: Int) {
    self.parts = parts
    self.limit = limit
  }

  var current: UInt8 { bytes[position] }

  /// The text from a byte to the position.
  @inline(__always)
  func text(_ from: Int) -> String {
    bytes.withUnsafeBufferPointer {
      String(decoding: UnsafeBufferPointer(rebasing: $0[from..<position]), as: UTF8.self)
    }
  }

  /// Line and column of a byte.
  func place(of offset: Int) -> Position {
    let place = Position(ofByte: offset, in: bytes)
    return Position(
      line: place.line + linesBefore,
      column: place.column + (place.line == 1 ? columnsBefore : 0))
  }

  /// Begins an event at the position, forgetting what was read.
  ///
  /// - Returns: `false` at the end of the document.
  @inline(__always)
  mutating func begin() throws -> Bool {
    if position >= Self.forgotten, position * 2 >= bytes.count { drop(position) }
    start = position
    return position < bytes.count ? true : try more()
  }

  /// Forgets what was read of the event itself, where nobody asks for it.
  @inline(__always)
  mutating func forget() {
    if position >= Self.forgotten, position * 2 >= bytes.count { drop(position) }
  }

  private mutating func drop(_ count: Int) {
    let place = place(of: count)
    linesBefore = place.line - 1
    columnsBefore = place.column - 1
    bytes.removeSubrange(0..<count)
    position -= count
    start = max(0, start - count)
  }

  /// Takes the next part.
  ///
  /// - Returns: `false` when there is none.
  mutating func more() throws -> Bool {
    while !isAtEnd {
      let part = try parts()
      taken += part.count
      guard taken <= limit else {
        throw ReadingError("the text has more than the \(limit) bytes allowed")
      }
      let isFirst = bytes.isEmpty && taken == part.count
      guard bytes.count - start <= Self.greatestToken || isFirst else {
        throw ReadingError(
          "one tag or text has more than \(Self.greatestToken) bytes", at: place(of: start))
      }
      let count = bytes.count
      if part.isEmpty {
        isAtEnd = true
        try decoder.finish(into: &bytes)
      } else {
        try decoder.decode(part, into: &bytes)
      }
      if bytes.count > count { return true }
    }
    return false
  }

  /// The byte at the position; `nil` at the end of the document.
  @inline(__always)
  mutating func currentOrMore() throws -> UInt8? {
    if position < bytes.count { return bytes[position] }
    return try more() ? bytes[position] : nil
  }

  /// The byte so many places on; `nil` when the document ends before it.
  @inline(__always)
  mutating func byte(after count: Int) throws -> UInt8? {
    while position + count >= bytes.count {
      guard try more() else { return nil }
    }
    return bytes[position + count]
  }

  /// Moves over bytes that need no look: what is not markup, a reference, a bracket, a control
  /// character or the beginning of what might be a non-character.
  ///
  /// - Parameter includingMarkup: whether `<` and `&` need none either, as in CDATA sections.
  @inline(__always)
  mutating func skipPlain(includingMarkup: Bool = false) {
    position = bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return position }
      let raw = UnsafeRawPointer(base)
      let ones: UInt64 = 0x0101_0101_0101_0101
      var place = position
      while place + 8 <= bytes.count {
        let word = raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        let bracket = word ^ 0x5d5d_5d5d_5d5d_5d5d
        let mark = word ^ 0xefef_efef_efef_efef
        var marked =
          (bracket &- ones) & ~bracket | (mark &- ones) & ~mark
          | (word &- 0x2020_2020_2020_2020) & ~word
        if !includingMarkup {
          let less = word ^ 0x3c3c_3c3c_3c3c_3c3c
          let reference = word ^ 0x2626_2626_2626_2626
          marked |= (less &- ones) & ~less | (reference &- ones) & ~reference
        }
        marked &= 0x8080_8080_8080_8080
        if marked != 0 { return place + marked.trailingZeroBitCount >> 3 }
        place += 8
      }
      return place
    }
  }

  /// The first byte from the position on that ends a plain stretch of an attribute's value.
  @inline(__always)
  func valueEnd(_ quote: UInt8) -> Int {
    bytes.withUnsafeBufferPointer { bytes in
      var place = position
      while place < bytes.count {
        let byte = bytes[place]
        if byte == quote || byte < 0x20 || byte == 0x26 || byte == 0x3c || byte == 0xef { break }
        place += 1
      }
      return place
    }
  }
}
