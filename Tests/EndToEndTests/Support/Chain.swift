import Foundation
import Journey
import Model
import TestKit
import Testing

/// One run from its first start to its end, through all kills, in a ledger of its own.
final class Chain {
  private let ward: Ward
  private let ledger: String
  private let marksFolder: String
  private var run: String?
  private var acknowledged: Set<String> = []
  /// The marks that a step had when it was first said to have passed.
  private var marks: [String: Int] = [:]
  private var checkpoint: String?

  init(_ ward: Ward, number: Int) throws {
    self.ward = ward
    ledger = try ward.copyLedger("ledger-\(number)")
    marksFolder = "marks-\(number)"
    try ward.makeFolder(marksFolder)
  }

  /// Starts, kills, looks, goes on, until a start comes to its end by itself.
  func carry(_ killer: inout Killer) async throws {
    let program = ward.pratique(marks: marksFolder)
    let clock = ContinuousClock()
    for launch in 0..<12 {
      // A process that was killed before it knew its run said nothing; the run begins anew.
      let isResume = run != nil || launch > 0 && hasBegunRun
      let begun = clock.now
      let process = try program.start(
        ["run", "--ledger", ledger]
          + (isResume ? ["--resume"] : ["--repository", ward.repository]))
      if let instant = killer.instant(launch: launch) {
        try await Task.sleep(for: instant)
        process.kill(SIGKILL)
      }
      let ending = try await process.ending()
      let words = Announcements(process.errorOutput)
      try note(words)
      if words.isEnded {
        let runs = try await LedgerContent(ledger).runs.filter { $0.run == run }
        #expect(runs.last?.state == .succeeded, "it was said that the run had succeeded")
      }
      if ending == .signalled(SIGKILL) {
        killer.killed(words, isResume: isResume)
        try await inspect("killed after \(begun.duration(to: clock.now)), start \(launch)")
        continue
      }
      if launch == 0 { killer.missed(after: begun.duration(to: clock.now)) }
      #expect(ending == .exited(0), "\(process.errorOutput)\(process.output)")
      try await inspect("at the end, start \(launch)")
      try await finish()
      return
    }
    Issue.record("the run did not come to its end")
  }

  private var hasBegunRun: Bool {
    let runs = (try? FileManager.default.contentsOfDirectory(atPath: "\(ledger)/runs")) ?? []
    return runs.contains {
      FileManager.default.fileExists(atPath: "\(ledger)/runs/\($0)/run.json")
    }
  }

  private func note(_ words: Announcements) throws {
    if let known = run, let said = words.run { #expect(known == said, "another run went on") }
    run = run ?? words.run
    for step in words.passed where acknowledged.insert(step).inserted {
      marks[step] = marksNow(step)
    }
  }

  private func marksNow(_ step: String) -> Int {
    ward.marks(String(step.drop { $0 != "/" }.dropFirst()), in: marksFolder)
  }

  /// The next start finds no damage; what was acknowledged is there once, and never done again.
  private func inspect(_ moment: String) async throws {
    let verified = try await ward.pratique().run(
      ["ledger", "verify", "--ledger", ledger] + kept())
    #expect(verified.ending == .exited(0), "\(moment): \(verified.output)\(verified.errorOutput)")
    let content = try await LedgerContent(ledger)
    checkpoint = content.checkpoint
    #expect(content.doubled == [], "\(moment)")
    for step in acknowledged {
      #expect(content.passes(run ?? "", step) == 1, "\(moment): \(step)")
      #expect(marksNow(step) == marks[step], "\(moment): \(step) was done again")
    }
  }

  /// The checkpoint that was there last time: the ledger must still begin so.
  private func kept() throws -> [String] {
    guard let checkpoint else { return [] }
    try Data(checkpoint.utf8).write(to: URL(fileURLWithPath: "\(ledger).checkpoint"))
    return ["--checkpoint", "\(ledger).checkpoint"]
  }

  private func finish() async throws {
    let content = try await LedgerContent(ledger)
    let run = try #require(self.run)
    for step in WardFiles.steps { #expect(content.passes(run, step) == 1, "\(step)") }
    #expect(Set(content.steps.filter { $0.run == run }.map(\.id)) == Set(WardFiles.steps))
    #expect(content.runs.filter { $0.run == run }.last?.state == .succeeded)
    try await nothingIsLeft(ward)
    try FileManager.default.removeItem(atPath: ledger)
  }
}

/// No process of any run in the folder is alive, when those that are just ending have ended.
func nothingIsLeft(_ ward: Ward) async throws {
  var left = ward.leftovers()
  for _ in 0..<50 where !left.isEmpty {
    try await Task.sleep(for: .milliseconds(20))
    left = ward.leftovers()
  }
  #expect(left == [])
}
