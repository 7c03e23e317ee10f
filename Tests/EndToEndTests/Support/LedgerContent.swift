import Foundation
import Journey
import Ledger
import LedgerSQLite
import Model
import Reading

/// What a ledger holds about runs, read by the library.
struct LedgerContent {
  /// Evidence of steps, in the ledger's order.
  var steps: [StepReport] = []
  /// Where runs stood, in the ledger's order.
  var runs: [RunReport] = []
  /// The texts of all leaves.
  var leaves: [String] = []
  /// The last signed checkpoint.
  let checkpoint: String?

  /// Reads a ledger.
  init(_ path: String) async throws {
    let home = try LedgerHome.open(at: path, readOnly: true)
    checkpoint = try await home.ledger.read { try $0.checkpoint() }
    for shown in try await home.entries(kind: nil, limit: .max) {
      leaves.append(shown.leaf)
      guard shown.kind == .step || shown.kind == .run else { continue }
      let predicate = try await home.entry(shown.index).statement?["predicate"]
      if shown.kind == .step {
        if let report: StepReport = try predicate?.decode() { steps.append(report) }
      } else if let report: RunReport = try predicate?.decode() {
        runs.append(report)
      }
    }
    try home.ledger.close()
  }

  /// How often a step of a run passed.
  func passes(_ run: String, _ step: String) -> Int {
    steps.filter { $0.run == run && $0.id == step && $0.outcome == .passed }.count
  }

  /// Everything that stands here more than once.
  var doubled: [String] {
    var seen: Set<String> = []
    var doubled = leaves.filter { !seen.insert($0).inserted }
    for step in steps where !seen.insert("\(step.run) \(step.id) \(step.startedAt)").inserted {
      doubled.append("\(step.id), attempt \(step.attempt), at \(step.startedAt)")
    }
    for run in Set(steps.map(\.run)) {
      for step in Set(steps.map(\.id)) where passes(run, step) > 1 {
        doubled.append("\(step) passed \(passes(run, step)) times in \(run)")
      }
      var isGoing = false
      for report in runs where report.run == run {
        let begins = report.state == .started || report.state == .resumed
        // Beginning again without an end is what a kill leaves; ending twice is not.
        if !begins, !isGoing { doubled.append("\(run) ended twice, as \(report.state)") }
        isGoing = begins
      }
    }
    return doubled
  }
}

extension StepReport {
  /// `stage/step`.
  var id: String { "\(stage)/\(step)" }
}

/// What a run says while it goes on.
struct Announcements {
  /// The run's id, once it was said.
  let run: String?
  /// The steps that it said were passed, as `stage/step`.
  let passed: Set<String>
  /// Whether it said anything.
  let isSilent: Bool
  /// Whether it said that the run succeeded.
  let isEnded: Bool

  /// Reads standard error; a last line that was cut off says nothing.
  init(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      .map { $0.split(separator: " ").map(String.init) }
    isSilent = lines.isEmpty
    run =
      lines.lazy.compactMap { words in
        words.count > 4 && words[1] == "run" && words[3] == "of" ? words[2] : nil
      }.first
    passed = Set(
      lines.compactMap { $0.count > 3 && $0[2] == "passed" && $0[3] == "in" ? $0[1] : nil })
    isEnded = lines.contains { $0.count > 2 && $0[1] == "run" && $0[2] == "succeeded" }
  }
}
