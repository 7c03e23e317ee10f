import Glibc
import Model

/// `report.json` beside a report: what the step says of the tool that wrote it.
extension Glob {
  private static let name = "report.json"

  /// Where the statements of the reports lie that match.
  var statements: Glob {
    var names = text.split(separator: "/").map(String.init)
    if names.last != "**" { names.removeLast() }
    return Glob((names + [Self.name]).joined(separator: "/")) ?? self
  }

  /// Whether a file that matches is the statement about a report, and no report: by its name, unless
  /// the pattern names just this file as the report.
  func isStatement(_ path: String) -> Bool {
    if case .literal = components.last { return false }
    return path == Self.name || path.utf8.reversed().starts(with: "/\(Self.name)".utf8.reversed())
  }

  /// The statement about a report, by its path; `nil` when the report has that name itself.
  static func statement(beside path: String) -> String? {
    var names = path.split(separator: "/").map(String.init)
    guard let name = names.popLast(), name != Self.name else { return nil }
    return (names + [Self.name]).joined(separator: "/")
  }
}

extension WorkspaceFiles {
  private static let limit = 1 << 20

  /// The bytes of the statement beside a report, when it was written since the marks were taken. One
  /// that lay there before says nothing of this report.
  ///
  /// - Throws: `Problem` for a link, and for one that is larger than a mebibyte.
  func statement(beside path: String, since marks: [String: Mark]) throws -> [UInt8]? {
    guard let wanted = Glob.statement(beside: path), let glob = Glob(wanted) else { return nil }
    let now = self.marks(glob)[wanted]
    guard let now, now != marks[wanted] else { return nil }
    return try contents(glob, since: marks, limit: Self.limit).first { $0.path == wanted }?.bytes
  }
}

extension WorkspaceFiles {
  /// Removes the regular files that match, and no link and nothing behind one.
  func remove(_ glob: Glob) {
    try? find([glob], links: .refuse) { _, parent, name, _ in _ = unlinkat(parent, name, 0) }
  }
}
