import Foundation
import Journey
import Ledger
import Model
import Reading
import TestKit
import Testing

/// Erasing is killed at any instant, and goes on.
@Suite("Erasures that are killed", .serialized)
struct ErasureKillEndToEndSerial {
  private static let wanted = 14

  @Test("sound at every instant; finished at the next start; each payload erased once, none left")
  func kills() async throws {
    let privacy = try await PrivacyWard()
    try await privacy.run()
    try await privacy.run()
    let commit = try await privacy.commit()
    let runs = try FileManager.default.contentsOfDirectory(atPath: "\(privacy.ward.ledger)/runs")
      .map { "runs/\($0)" }
    let seed =
      ProcessInfo.processInfo.environment["PRATIQUE_SEED"].flatMap { UInt64($0) }
      ?? .random(in: 0...999_999)
    var random = Seeded(seed: seed)
    let clock = ContinuousClock()
    var usual: Duration?
    var (kills, between, tries) = (0, 0, 0)
    while kills < Self.wanted || between < 1 {
      tries += 1
      try #require(tries < 80, "the instants miss the erasures: seed \(seed)")
      let ledger = try privacy.ward.copyLedger("ledger-\(tries)")
      // What a `put` that was killed left holds the marker too.
      try privacy.ward.write("ledger-\(tries)/blobs/ab.part", PrivacyWard.marker)
      let command = [
        "ledger", "erase", "--subject", commit, "--reason", "r", "--with-run-folders", "--key",
        privacy.ward.key("ana"), "--ledger", ledger,
      ]
      let begun = clock.now
      let process = try privacy.ward.pratique().start(command)
      if tries.isMultiple(of: 2) {
        // The run folders go after the commit, and the contents after them: between the two lies
        // what is looked for, whatever the pace of the machine.
        try await Self.untilItGoes(runs.map { "\(ledger)/\($0)/run.json" }, process)
        process.kill(SIGKILL)
      } else if let usual {
        try await Task.sleep(for: usual * Double.random(in: 0.3..<1.1, using: &random))
        process.kill(SIGKILL)
      }
      let ending = try await process.ending()
      // The machine may have been slow at first: the quickest that was not killed counts.
      let lasted = begun.duration(to: clock.now)
      if ending == .signalled(SIGKILL) {
        kills += 1
      } else {
        #expect(ending == .exited(0))
        usual = min(usual ?? lasted, lasted)
      }
      let (erased, remnants) = try await Self.look(ledger)
      if !remnants.isEmpty { between += 1 }
      // Erased all or none; what went is named once.
      let verified = try await privacy.ledger(["verify"], at: ledger)
      #expect(verified.exitCode == 0, "seed \(seed): \(verified.errorOutput)\(verified.output)")
      #expect(Set(erased.values).count <= 1, "seed \(seed)")
      // The next start finishes, whichever it is.
      let next =
        erased.isEmpty
        ? try await privacy.ward.pratique().run(command)
        : try await privacy.ledger(["expire"], as: "ana", at: ledger)
      #expect(next.exitCode == 0, "seed \(seed): \(next.errorOutput)")
      let (finished, left) = try await Self.look(ledger)
      #expect(left.isEmpty && !finished.isEmpty, "seed \(seed)")
      #expect(erased.isEmpty || finished == erased, "seed \(seed): something was erased twice")
      #expect(try await privacy.places(ledger) == [], "seed \(seed)")
      #expect(try await privacy.ledger(["verify"], at: ledger).exitCode == 0)
      try FileManager.default.removeItem(atPath: ledger)
    }
    print("kills of erasures: \(kills), \(between) between commit and end, seed \(seed)")
  }

  /// Waits until one of these files, which are there, is no longer, or the process has ended.
  private static func untilItGoes(_ files: [String], _ process: Spawned) async throws {
    while files.allSatisfy(FileManager.default.fileExists(atPath:)), process.endingNow == nil {
      try await Task.sleep(for: .microseconds(100))
    }
  }

  /// The erasures' own entries by the entries that they name, and what they left to be removed.
  private static func look(
    _ ledger: String
  ) async throws -> (erased: [Int64: Int64], remnants: [Remnant]) {
    let home = try LedgerHome.open(at: ledger, readOnly: true)
    var erased: [Int64: Int64] = [:]
    for shown in try await home.entries(kind: .erasure, limit: .max) {
      let predicate = try await home.entry(shown.index).statement?["predicate"]
      let erasure: Erasure = try #require(try predicate?.decode())
      for entry in erasure.entries {
        #expect(erased.updateValue(shown.index, forKey: entry.index) == nil)
        let named = try await home.ledger.entries([entry.index])[0]
        guard case .erased = named.payload else {
          Issue.record("entry \(entry.index) is named by an erasure and still there")
          continue
        }
      }
    }
    let remnants = try await home.ledger.remnants()
    try home.ledger.close()
    return (erased, remnants)
  }
}
