/// What stands in an XML document, in order.
public enum XMLEvent: Hashable, Sendable {
  /// One attribute: its name as written, and its value with references resolved.
  public struct Attribute: Hashable, Sendable {
    /// The name as written, prefix included.
    public let name: String
    /// The value, white space made spaces (XML 1.0, section 3.3.3).
    public let value: String

    /// One attribute.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// An element begins; an empty one is followed by its end.
  case start(String, [Attribute])
  /// An element ends.
  case end(String)
  /// Text, references resolved; one stretch may come in several parts.
  case text(String)
}

/// Reads one XML 1.0 document, strictly, as a stream of events.
///
/// Document types are refused, and with them entities of any kind but the five predefined ones:
/// nothing outside the bytes is ever read. Namespaces are not resolved. Columns are those of the
/// document's UTF-8 form.
public struct XMLReader {
  let bytes: [UInt8]
  let limits: ReadingLimits
  private let keepsText: Bool
  var position = 0
  private var start = 0
  private var values = 0
  private var open: [String] = []
  private var pendingEnd: String?
  private var hasRoot = false

  /// Begins to read.
  ///
  /// - Parameter keepsText: whether text is reported; it is checked in any case.
  /// - Throws: `ReadingError` for too many bytes or an encoding that is not taken.
  public init(_ bytes: [UInt8], limits: ReadingLimits = .report, keepsText: Bool = true) throws {
    guard bytes.count <= limits.bytes else {
      throw ReadingError("the text has \(bytes.count) bytes, more than the \(limits.bytes) allowed")
    }
    self.bytes = try XMLEncoding.decode(bytes)
    self.limits = limits
    self.keepsText = keepsText
    try declaration()
  }

  /// Where the last event began.
  public var place: Position { Position(ofByte: start, in: bytes) }

  /// The next event; `nil` at the end of a well-formed document.
  ///
  /// - Throws: `ReadingError` with line and column when the document is not well-formed, beyond
  ///   the limits, or has a document type.
  public mutating func next() throws -> XMLEvent? {
    if let name = pendingEnd {
      pendingEnd = nil
      return .end(name)
    }
    while position < bytes.count {
      start = position
      if bytes[position] != 0x3c {
        if let event = try text() { return event }
      } else if take("<!--") {
        try comment()
      } else if take("<![CDATA[") {
        if let event = try section() { return event }
      } else if take("<?") {
        try instruction()
      } else if take("<!") {
        throw error("document types are not taken; remove the DOCTYPE", at: start)
      } else if take("</") {
        return try endTag()
      } else {
        return try startTag()
      }
    }
    start = position
    if let name = open.last { throw error("the document ends inside <\(name)>") }
    guard hasRoot else { throw error("the document has no element") }
    return nil
  }

  // MARK: Markup

  private mutating func startTag() throws -> XMLEvent {
    position += 1
    let name = try self.name("a name after '<'")
    guard !(hasRoot && open.isEmpty) else {
      throw error("a second element stands after the first one's end", at: start)
    }
    guard open.count < limits.depth else {
      throw error("nested deeper than \(limits.depth) levels", at: start)
    }
    try count()
    var attributes: [XMLEvent.Attribute] = []
    while true {
      let hadSpace = skipSpace()
      guard position < bytes.count else { throw error("the document ends inside <\(name)>") }
      if take("/>") {
        pendingEnd = name
        break
      }
      if take(">") {
        open.append(name)
        break
      }
      guard hadSpace else { throw error("expected white space, '>' or '/>' in <\(name)>") }
      let attribute = try self.attribute()
      guard !attributes.contains(where: { $0.name.utf8.elementsEqual(attribute.name.utf8) }) else {
        throw error("the attribute \(attribute.name) stands twice in <\(name)>")
      }
      try count()
      attributes.append(attribute)
    }
    hasRoot = true
    return .start(name, attributes)
  }

  private mutating func endTag() throws -> XMLEvent {
    let name = try self.name("a name after '</'")
    skipSpace()
    guard take(">") else { throw error("expected '>' after </\(name)") }
    guard let last = open.last, last.utf8.elementsEqual(name.utf8) else {
      throw error(
        open.last.map { "expected </\($0)>, found </\(name)>" }
          ?? "</\(name)> ends an element that was not begun", at: start)
    }
    open.removeLast()
    return .end(name)
  }

  private mutating func comment() throws {
    try skip(to: "--", "a comment")
    guard take(">") else { throw error("'--' must not stand inside a comment") }
  }

  private mutating func instruction() throws {
    let target = try name("a target after '<?'")
    guard target.lowercased() != "xml" else {
      throw error("the XML declaration must stand at the very beginning", at: start)
    }
    guard position < bytes.count, XMLCharacters.isSpace(bytes[position]) || peek("?>") else {
      throw error("expected white space or '?>' after the target \(target)")
    }
    try skip(to: "?>", "a processing instruction")
  }

  private mutating func section() throws -> XMLEvent? {
    guard !open.isEmpty else {
      throw error("a CDATA section must stand inside an element", at: start)
    }
    let from = position
    try skip(to: "]]>", "a CDATA section")
    guard keepsText, position - 3 > from else { return nil }
    try count()
    return .text(Self.normalized(bytes[from..<position - 3]))
  }

  private mutating func text() throws -> XMLEvent? {
    let isOutside = open.isEmpty
    var content: [UInt8] = []
    let from = position
    var isPlain = true
    while position < bytes.count, bytes[position] != 0x3c {
      let byte = bytes[position]
      if isOutside, !XMLCharacters.isSpace(byte) {
        throw error("text must stand inside an element")
      }
      if byte == 0x26 {
        if isPlain, keepsText { content = Array(Self.normalized(bytes[from..<position]).utf8) }
        isPlain = false
        let scalar = try reference()
        if keepsText { content.append(contentsOf: UTF8.encode(scalar) ?? .init()) }
        continue
      }
      if byte == 0x5d, peek("]]>") { throw error("']]>' must not stand in text") }
      try checkCharacter(byte)
      if !isPlain, keepsText { content.append(byte == 0x0d ? 0x0a : byte) }
      // A carriage return and the line feed after it are one line end (section 2.11).
      position += !isPlain && peek("\r\n") ? 2 : 1
    }
    guard keepsText, !isOutside else { return nil }
    try count()
    return .text(
      isPlain
        ? Self.normalized(bytes[from..<position]) : String(decoding: content, as: UTF8.self))
  }

  // MARK: Help

  mutating func count() throws {
    values += 1
    guard values <= limits.values else { throw error("more than \(limits.values) values") }
  }

  /// Moves behind `end`, checking the characters on the way.
  private mutating func skip(to end: StaticString, _ what: String) throws {
    let first = end.utf8Start[0]
    while position < bytes.count {
      let byte = bytes[position]
      if byte == first, take(end) { return }
      try checkCharacter(byte)
      position += 1
    }
    throw error("the document ends inside \(what)", at: start)
  }
}
