import ArgumentParser
import Journey
import Model

/// Brings another log key into force.
struct LedgerRotateKey: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate-key", abstract: "Let another key sign the ledger's checkpoints.",
    discussion: """
      The old key and the new one sign an entry that says so; from then on the new key signs. Other
      processes that record meanwhile go on with the new key. The old key's file is gone then: it is
      never needed again. Tell whoever checks this ledger, and its witnesses, the new key.

      Examples:
        pratique ledger rotate-key --reason "yearly"
        pratique ledger rotate-key --reason "onto the token" \\
            --to "pkcs11:token=ledger;object=log?module-path=/PATH.so&pin-source=file:/PATH"
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var newKey: NewLogKeyOptions
  @Option(help: "Why, in a sentence.")
  var reason: String

  func run() async throws {
    let changed = try await options.open().rotateLogKey(
      to: newKey.to, explanation: reason, time: .system, lock: newKey.lock)
    try options.terminal.result(
      changed,
      [
        "entry \(changed.index): from size \(changed.change.firstSize) on another key signs",
        "old log key \(changed.change.oldKey)", "new log key \(changed.change.newKey)",
      ])
  }
}
