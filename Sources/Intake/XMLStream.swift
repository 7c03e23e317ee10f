import Reading

/// The events of an XML report, the root element looked at beforehand.
struct XMLStream {
  /// An element as it begins.
  struct Start {
    let name: String
    let attributes: [XMLEvent.Attribute]

    /// The name without its prefix.
    var localName: String { name.split(separator: ":").last.map(String.init) ?? name }

    /// An attribute's value, where it has one.
    subscript(attribute: String) -> String? {
      attributes.first { $0.name.isSame(as: attribute) }?.value
    }
  }

  private(set) var reader: XMLReader
  /// The outermost element.
  let root: Start
  private var isBegun = false

  init(parts: @escaping () throws -> [UInt8]) throws {
    reader = try XMLReader(parts: parts, limits: .stream, document: .external)
    guard case .start(let name, let attributes)? = try reader.next() else {
      throw ReadingError("the document has no element")
    }
    root = Start(name: name, attributes: attributes)
  }

  /// Whether a document type was declared.
  var hasDocumentType: Bool { reader.hasDocumentType }

  /// Whether text is reported from now on.
  mutating func keepText(_ keepsText: Bool) { reader.keepsText = keepsText }

  func error(_ message: String) -> ReadingError { ReadingError(message, at: reader.place) }

  /// The next event, the root's beginning first.
  mutating func next() throws -> XMLEvent? {
    if isBegun { return try reader.next() }
    isBegun = true
    return .start(root.name, root.attributes)
  }

  /// The whole of an element that has just begun.
  mutating func element(_ start: Start) throws -> XMLTree {
    var open = [XMLTree(start)]
    while let event = try next() {
      switch event {
      case .start(let name, let attributes):
        open.append(XMLTree(Start(name: name, attributes: attributes)))
      case .text(let text): open[open.count - 1].text += text
      case .end:
        let ended = open.removeLast()
        if open.isEmpty { return ended }
        open[open.count - 1].children.append(ended)
      }
    }
    throw error("the document ends inside <\(start.name)>")
  }
}

/// One element with all that lies in it.
struct XMLTree {
  let start: XMLStream.Start
  var children: [XMLTree] = []
  var text = ""

  init(_ start: XMLStream.Start) { self.start = start }

  var name: String { start.localName }

  subscript(attribute: String) -> String? { start[attribute] }

  /// The first child of that name, prefixes left aside.
  func child(_ name: String) -> XMLTree? { children.first { $0.name.isSame(as: name) } }

  /// The children of that name.
  func children(_ name: String) -> [XMLTree] { children.filter { $0.name.isSame(as: name) } }

  /// The text of a child, without space around it; `nil` when there is none.
  func value(_ name: String) -> String? { child(name)?.trimmed }

  /// The text without space around it; `nil` when nothing is left.
  var trimmed: String? {
    let text = text.drop(while: \.isWhitespace)
    guard let end = text.lastIndex(where: { !$0.isWhitespace }) else { return nil }
    return String(text[...end])
  }
}
