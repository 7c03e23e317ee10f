import Reading

/// A kind of report in JSON: how its content is recognised, and how it is read.
struct JSONKind {
  let format: ReportFormat
  /// Whether the outermost value may be a list.
  var mayBeList = false
  /// Whether the tool writes an empty list when it found nothing.
  var mayBeEmpty = false
  /// Whether several values may stand one a line.
  var mayBeLines = false
  /// By what the content shows to be of this kind; `nil` when it is not.
  let recognise: (ReportNode) -> String?
  /// Reads the values: one, or one a line.
  let read: ([ReportNode], ExpectedSubject?) throws -> IntakeReader.Parsed

  /// A kind whose report is one value.
  static func one(
    _ format: ReportFormat, mayBeList: Bool = false, mayBeEmpty: Bool = false,
    recognise: @escaping (ReportNode) -> String?,
    read: @escaping (ReportNode) throws -> IntakeReader.Parsed
  ) -> JSONKind {
    JSONKind(
      format: format, mayBeList: mayBeList, mayBeEmpty: mayBeEmpty, recognise: recognise,
      read: { roots, _ in try read(roots[0]) })
  }

  /// Every kind.
  static var all: [JSONKind] { standards + scanners + linters + platforms + frameworks }
}

/// Looks at a content from outside, without complaints.
struct Look {
  let root: ReportNode

  init(_ root: ReportNode) { self.root = root }

  /// The reason when all of these members are there.
  func has(_ names: StaticString..., reason: String) -> String? {
    root.json.isObject && names.allSatisfy { root.has($0) } ? reason : nil
  }

  /// The reason when the first element of a list has all of these members.
  func firstHas(_ names: StaticString..., reason: String) -> String? {
    guard root.json.isArray, let first = root.json.elements.first(where: { _ in true }),
      first.isObject, names.allSatisfy({ first.member($0) != nil })
    else { return nil }
    return reason
  }
}

extension JSONNode {
  /// Whether a member is a text that begins so.
  func begins(_ name: StaticString, with beginning: String) -> Bool {
    member(name)?.string?.utf8.starts(with: beginning.utf8) ?? false
  }
}
