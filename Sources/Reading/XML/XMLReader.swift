/// Reads one XML 1.0 document, strictly, as a stream of events.
///
/// Entities of any kind but the five predefined ones are refused: nothing outside the bytes is ever
/// read. Namespaces are not resolved. Columns are those of the document's UTF-8 form. A document
/// that comes in parts is never held as a whole, only the part around the place that is read.
public struct XMLReader {
  var window: XMLWindow
  let limits: ReadingLimits
  /// Whether text is reported; it is checked in any case.
  public var keepsText: Bool
  private let documentType: XMLDocumentType
  private var values = 0
  private var open: [String] = []
  private var pendingEnd: String?
  private var hasRoot = false
  /// Whether a document type was declared.
  public private(set) var hasDocumentType = false

  /// Begins to read bytes.
  ///
  /// - Parameter keepsText: whether text is reported; it is checked in any case.
  /// - Throws: `ReadingError` for too many bytes or an encoding that is not taken.
  public init(_ bytes: [UInt8], limits: ReadingLimits = .report, keepsText: Bool = true) throws {
    guard bytes.count <= limits.bytes else {
      throw ReadingError("the text has \(bytes.count) bytes, more than the \(limits.bytes) allowed")
    }
    var rest: [UInt8]? = bytes
    try self.init(
      parts: {
        defer { rest = nil }
        return rest ?? []
      }, limits: limits, keepsText: keepsText)
  }

  /// Begins to read a document that comes in parts.
  ///
  /// - Parameter parts: gives the next bytes; none at the end.
  /// - Throws: `ReadingError` for an encoding that is not taken, or what `parts` throws.
  public init(
    parts: @escaping () throws -> [UInt8], limits: ReadingLimits = .stream, keepsText: Bool = true,
    document: XMLDocumentType = .refused
  ) throws {
    window = XMLWindow(parts, limit: limits.bytes)
    self.limits = limits
    self.keepsText = keepsText
    documentType = document
    _ = try window.more()
    try declaration()
  }

  /// Where the last event began.
  public var place: Position { window.place(of: window.start) }

  /// The next event; `nil` at the end of a well-formed document.
  ///
  /// - Throws: `ReadingError` with line and column when the document is not well-formed, beyond
  ///   the limits, or has a document type that is refused.
  public mutating func next() throws -> XMLEvent? {
    if let name = pendingEnd {
      pendingEnd = nil
      return .end(name)
    }
    while try window.begin() {
      if window.current != 0x3c {
        if let event = try text() { return event }
        continue
      }
      switch try window.byte(after: 1) {
      case 0x2f:
        window.position += 2
        return try endTag()
      case 0x3f:
        window.position += 2
        try instruction()
      case 0x21:
        if try take("<!--") {
          try comment()
        } else if try take("<![CDATA[") {
          if let event = try section() { return event }
        } else if try take("<!DOCTYPE") {
          try doctype()
        } else {
          throw error("expected a comment, a CDATA section or an element", at: window.start)
        }
      default: return try startTag()
      }
    }
    if let name = open.last { throw error("the document ends inside <\(name)>") }
    guard hasRoot else { throw error("the document has no element") }
    return nil
  }

  // MARK: Markup

  private mutating func startTag() throws -> XMLEvent {
    window.position += 1
    let name = try self.name("a name after '<'")
    guard !(hasRoot && open.isEmpty) else {
      throw error("a second element stands after the first one's end", at: window.start)
    }
    guard open.count < limits.depth else {
      throw error("nested deeper than \(limits.depth) levels", at: window.start)
    }
    try count()
    var attributes: [XMLEvent.Attribute] = []
    while true {
      let hadSpace = try skipSpace()
      switch try window.currentOrMore() {
      case nil: throw error("the document ends inside <\(name)>")
      case 0x3e:
        window.position += 1
        open.append(name)
        hasRoot = true
        return .start(name, attributes)
      case 0x2f where try take("/>"):
        pendingEnd = name
        hasRoot = true
        return .start(name, attributes)
      default: break
      }
      guard hadSpace else { throw error("expected white space, '>' or '/>' in <\(name)>") }
      let attribute = try self.attribute()
      guard !attributes.contains(where: { $0.name.utf8.elementsEqual(attribute.name.utf8) }) else {
        throw error("the attribute \(attribute.name) stands twice in <\(name)>")
      }
      try count()
      attributes.append(attribute)
    }
  }

  private mutating func endTag() throws -> XMLEvent {
    let name = try self.name("a name after '</'")
    _ = try skipSpace()
    guard try take(">") else { throw error("expected '>' after </\(name)") }
    guard let last = open.last, last.utf8.elementsEqual(name.utf8) else {
      throw error(
        open.last.map { "expected </\($0)>, found </\(name)>" }
          ?? "</\(name)> ends an element that was not begun", at: window.start)
    }
    open.removeLast()
    return .end(last)
  }

  private mutating func comment() throws {
    try skip(to: "--", "a comment")
    guard try take(">") else { throw error("'--' must not stand inside a comment") }
  }

  private mutating func instruction() throws {
    let target = try name("a target after '<?'")
    guard target.lowercased() != "xml" else {
      throw error("the XML declaration must stand at the very beginning", at: window.start)
    }
    let isSpace = try window.currentOrMore().map(XMLCharacters.isSpace) ?? false
    guard try isSpace || peek("?>") else {
      throw error("expected white space or '?>' after the target \(target)")
    }
    try skip(to: "?>", "a processing instruction")
  }

  /// Passes over a document type that only names an external subset.
  private mutating func doctype() throws {
    guard documentType == .external else {
      throw error("document types are not taken; remove the DOCTYPE", at: window.start)
    }
    guard !hasRoot, !hasDocumentType else {
      throw error("a DOCTYPE must stand once, before the first element", at: window.start)
    }
    hasDocumentType = true
    var quote: UInt8?
    while let byte = try window.currentOrMore() {
      try checkCharacter(byte)
      window.position += 1
      switch (quote, byte) {
      case (nil, 0x3e): return
      case (nil, 0x5b), (nil, 0x3c):
        throw error("a DOCTYPE with declarations of its own is not taken", at: window.start)
      case (nil, 0x22), (nil, 0x27): quote = byte
      case (byte, _): quote = nil
      default: break
      }
    }
    throw error("the document ends inside a DOCTYPE", at: window.start)
  }

  private mutating func section() throws -> XMLEvent? {
    guard !open.isEmpty else {
      throw error("a CDATA section must stand inside an element", at: window.start)
    }
    let from = window.position
    try skip(to: "]]>", "a CDATA section", keeping: keepsText)
    guard keepsText, window.position - 3 > from else { return nil }
    try count()
    return .text(Self.normalized(window.bytes[from..<window.position - 3]))
  }

  private mutating func text() throws -> XMLEvent? {
    let isOutside = open.isEmpty
    var content: [UInt8] = []
    while let byte = try window.currentOrMore(), byte != 0x3c {
      if isOutside, !XMLCharacters.isSpace(byte) {
        throw error("text must stand inside an element")
      }
      if byte == 0x26 {
        let scalar = try reference()
        if keepsText { content.append(contentsOf: UTF8.encode(scalar) ?? .init()) }
        continue
      }
      let from = window.position
      if !isOutside { window.skipPlain() }
      if window.position > from {
        if keepsText { content.append(contentsOf: window.bytes[from..<window.position]) }
        continue
      }
      if byte == 0x5d, try peek("]]>") { throw error("']]>' must not stand in text") }
      try checkCharacter(byte)
      // A carriage return and the line feed after it are one line end (section 2.11).
      if keepsText { content.append(byte == 0x0d ? 0x0a : byte) }
      window.position += try byte == 0x0d && peek("\r\n") ? 2 : 1
      if !keepsText { window.forget() }
    }
    guard keepsText, !isOutside, !content.isEmpty else { return nil }
    try count()
    return .text(String(decoding: content, as: UTF8.self))
  }

  // MARK: Help

  mutating func count() throws {
    values += 1
    guard values <= limits.values else { throw error("more than \(limits.values) values") }
  }

  /// Moves behind `end`, checking the characters on the way.
  private mutating func skip(
    to end: StaticString, _ what: String, keeping: Bool = false
  ) throws {
    let first = end.utf8Start[0]
    while let byte = try window.currentOrMore() {
      if byte == first, try take(end) { return }
      let from = window.position
      if first == 0x5d { window.skipPlain(includingMarkup: true) }
      guard window.position == from else { continue }
      try checkCharacter(byte)
      window.position += 1
      if !keeping { window.forget() }
    }
    throw error("the document ends inside \(what)", at: window.start)
  }
}
