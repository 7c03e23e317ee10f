import ArgumentParser
import Foundation
import Journey
import Ledger
import Model

/// Looks at the index, or builds it again.
struct LedgerIndex: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "index",
    abstract: "Count the index's rows, or build the index again from the entries.",
    discussion: """
      The index answers `pratique audit` and finds entries. It follows from the entries and can be
      built again at any time, also while entries are appended; interrupted, it can be called again.
      Whether each row is right is what `pratique ledger verify` checks.

      Example: pratique ledger index --rebuild
      """)

  @OptionGroup var options: GlobalOptions
  @Flag(help: "Build it again.")
  var rebuild = false

  func run() async throws {
    let home = try options.open(readOnly: !rebuild)
    let terminal = options.terminal
    guard rebuild else {
      let faults = try await home.ledger.read { try $0.strayIndexFaults() }
      try terminal.result(
        Report(faults: faults.map(\.message), changed: nil),
        faults.isEmpty ? ["the index has the rows that it must have"] : faults.map(\.message))
      guard faults.isEmpty else {
        throw Problem(
          .ledgerDamaged, "the index is not whole: \(faults[0].message)", at: home.path,
          advice: "Nothing is lost: build it again with: pratique ledger index --rebuild")
      }
      return
    }
    let showsProgress = isatty(STDERR_FILENO) == 1
    let changed = try await Interruption.cancelling {
      try await home.ledger.rebuildIndex { done, all in
        if all > 10_000, showsProgress || done % 100_000 == 0 {
          terminal.note("indexed \(done) of \(all) entries")
        }
      }
    }
    try terminal.result(
      Report(faults: [], changed: changed),
      [
        changed == 0
          ? "the index was right already"
          : "the index was wrong about \(changed) entries; it is right"
      ])
  }

  private struct Report: Encodable {
    let faults: [String]
    let changed: Int64?
  }
}
