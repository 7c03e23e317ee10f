import Reading

/// Finds the one kind that a content fits.
enum Recognition {
  /// The kind that fits.
  ///
  /// - Parameters:
  ///   - answers: every kind, and by what the content shows to be of it; `nil` when it is not.
  ///   - otherwise: what the content looks like, for the message when nothing fits.
  ///   - wanted: what each kind wants, for the message when the declared one does not fit.
  /// - Throws: `ReadingError` when none fits, several fit and none is declared, or another than the
  ///   declared one fits.
  static func one<Kind>(
    _ answers: [(format: ReportFormat, kind: Kind, reason: String?)], declared: ReportFormat?,
    otherwise: String, wanted: ((ReportFormat) -> String)?
  ) throws -> (format: ReportFormat, kind: Kind, reasons: [String]) {
    let fitting = answers.filter { $0.reason != nil }
    if let declared {
      if let found = fitting.first(where: { $0.format == declared }) {
        return (
          declared, found.kind, [found.reason ?? "", "it is declared as \(declared.rawValue)"]
        )
      }
      if fitting.count == 1 { throw other(declared, fitting[0].format) }
      if let wanted { throw ReadingError("expected \(wanted(declared)), found \(otherwise)") }
      throw ReadingError("the content has no form of a \(declared.rawValue) report")
    }
    guard let found = fitting.first else {
      throw ReadingError(
        "the content fits no kind that is known: it is \(otherwise); "
          + "a mapping can say how to read JSON of another kind")
    }
    guard fitting.count == 1 else {
      let kinds = fitting.map { "\($0.format.rawValue) (\($0.reason ?? ""))" }
      throw ReadingError(
        "the content fits more than one kind: \(kinds.joined(separator: ", ")); "
          + "say which it is with a declared format")
    }
    return (found.format, found.kind, [found.reason ?? ""])
  }

  static func other(_ declared: ReportFormat, _ found: ReportFormat) -> ReadingError {
    ReadingError(
      "declared as \(declared.rawValue), but the content is \(found.rawValue); declare that")
  }

  /// What a JSON value looks like from outside.
  static func outline(_ root: ReportNode) -> String {
    if root.json.isArray {
      guard let first = root.json.elements.first(where: { _ in true }) else {
        return "an empty list, which several tools write when they found nothing"
      }
      return "a list, whose first element is " + outline(ReportNode(first))
    }
    guard root.json.isObject else { return root.json.sort }
    let names = root.json.members.prefix(8).map { "\"\($0.name)\"" }
    return names.isEmpty ? "an empty object" : "an object with \(names.joined(separator: ", "))"
  }
}
