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
    abstract: "Check every leaf, hash, payload, signature, trust change and checkpoint.",
    discussion: """
      With --checkpoint, a signed checkpoint that somebody else kept is held against the ledger:
      it must be a beginning of it. Without one, nothing shows that the newest entries are still
      there, or that whoever has the log key did not write another history.

      Interrupted, it says where it stands; --resume goes on from there, if the ledger's stored
      hashes still lead to what was checked. What was checked before is then not read again, and
      the state file is believed: keep it where the ledger's operator does not reach.

      With --policy, a C2SP tlog-policy file of whoever asks says which witnesses must have cosigned
      the last checkpoint, and how many; too few end with exit code 77.

      Example: pratique ledger verify --checkpoint kept-by-the-auditor.txt
      """)

  @OptionGroup var options: GlobalOptions
  @Option(help: "A file with a checkpoint that was kept elsewhere.")
  var checkpoint: String?
  @Option(help: "A log key that you know: it must be the founding one, or one that followed.")
  var logKey: String?
  @Option(help: "A trust policy: how many of which witnesses you demand.")
  var policy: String?
  @Flag(
    help:
      "Check hashes only, no signatures but the last checkpoint's; the report says what was left out."
  )
  var hashesOnly = false
  @Flag(help: "Go on where an interrupted verification stood.")
  var resume = false
  @Option(
    help: "Where an interrupted verification keeps where it stands; otherwise in your state folder."
  )
  var state: String?

  func run() async throws {
    let home = try options.open(readOnly: true)
    let known = try logKey.map { try NoteKey($0).description }
    var report = try await verify(home)
    if let known, !report.logKeys.contains(where: { $0.key == known }) {
      throw Problem(
        .notTrusted, "the log key given never signed this ledger's checkpoints", at: home.path)
    }
    if let checkpoint {
      for fault in try await faultsAgainst(checkpoint, home) {
        report.add(LedgerFault(index: nil, message: fault))
      }
    }
    let additions = try await home.cosignatureFaults()
    for fault in additions + (try await home.shownTimestamps(limit: .max).faults) {
      report.add(fault)
    }
    let witnessed = try await PolicyFile.judge(policy, home)
    let remnants = try await home.ledger.remnants().count { $0.sort != .pages }
    try options.terminal.result(
      PolicyFile.Output(value: report, policy: witnessed),
      (witnessed.map { [$0.sentence] } ?? []) + lines(report, remnants: remnants))
    if let fault = report.faults.first {
      throw Problem(.ledgerDamaged, "the ledger is not sound: \(fault.message)", at: home.path)
    }
    if let problem = PolicyFile.problem(witnessed) { throw problem }
  }

  /// Verifies; a signal ends it in a way that can be gone on with.
  private func verify(_ home: LedgerHome) async throws -> LedgerReport {
    let file = StateFile(state, ledger: home.path)
    var how = VerificationOptions(scope: hashesOnly ? .hashes : .full) { file.keep($0) }
    if resume { how.resuming = try file.read() }
    let progress = EntryProgress("checked", terminal: options.terminal)
    defer { progress.end() }
    do {
      let how = how
      let report = try await Interruption.cancelling {
        try await home.verifyLedger(how) { progress.tell($0, of: $1) }
      }
      file.remove()
      return report
    } catch is CancellationError {
      progress.end()
      guard let state = try file.write() else {
        throw Problem(.cancelled, "the verification was interrupted before anything was checked")
      }
      throw Problem(
        .cancelled,
        "the verification was interrupted after \(state.entries) entries, with"
          + " \(state.faultCount) faults so far",
        at: file.path, advice: "Go on with the same command and --resume.")
    }
  }

  private func lines(_ report: LedgerReport, remnants: Int) -> [String] {
    var lines = report.distrusted.map {
      "entries \($0.first) to \($0.last) count for nothing: somebody else may have had the log key"
    }
    lines.append("\(report.entries) entries, root \(report.root)")
    lines.append(
      "\(report.envelopes) envelopes verified, \(report.erased) payloads erased,"
        + " \(report.checkpoints) checkpoints held against the entries")
    if let held = report.held, held > 0 {
      lines.append("\(held) payloads that were erased elsewhere are kept here under a legal hold")
    }
    lines += report.logKeys.dropFirst().map {
      "from size \($0.firstSize) on signed with \($0.key) (\($0.reason?.rawValue ?? "epoch"))"
    }
    lines += report.notChecked.map { "not checked: \($0)" }
    if report.isSound {
      lines.append(
        report.notChecked.isEmpty ? "nothing is wrong" : "nothing is wrong with the rest")
    } else {
      lines.append("\(report.faultCount) faults:")
      lines += report.faults.map {
        "  - \($0.index.map { "entry \($0): " } ?? "")\($0.message)"
      }
    }
    if remnants > 0 {
      lines.append(
        "\(remnants) things that erasures left are still to be removed: pratique ledger expire")
    }
    return lines
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
