import ArgumentParser
import Foundation
import Journey
import Ledger
import LedgerSQLite
import Model

/// Checks the whole ledger.
struct LedgerVerify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check every leaf, hash, payload, signature, trust change and the checkpoint.",
    discussion: """
      With --checkpoint, a signed checkpoint that somebody else kept is held against the ledger:
      it must be a beginning of it.

      Example: pratique ledger verify --checkpoint kept-by-the-auditor.txt
      """)

  @OptionGroup var options: GlobalOptions
  @Option(help: "A file with a checkpoint that was kept elsewhere.")
  var checkpoint: String?
  @Option(help: "The log key that the checkpoints must be signed with, as its holder knows it.")
  var logKey: String?

  func run() async throws {
    let home = try options.open(readOnly: true)
    let terminal = options.terminal
    if let logKey, try NoteKey(logKey) != home.ledger.key {
      throw Problem(.notTrusted, "the ledger's log key is not the one given", at: home.path)
    }
    let showsProgress = isatty(STDERR_FILENO) == 1
    let report = try await home.ledger.verify { checked, all in
      if showsProgress, all > 10_000 { terminal.note("checked \(checked) of \(all) entries") }
    }
    var faults = report.faults
    if let checkpoint {
      faults += try await faultsAgainst(checkpoint, home).map {
        LedgerFault(index: nil, message: $0)
      }
    }
    let whole = LedgerReport(
      entries: report.entries, root: report.root, envelopes: report.envelopes,
      erased: report.erased, faults: faults)
    try terminal.result(
      whole,
      [
        "\(report.entries) entries, root \(report.root)",
        "\(report.envelopes) envelopes verified, \(report.erased) payloads erased",
        faults.isEmpty ? "nothing is wrong" : "\(faults.count) faults:",
      ] + faults.map { "  - \($0.index.map { "entry \($0): " } ?? "")\($0.message)" })
    guard faults.isEmpty else {
      throw Problem(.ledgerDamaged, "the ledger is not sound: \(faults[0].message)", at: home.path)
    }
  }

  private func faultsAgainst(_ file: String, _ home: LedgerHome) async throws -> [String] {
    let note = String(decoding: try InputFile.read(file), as: UTF8.self)
    do {
      return try await home.faults(against: note)
    } catch let problem as Problem where problem.location == nil {
      throw Problem(problem.code, problem.message, at: file, advice: problem.advice)
    }
  }
}
