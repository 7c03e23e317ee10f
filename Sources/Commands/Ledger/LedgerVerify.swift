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
  @Option(help: "A log key that you know: it must be the founding one, or one that followed.")
  var logKey: String?

  func run() async throws {
    let home = try options.open(readOnly: true)
    let terminal = options.terminal
    let known = try logKey.map { try NoteKey($0).description }
    let showsProgress = isatty(STDERR_FILENO) == 1
    var report = try await home.ledger.verify { checked, all in
      if showsProgress, all > 10_000 { terminal.note("checked \(checked) of \(all) entries") }
    }
    if let known, !report.logKeys.contains(where: { $0.key == known }) {
      throw Problem(
        .notTrusted, "the log key given never signed this ledger's checkpoints", at: home.path)
    }
    if let checkpoint {
      for fault in try await faultsAgainst(checkpoint, home) {
        report.add(LedgerFault(index: nil, message: fault))
      }
    }
    let remnants = try await home.ledger.remnants().count { $0.sort != .pages }
    try terminal.result(
      report,
      report.distrusted.map {
        "entries \($0.first) to \($0.last) count for nothing: somebody else may have had the log key"
      } + [
        "\(report.entries) entries, root \(report.root)",
        "\(report.envelopes) envelopes verified, \(report.erased) payloads erased,"
          + " \(report.checkpoints) checkpoints held against the entries",
      ]
        + report.logKeys.dropFirst().map {
          "from size \($0.firstSize) on signed with \($0.key) (\($0.reason?.rawValue ?? ""))"
        } + [
          report.isSound ? "nothing is wrong" : "\(report.faultCount) faults:"
        ] + report.faults.map { "  - \($0.index.map { "entry \($0): " } ?? "")\($0.message)" }
        + Self.words(remnants))
    if let fault = report.faults.first {
      throw Problem(.ledgerDamaged, "the ledger is not sound: \(fault.message)", at: home.path)
    }
  }

  private static func words(_ remnants: Int) -> [String] {
    remnants == 0
      ? []
      : ["\(remnants) things that erasures left are still to be removed: pratique ledger expire"]
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
