/// Reads one JSON text and notes where each of its values stands. Strict: no duplicate names, no
/// lone surrogates, no invalid UTF-8, no numbers that a 64-bit integer or a finite double cannot
/// hold, nothing after the value. It keeps a stack of its own, so depth costs no call frames.
struct JSONIndexer {
  struct Frame {
    let place: Int
    let isObject: Bool
    let firstName: Int
    var seen: UInt64 = 0
  }

  let bytes: UnsafeBufferPointer<UInt8>
  private let limits: ReadingLimits
  var position = 0
  private var index: [JSONIndexEntry] = []
  private var open: [Frame] = []
  private var names = JSONNames()
  private var nameCount = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, _ limits: ReadingLimits) {
    self.bytes = bytes
    self.limits = limits
    // Pages of it that are never touched cost nothing.
    index.reserveCapacity(min(bytes.count / 8 + 16, limits.values &+ 1))
  }

  func error(_ message: String, at offset: Int? = nil) -> ReadingError {
    ReadingError(message, at: Position(ofByte: offset ?? position, in: bytes))
  }

  var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func run() throws -> [JSONIndexEntry] {
    try value()
    while let frame = open.last {
      skipSpace()
      if frame.isObject { try nextMember() } else { try nextElement() }
    }
    skipSpace()
    guard position == bytes.count else {
      throw error("expected the end of the text after the value")
    }
    return index
  }

  @inline(__always)
  mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20:
        position += 1
        // Indentation comes in long stretches.
        while position + 8 <= bytes.count, word(at: position) == 0x2020_2020_2020_2020 {
          position += 8
        }
      case 0x0a, 0x0d, 0x09: position += 1
      default: return
      }
    }
  }

  @inline(__always)
  func word(at offset: Int) -> UInt64 {
    UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped)
      .loadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }

  // MARK: Values

  /// Reads a scalar, or the beginning of a container.
  private mutating func value() throws {
    skipSpace()
    guard index.count - nameCount < limits.values else {
      throw error("more than \(limits.values) values")
    }
    guard open.count <= limits.depth else {
      throw error("nested deeper than \(limits.depth) levels")
    }
    switch current {
    case 0x22: try string()
    case 0x7b: begin(isObject: true)
    case 0x5b: begin(isObject: false)
    case .some(0x30...0x39), 0x2d: try number()
    case 0x74: try literal("true", .bool)
    case 0x66: try literal("false", .bool)
    case 0x6e: try literal("null", .null)
    case nil: throw error("the text ends where a value is expected")
    default: throw error("expected a value")
    }
  }

  @inline(__always)
  mutating func append(_ kind: JSONIndexEntry.Kind, start: Int, extent: Int) {
    index.append(JSONIndexEntry(kind, start: start, extent: extent))
  }

  private mutating func literal(_ word: StaticString, _ kind: JSONIndexEntry.Kind) throws {
    let count = word.utf8CodeUnitCount
    guard position + count <= bytes.count,
      (0..<count).allSatisfy({ bytes[position + $0] == word.utf8Start[$0] })
    else { throw error("expected a value") }
    append(kind, start: position, extent: count)
    position += count
  }

  private mutating func begin(isObject: Bool) {
    open.append(Frame(place: index.count, isObject: isObject, firstName: names.count))
    append(isObject ? .object : .array, start: position, extent: 0)
    position += 1
  }

  private mutating func end(_ frame: Frame) throws {
    position += 1
    open.removeLast()
    names.forget(since: frame.firstName)
    guard index.count <= JSONIndexEntry.greatestExtent else {
      throw error("more than \(JSONIndexEntry.greatestExtent) values")
    }
    index[frame.place] = JSONIndexEntry(
      frame.isObject ? .object : .array, start: index[frame.place].start, extent: index.count)
  }

  // MARK: Containers

  private mutating func nextElement() throws {
    let frame = open[open.count - 1]
    if current == 0x5d { return try end(frame) }
    if index.count > frame.place + 1 {
      guard current == 0x2c else { throw error("expected ',' or ']'") }
      position += 1
    }
    try value()
  }

  private mutating func nextMember() throws {
    let frame = open[open.count - 1]
    if current == 0x7d {
      if let twice = names.duplicate(since: frame.firstName, index, bytes) { throw stands(twice) }
      return try end(frame)
    }
    if index.count > frame.place + 1 {
      guard current == 0x2c else { throw error("expected ',' or '}'") }
      position += 1
      skipSpace()
    }
    guard current == 0x22 else { throw error("expected a name in double quotes") }
    let name = index.count
    nameCount += 1
    try string()
    let isNew = names.insert(
      name, since: frame.firstName, seen: &open[open.count - 1].seen, index, bytes)
    guard isNew else { throw stands(name) }
    skipSpace()
    guard current == 0x3a else {
      throw error("expected ':' after the name \"\(JSONText.string(index[name], bytes))\"")
    }
    position += 1
    try value()
  }

  private func stands(_ place: Int) -> ReadingError {
    error(
      "the name \"\(JSONText.string(index[place], bytes))\" stands twice in one object",
      at: index[place].start - 1)
  }
}
