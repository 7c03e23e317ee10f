import Foundation
import Journey
import Ledger
import Model
import Reading
import TestKit
import Testing

/// A ledger of years ago, whose old releases expire today, in several erasures.
@Suite("Expiring, killed and gone on with", .serialized)
struct ExpiryKillEndToEndSerial {
  private static let application = "ward-app"
  private static let past = "2015-06-01T12:00:00Z"

  private static func release(_ number: UInt8) -> Release {
    Release(
      application: application, version: "\(number).0", origin: .built,
      commit: Subject(name: "commit:\(application)", digest: .sha256([number, 1])),
      image: Subject(name: "image:\(application)", digest: .sha256([number, 2])),
      imageConfig: .sha256([number, 3]))
  }

  private static func rollout(_ release: Release, over before: Release?, _ time: Instant)
    -> Evidence
  {
    let report = RolloutReport(
      environment: "production", application: application, version: release.version,
      image: release.image.digests[0], previousImage: before?.image.digests[0],
      previousVersion: before?.version, strategy: "s", outcome: .released, reason: nil,
      startedAt: time, finishedAt: time, requests: .init(served: 0, lost: 0, serverErrors: 0),
      events: [], translations: [])
    return Evidence(kind: .rollout, subjects: release.subjects, predicate: report)
  }

  /// Three releases in turn: the last serves, the second can be gone back to, the first is over.
  private func makeLedger(_ privacy: PrivacyWard) async throws {
    let time = try #require(Instant(Self.past))
    try FileManager.default.removeItem(atPath: privacy.ward.ledger)
    let home = try await LedgerHome.initialise(
      at: privacy.ward.ledger, from: TrustFile.read(path: privacy.ward.trust), time: time)
    let later = time.advanced(byMilliseconds: 86_400_000)
    let recorder = try await home.recorder(role: .pipeline, time: .fixed(later))
    var before: Release?
    for number in 1...3 as ClosedRange<UInt8> {
      let release = Self.release(number)
      let bill = InventoryResult(
        application: Self.application, run: "run-\(number)", time: later, components: [],
        source: .init(
          tool: "t", toolVersion: "1", format: "cyclonedx", report: .sha256([number, 4]), feed: nil)
      )
      let count = number == 1 ? 300 : 20
      _ = try await recorder.record(
        (0..<count).map { _ in
          Evidence(kind: .inventory, subjects: [release.image], predicate: bill)
        })
      _ = try await recorder.record([
        Evidence(kind: .release, subjects: release.subjects, predicate: release),
        Self.rollout(release, over: before, later),
      ])
      before = release
    }
    try home.ledger.close()
  }

  @Test("each payload that expired is erased once, whenever it is killed; live releases stay whole")
  func kills() async throws {
    let privacy = try await PrivacyWard()
    try await makeLedger(privacy)
    let ledger = privacy.ward.ledger
    let plan = try await privacy.ledger(["expire", "--dry-run"])
    #expect(plan.output.contains("302 payloads would be erased"), "\(plan.output)")
    #expect(plan.output.contains("ward-app in production"))

    let seed =
      ProcessInfo.processInfo.environment["PRATIQUE_SEED"].flatMap { UInt64($0) }
      ?? .random(in: 0...999_999)
    var random = Seeded(seed: seed)
    var kills = 0
    var isDone = false
    var erased = 0
    for _ in 0..<6 where !isDone {
      let process = try privacy.ward.pratique().start(
        ["ledger", "expire", "--key", privacy.ward.key("ana"), "--ledger", ledger])
      try await Self.untilItGrows(ledger, process)
      try await Task.sleep(for: .microseconds(Int.random(in: 0..<3_000, using: &random)))
      process.kill(SIGKILL)
      let ending = try await process.ending()
      if ending == .signalled(SIGKILL) { kills += 1 } else { isDone = true }
      let now = try await Self.erased(ledger)
      #expect(now >= erased, "seed \(seed)")
      erased = now
      let verified = try await privacy.ledger(["verify"])
      #expect(verified.exitCode == 0, "seed \(seed): \(verified.errorOutput)")
    }
    let last = try await privacy.ledger(["expire"], as: "ana")
    #expect(last.exitCode == 0, "seed \(seed): \(last.errorOutput)")
    #expect(try await Self.erased(ledger) == 302, "seed \(seed)")
    let after = try await privacy.ledger(["expire", "--dry-run"])
    #expect(after.output.contains("0 payloads would be erased"), "\(after.output)")
    #expect(try await privacy.ledger(["verify"]).exitCode == 0)
    #expect(kills > 0, "no kill met it at work, seed \(seed)")
    print("kills of expiring: \(kills), seed \(seed)")
  }

  /// Waits until one more erasure is recorded, or the process has ended.
  private static func untilItGrows(_ ledger: String, _ process: Spawned) async throws {
    let home = try LedgerHome.open(at: ledger, readOnly: true)
    let before = try await home.ledger.read { try $0.size() }
    while process.endingNow == nil {
      guard try await home.ledger.read({ try $0.size() }) == before else { break }
      try await Task.sleep(for: .microseconds(200))
    }
    try home.ledger.close()
  }

  /// How many entries erasures name; each is named once, and is gone.
  private static func erased(_ ledger: String) async throws -> Int {
    let home = try LedgerHome.open(at: ledger, readOnly: true)
    var named: Set<Int64> = []
    for shown in try await home.entries(kind: .erasure, limit: .max) {
      let predicate = try await home.entry(shown.index).statement?["predicate"]
      let erasure: Erasure = try #require(try predicate?.decode())
      #expect(erasure.entries.count <= Erasure.entryLimit && erasure.basis == .expiry)
      for entry in erasure.entries { #expect(named.insert(entry.index).inserted) }
    }
    let size = try await home.ledger.read { try $0.size() }
    let gone = try await home.ledger.read { reader in
      try reader.rows(0..<size).compactMap { row -> Int64? in
        if case .none = row.payload { return row.index }
        return nil
      }
    }
    #expect(Set(gone) == named)
    try home.ledger.close()
    return named.count
  }
}
