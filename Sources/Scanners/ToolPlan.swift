/// One run of a tool.
struct ToolPlan: Sendable {
  /// Where the report will be.
  enum Place: Hashable, Sendable {
    /// What it writes to standard output.
    case standardOutput
    /// A file of this name in the run's folder.
    case file(String)
  }

  /// Its arguments.
  var arguments: [String]
  /// Where the report will be.
  var report: Place
  /// Further variables that it sees.
  var environment: [String: String] = [:]
  /// Files that are written into the run's folder before.
  var files: [String: String] = [:]
  /// Must stand in what it writes to standard output and error: what shows that it looked at
  /// something, for tools whose report does not.
  var proof: ToolProof?

  /// A shell script that fetches the report when it lies elsewhere, and its arguments; its output is
  /// the report.
  var fetch: [String] = []

  /// What a tool says of how much it looked at.
  struct ToolProof: Sendable {
    /// The words before the number.
    let words: String
    /// What was looked at, for messages.
    let things: String
  }
}
