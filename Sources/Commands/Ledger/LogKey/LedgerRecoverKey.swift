import ArgumentParser
import Journey
import Model

/// Replaces a lost or stolen log key.
struct LedgerRecoverKey: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recover-key",
    abstract: "Replace a lost or stolen log key, by the offline recovery keys.",
    discussion: """
      Stop all that records. Then:
        pratique ledger recover-key prepare --cause stolen --reason "…" --change change.json
        pratique ledger recover-key sign change.json --key FILE     (each holder, offline)
        pratique ledger recover-key apply change.json
      The whole procedure: docs/keys.md
      """,
    subcommands: [RecoverKeyPrepare.self, RecoverKeySign.self, RecoverKeyApply.self])
}

/// Makes the statement.
struct RecoverKeyPrepare: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prepare", abstract: "Make a new log key, and the statement that brings it in.",
    discussion: """
      Nothing is in force by it: recovery keys must sign the statement, then it is applied. The
      ledger must not grow in between.

      Example: pratique ledger recover-key prepare --cause stolen --trusted-size 4711 \\
            --reason "laptop stolen on Tuesday" --change change.json
      """)

  /// Why the key is replaced.
  enum Cause: String, ExpressibleByArgument, CaseIterable {
    case lost, stolen
  }

  @OptionGroup var options: GlobalOptions
  @OptionGroup var newKey: NewLogKeyOptions
  @Option(help: "lost: nobody has the key; stolen: somebody else may have it.")
  var cause: Cause
  @Option(
    help: ArgumentHelp(
      "For a stolen key: how many entries are trusted.",
      discussion: "Those after them count for nothing, and are named by every verification."))
  var trustedSize: Int64?
  @Option(help: "Why, in a sentence.")
  var reason: String
  @Option(help: "Where the statement goes.")
  var change: String

  func run() async throws {
    let prepared = try await options.open().prepareRecovery(
      reason: cause == .lost ? .lost : .stolen, trustedSize: trustedSize, explanation: reason,
      newKey: newKey.to, to: change, time: .system, lock: newKey.lock)
    let lost = prepared.distrusted.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    try options.terminal.result(
      prepared,
      RecoverKeyText.lines(prepared.change)
        + (lost.isEmpty
          ? [] : ["these entries will count for nothing: \(lost.joined(separator: ", "))"])
        + [
          "wrote \(change); \(prepared.threshold) of \(prepared.recoveryKeys) recovery keys must"
            + " sign it",
          "Nothing has changed yet. Record nothing until it is applied.",
        ])
  }
}

/// Signs the statement.
struct RecoverKeySign: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign", abstract: "Sign a replacement of the log key with your recovery key.",
    discussion: """
      It needs no ledger and no network: do it on a machine that has neither. Read what it says
      before you carry it back.

      Example: pratique ledger recover-key sign change.json --key recovery-1
      """)

  @Argument(help: "The statement.")
  var change: String
  @OptionGroup var key: KeyOptions
  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() async throws {
    let (statement, count) = try LogKeyRecovery.sign(
      path: change, signer: key.signer(isBare: true))
    try Terminal(isJSON: json).result(
      Report(change: statement, recoverySignatures: count - 1),
      RecoverKeyText.lines(statement)
        + ["signed \(change); \(count - 1) recovery signature(s) beside the new log key's"])
  }

  private struct Report: Encodable {
    let change: LogKeyChange
    let recoverySignatures: Int
  }
}

/// Brings the new key into force.
struct RecoverKeyApply: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: "Record a replacement that enough recovery keys signed.",
    discussion: "Example: pratique ledger recover-key apply change.json")

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The statement.")
  var change: String

  func run() async throws {
    let changed = try await options.open().applyRecovery(path: change, time: .system)
    try options.terminal.result(
      changed,
      ["entry \(changed.index): the log key is replaced"] + RecoverKeyText.lines(changed.change))
  }
}

/// A replacement in lines for people.
enum RecoverKeyText {
  static func lines(_ change: LogKeyChange) -> [String] {
    [
      "ledger      \(change.after.origin), \(change.after.size) entries, root \(change.after.root)",
      "old log key \(change.oldKey): \(change.reason.rawValue)",
      "new log key \(change.newKey), from size \(change.firstSize) on",
      "because     \(change.explanation)",
    ]
      + (change.trusted.map { trusted in
        [
          trusted.size < change.after.size
            ? "trusted     the first \(trusted.size) entries;"
              + " \(trusted.size) to \(change.after.size - 1) count for nothing"
            : "trusted     all entries"
        ]
      } ?? [])
  }
}
