import ArgumentParser
import Foundation
import Journey
import LedgerSQLite
import Model
import Reading

/// Shows entries.
struct LedgerShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show entries, or one entry whole.",
    discussion: """
      Examples:
        pratique ledger show                  the last entries, a line each
        pratique ledger show 12               entry 12 with its statement
        pratique ledger show --kind approval
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The entry's index.")
  var index: Int64?
  @Option(help: "Only entries of this kind.")
  var kind: String?
  @Option(help: "How many entries at most, the latest.")
  var limit: Int = 50

  func validate() throws {
    guard limit > 0 else { throw ValidationError("--limit takes a number above 0") }
  }

  func run() async throws {
    let home = try options.open(readOnly: true)
    let terminal = options.terminal
    if let index {
      let entry = try await home.entry(index)
      let pretty =
        try entry.statement.map { try PrettyJSON.text($0) }
        ?? entry.erased.map { "the payload was \($0.words)" }
        ?? "the payload is gone, and no erasure names it"
      try terminal.result(entry, [entry.leaf + pretty])
      return
    }
    let entries = try await home.entries(
      kind: kind.map { EvidenceKind(rawValue: $0) }, limit: limit)
    try terminal.result(
      entries,
      entries.map {
        "\(pad("\($0.index)", 6)) \($0.time)  \(padRight($0.kind.rawValue, 20))"
          + " \(padRight($0.actor, 16)) \($0.role.rawValue)"
      })
  }

  private func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private func padRight(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
