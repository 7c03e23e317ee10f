/// One value of a `JSONDocument`.
///
/// It knows its place, so that every complaint about it can be given as a JSON pointer; names are
/// compared byte by byte.
public struct JSONNode: Sendable {
  let document: JSONDocument
  let place: Int

  init(document: JSONDocument, place: Int) {
    self.document = document
    self.place = place
  }

  var entry: JSONIndexEntry { document.index[place] }

  /// The bytes of a text or a number as they stand in the document.
  @inline(__always)
  func withContent<Result>(
    _ entry: JSONIndexEntry, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    document.bytes.withUnsafeBufferPointer {
      body(UnsafeBufferPointer(rebasing: $0[entry.start..<entry.start + entry.extent]))
    }
  }

  // MARK: Values

  /// Whether it is `null`.
  public var isNull: Bool { entry.kind == .null }
  /// Whether it is an array.
  public var isArray: Bool { entry.kind == .array }
  /// Whether it is an object.
  public var isObject: Bool { entry.kind == .object }
  /// Whether it is a string.
  public var isString: Bool { entry.kind == .string || entry.kind == .escapedString }

  /// The text, when this is a string.
  public var string: String? {
    let entry = entry
    guard entry.kind == .string || entry.kind == .escapedString else { return nil }
    return document.bytes.withUnsafeBufferPointer { JSONText.string(entry, $0) }
  }

  /// The text, taken from a pool when it is there already.
  public func string(in pool: inout TextPool) -> String? {
    let entry = entry
    guard entry.kind == .string else { return string }
    return withContent(entry) { pool.text($0) }
  }

  /// The integer, when this is one.
  public var integer: Int64? {
    let entry = entry
    guard entry.kind == .integer else { return nil }
    return withContent(entry) { Int64(String(decoding: $0, as: UTF8.self)) }
  }

  /// The number, when this is an integer or another number.
  public var number: Double? {
    let entry = entry
    guard entry.kind == .integer || entry.kind == .number else { return nil }
    return withContent(entry) { Double(String(decoding: $0, as: UTF8.self)) }
  }

  /// The truth value, when this is one.
  public var bool: Bool? {
    let entry = entry
    return entry.kind == .bool ? document.bytes[entry.start] == 0x74 : nil
  }

  /// What sort of value it is, for messages.
  public var sort: String {
    switch entry.kind {
    case .null: "null"
    case .bool: "a truth value"
    case .integer: "an integer"
    case .number: "a number"
    case .string, .escapedString: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }

  // MARK: What lies in it

  /// The member of that name, when this is an object that has it.
  public func member(_ name: StaticString) -> JSONNode? {
    let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    return member(wanted)
  }

  /// The member of that name, when this is an object that has it.
  public func member(named name: String) -> JSONNode? {
    var name = name
    return name.withUTF8 { member($0) }
  }

  private func member(_ name: UnsafeBufferPointer<UInt8>) -> JSONNode? {
    guard entry.kind == .object else { return nil }
    let end = entry.extent
    var place = place + 1
    while place < end {
      if isName(document.index[place], name) {
        return JSONNode(document: document, place: place + 1)
      }
      place = document.end(of: place + 1)
    }
    return nil
  }

  @inline(__always)
  private func isName(_ entry: JSONIndexEntry, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
    if entry.kind == .string {
      guard entry.extent == name.count else { return false }
      return withContent(entry) { $0.elementsEqual(name) }
    }
    return withContent(entry) { JSONText.resolved($0).elementsEqual(name) }
  }

  /// The elements, when this is an array; otherwise none.
  public var elements: JSONElements {
    JSONElements(self, end: isArray ? entry.extent : place + 1)
  }

  /// The members in their written order, when this is an object; otherwise none.
  public var members: JSONMembers {
    JSONMembers(self, end: isObject ? entry.extent : place + 1)
  }

  // MARK: Where it stands

  /// The JSON pointer (RFC 6901) to this value.
  public var pointer: String {
    var pointer = ""
    var node = document.root
    while node.place != place {
      if node.isObject {
        guard let member = node.members.last(where: { $0.value.place <= place }) else { break }
        let name = member.name.replacing("~", with: "~0").replacing("/", with: "~1")
        pointer += "/\(name)"
        node = member.value
      } else {
        guard let element = node.elements.enumerated().last(where: { $0.1.place <= place })
        else { break }
        pointer += "/\(element.0)"
        node = element.1
      }
    }
    return pointer
  }

  /// Line and column of the value's first byte.
  public var position: Position {
    Position(ofByte: entry.start - (isString ? 1 : 0), in: document.bytes)
  }

  /// The value as a tree of its own.
  public var value: JSONValue {
    switch entry.kind {
    case .null: return .null
    case .bool: return .bool(bool ?? false)
    case .integer: return .integer(integer ?? 0)
    case .number: return .number(number ?? 0)
    case .string, .escapedString: return .string(string ?? "")
    case .array: return .array(elements.map(\.value))
    case .object:
      var object = JSONObject()
      for member in members { _ = object.insert(member.name, member.value.value) }
      return .object(object)
    }
  }
}

/// The elements of an array, one after another.
public struct JSONElements: Sequence, IteratorProtocol, Sendable {
  private let document: JSONDocument
  private var place: Int
  private let end: Int

  init(_ node: JSONNode, end: Int) {
    document = node.document
    place = node.place + 1
    self.end = end
  }

  /// Whether there is none.
  public var isEmpty: Bool { place >= end }

  /// The next element.
  public mutating func next() -> JSONNode? {
    guard place < end else { return nil }
    defer { place = document.end(of: place) }
    return JSONNode(document: document, place: place)
  }
}

/// The members of an object, one after another.
public struct JSONMembers: Sequence, IteratorProtocol, Sendable {
  private let document: JSONDocument
  private var place: Int
  private let end: Int

  init(_ node: JSONNode, end: Int) {
    document = node.document
    place = node.place + 1
    self.end = end
  }

  /// Whether there is none.
  public var isEmpty: Bool { place >= end }

  /// The next member.
  public mutating func next() -> (name: String, value: JSONNode)? {
    guard place < end else { return nil }
    let name = JSONNode(document: document, place: place).string ?? ""
    let value = JSONNode(document: document, place: place + 1)
    place = document.end(of: place + 1)
    return (name, value)
  }
}

extension Sequence {
  /// The last element that satisfies a condition; all are looked at.
  func last(where condition: (Element) throws -> Bool) rethrows -> Element? {
    var last: Element?
    for element in self where try condition(element) { last = element }
    return last
  }
}
