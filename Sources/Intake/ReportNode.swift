import Model
import Reading

/// A value inside a JSON report, read with complaints that name its place.
struct ReportNode {
  let json: JSONNode

  init(_ json: JSONNode) { self.json = json }

  func error(_ message: String) -> ReadingError { ReadingError(message, pointer: json.pointer) }

  func wrong(_ expected: String) -> ReadingError {
    error("expected \(expected), found \(json.sort)")
  }

  // MARK: Members

  /// The member, when there is one that is not `null`.
  func optional(_ name: StaticString) throws -> ReportNode? {
    guard json.isObject else { throw wrong("an object") }
    guard let member = json.member(name), !member.isNull else { return nil }
    return ReportNode(member)
  }

  /// The member; its absence is an error.
  func member(_ name: StaticString) throws -> ReportNode {
    guard let node = try optional(name) else { throw error("\"\(name)\" is missing") }
    return node
  }

  /// Whether there is such a member, `null` or not.
  func has(_ name: StaticString) -> Bool { json.member(name) != nil }

  /// The elements.
  func elements() throws -> ReportElements {
    guard json.isArray else { throw wrong("an array") }
    return ReportElements(json.elements)
  }

  /// The elements of a member; none when it is absent.
  func elements(_ name: StaticString) throws -> ReportElements {
    try optional(name)?.elements() ?? ReportElements(nil)
  }

  /// The elements of a member that must be there.
  func required(_ name: StaticString) throws -> ReportElements { try member(name).elements() }

  /// The members of an object.
  func members() throws -> [(name: String, value: ReportNode)] {
    guard json.isObject else { throw wrong("an object") }
    return json.members.map { ($0.name, ReportNode($0.value)) }
  }

  /// Refuses a list whose name is not known: rows could hide in it.
  func refuseLists(besides known: Set<String>) throws {
    for member in try members() where member.value.json.isArray && !known.contains(member.name) {
      throw error("the list \"\(member.name)\" is not understood")
    }
  }

  /// Refuses a member whose name is not known.
  func refuseMembers(besides known: Set<String>) throws {
    for member in try members() where !known.contains(member.name) {
      throw error("\"\(member.name)\" is not known")
    }
  }

  // MARK: Values

  func string() throws -> String {
    guard let text = json.string else { throw wrong("a string") }
    return text
  }

  /// The text of a member; `nil` when it is absent or empty.
  func string(_ name: StaticString) throws -> String? {
    guard let text = try optional(name)?.string(), !text.isEmpty else { return nil }
    return text
  }

  /// The same, sharing storage with texts like it.
  func string(_ name: StaticString, _ pool: inout TextPool) throws -> String? {
    guard let node = try optional(name) else { return nil }
    guard let text = node.json.string(in: &pool) else { throw node.wrong("a string") }
    return text.isEmpty ? nil : text
  }

  /// The text of a member that must be there and not be empty.
  func requiredString(_ name: StaticString) throws -> String {
    let node = try member(name)
    let text = try node.string()
    guard !text.isEmpty else { throw node.error("\"\(name)\" must not be empty") }
    return text
  }

  /// The texts of a list; a single text counts as a list of one.
  func strings(_ name: StaticString) throws -> [String] {
    guard let node = try optional(name) else { return [] }
    if let text = node.json.string { return text.isEmpty ? [] : [text] }
    return try node.elements().map { try $0.string() }
  }

  /// A text or a number as a text: some tools write one, some the other.
  func text(_ name: StaticString) throws -> String? {
    guard let node = try optional(name) else { return nil }
    if let text = node.json.string { return text.isEmpty ? nil : text }
    if let integer = node.json.integer { return String(integer) }
    if let number = node.json.number { return String(number) }
    throw node.wrong("a text or a number")
  }

  /// A count or a line: an integer that is not negative.
  func count(_ name: StaticString) throws -> Int? {
    guard let node = try optional(name) else { return nil }
    guard let count = node.count else { throw node.wrong("a non-negative integer") }
    return count
  }

  /// A line, where zero and less mean that there is none.
  func line(_ name: StaticString) throws -> Int? {
    guard let node = try optional(name) else { return nil }
    guard let integer = node.json.integer else { throw node.wrong("an integer") }
    return integer > 0 ? Int(exactly: integer) : nil
  }

  private var count: Int? {
    guard let integer = json.integer, let count = Int(exactly: integer), count >= 0 else {
      return nil
    }
    return count
  }

  func bool(_ name: StaticString) throws -> Bool? {
    guard let node = try optional(name) else { return nil }
    guard let bool = node.json.bool else { throw node.wrong("true or false") }
    return bool
  }

  /// A score from 0 to 10, as a number or a text, in tenths.
  func score(_ name: StaticString) throws -> Int? {
    guard let node = try optional(name) else { return nil }
    let number = node.json.number ?? node.json.string.flatMap { Double($0) }
    guard let number, let tenths = Score.tenths(number) else {
      throw node.error("expected a score from 0 to 10")
    }
    return tenths
  }
}

/// The elements of a list in a report.
struct ReportElements: Sequence, IteratorProtocol {
  private var elements: JSONElements?

  init(_ elements: JSONElements?) { self.elements = elements }

  var isEmpty: Bool { elements?.isEmpty ?? true }
  var first: ReportNode? { first { _ in true } }
  var count: Int { reduce(0) { count, _ in count + 1 } }

  mutating func next() -> ReportNode? { elements?.next().map(ReportNode.init) }
}

/// A CVSS score as tenths.
enum Score {
  /// 98 for 9.8; `nil` for what is no score from 0 to 10.
  static func tenths(_ score: Double) -> Int? {
    guard (0...10).contains(score) else { return nil }
    return Int((score * 10).rounded())
  }

  /// The severity of a score, by the bands of CVSS 3.1.
  static func severity(_ tenths: Int) -> Severity {
    switch tenths {
    case 90...: .critical
    case 70...: .high
    case 40...: .medium
    case 1...: .low
    default: .none
    }
  }
}
