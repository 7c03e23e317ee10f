import Reading

/// A value inside a JSON report, with the way that led there, so that every complaint has a place.
struct ReportNode {
  let value: JSONValue
  private let way: [Step]

  private enum Step {
    case name(String)
    case index(Int)
  }

  init(_ value: JSONValue) {
    self.value = value
    way = []
  }

  private init(_ value: JSONValue, _ way: [Step]) {
    self.value = value
    self.way = way
  }

  /// The JSON pointer (RFC 6901) to this value.
  var pointer: String {
    way.map {
      switch $0 {
      case .name(let name):
        "/" + name.replacing("~", with: "~0").replacing("/", with: "~1")
      case .index(let index): "/\(index)"
      }
    }.joined()
  }

  func error(_ message: String) -> ReadingError { ReadingError(message, pointer: pointer) }

  private func wrong(_ expected: String) -> ReadingError {
    error("expected \(expected), found \(value.sort)")
  }

  /// The member, when there is one that is not `null`.
  func optional(_ name: String) throws -> ReportNode? {
    guard case .object(let object) = value else { throw wrong("an object") }
    guard let member = object[name], member != .null else { return nil }
    return ReportNode(member, way + [.name(name)])
  }

  /// The member; its absence is an error.
  func member(_ name: String) throws -> ReportNode {
    guard let node = try optional(name) else { throw error("\"\(name)\" is missing") }
    return node
  }

  /// The elements.
  func elements() throws -> [ReportNode] {
    guard case .array(let elements) = value else { throw wrong("an array") }
    return elements.enumerated().map { ReportNode($1, way + [.index($0)]) }
  }

  /// The elements of a member; none when it is absent.
  func elements(_ name: String) throws -> [ReportNode] {
    try optional(name)?.elements() ?? []
  }

  /// Refuses a list whose name is not known: rows could hide in it.
  func refuseLists(besides known: Set<String>) throws {
    guard case .object(let object) = value else { throw wrong("an object") }
    for member in object.members {
      guard case .array = member.value, !known.contains(member.name) else { continue }
      throw error("the list \"\(member.name)\" is not understood")
    }
  }

  /// Refuses a member whose name is not known.
  func refuseMembers(besides known: Set<String>) throws {
    guard case .object(let object) = value else { throw wrong("an object") }
    for member in object.members where !known.contains(member.name) {
      throw error("\"\(member.name)\" is not known")
    }
  }

  func string() throws -> String {
    guard case .string(let text) = value else { throw wrong("a string") }
    return text
  }

  /// The text of a member; `nil` when it is absent or empty.
  func string(_ name: String) throws -> String? {
    guard let text = try optional(name)?.string(), !text.isEmpty else { return nil }
    return text
  }

  /// The text of a member that must be there and not be empty.
  func requiredString(_ name: String) throws -> String {
    let node = try member(name)
    let text = try node.string()
    guard !text.isEmpty else { throw node.error("\"\(name)\" must not be empty") }
    return text
  }

  /// A count or a line: an integer that is not negative.
  func count(_ name: String) throws -> Int? {
    guard let node = try optional(name) else { return nil }
    guard let integer = node.value.integer, let count = Int(exactly: integer), count >= 0 else {
      throw node.wrong("a non-negative integer")
    }
    return count
  }

  func bool(_ name: String) throws -> Bool? {
    guard let node = try optional(name) else { return nil }
    guard let bool = node.value.bool else { throw node.wrong("true or false") }
    return bool
  }
}

/// A CVSS score as tenths.
enum Score {
  /// 98 for 9.8; `nil` for what is no score from 0 to 10.
  static func tenths(_ score: Double) -> Int? {
    guard (0...10).contains(score) else { return nil }
    return Int((score * 10).rounded())
  }
}
