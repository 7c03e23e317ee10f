import Foundation
import Journey
import Ledger
import LedgerSQLite
import Model
import TestKit
import Testing

/// Several processes append to one ledger at once, and are killed.
@Suite("A ledger that several runs share and are killed on", .serialized)
struct SharedLedgerKillEndToEndSerial {
  private static let wanted = 14
  private static let pipeline = """
    version: 1
    application: {name: shared-app, handles-phi: false}
    stages:
      work:
        steps:
          one: {run: "echo one"}
          two: {run: "true"}
          three: {run: "echo three"}
          four: {run: "true", needs: three}

    """

  @Test("no gap, no fork, nothing twice; the checkpoint never goes back; every run finishes")
  func shared() async throws {
    let ward = try await Ward(pipeline: Self.pipeline)
    for name in ["second", "third"] {
      try await ward.makeRepository(Self.pipeline, named: name)
    }
    try await ward.makeLedger()
    let repositories = ["repository", "second", "third"].map(ward.file)
    let environment = ProcessInfo.processInfo.environment
    let seed = environment["PRATIQUE_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...999_999)
    print("kills of runs on one ledger: seed \(seed)")
    var random = Seeded(seed: seed)
    let watch = try Watch(ward.ledger)
    var ids: Set<String> = []
    var acknowledged: Set<[String]> = []
    var kills = 0
    // How long three runs at once take; the first three live, to tell.
    var usual: Duration?
    let clock = ContinuousClock()
    while kills < Self.wanted {
      try #require(ids.count < Self.wanted * 10, "the instants miss the runs")
      let runs = try repositories.map {
        try ward.pratique().start(["run", "--ledger", ward.ledger, "--repository", $0])
      }
      var instants = runs.indices.map { _ in
        usual.map { $0 * Double.random(in: 0..<1, using: &random) }
      }
      // One of them lives, and must not be harmed by the others' deaths.
      instants[Int.random(in: runs.indices, using: &random)] = nil
      let begun = clock.now
      while runs.contains(where: { $0.endingNow == nil }) {
        let now = begun.duration(to: clock.now)
        usual = usual ?? begun.duration(to: clock.now)
        for (run, instant) in zip(runs, instants) {
          if let instant, now > instant { run.kill(SIGKILL) }
        }
        try await watch.look()
        try await Task.sleep(for: .milliseconds(5))
      }
      for (run, instant) in zip(runs, instants) {
        let words = Announcements(run.errorOutput)
        if let id = words.run {
          ids.insert(id)
          for step in words.passed { acknowledged.insert([id, step]) }
        }
        if run.endingNow == .signalled(SIGKILL) { kills += 1 }
        if instant == nil { #expect(run.endingNow == .exited(0), "\(run.errorOutput)") }
      }
      try await watch.verify(ward)
      try await Self.holds(acknowledged, ward)
    }
    print("kills of runs on one ledger: \(kills), \(ids.count) runs, \(watch.size) entries")
    for id in ids.sorted() {
      try await ward.pratique().check(["run", "--resume", "--run", id, "--ledger", ward.ledger])
    }
    try await watch.verify(ward)
    let content = try await LedgerContent(ward.ledger)
    for id in ids {
      for step in ["one", "two", "three", "four"] {
        #expect(content.passes(id, "work/\(step)") == 1)
      }
    }
    try await nothingIsLeft(ward)
  }

  private static func holds(_ acknowledged: Set<[String]>, _ ward: Ward) async throws {
    let content = try await LedgerContent(ward.ledger)
    #expect(content.doubled == [])
    for pair in acknowledged { #expect(content.passes(pair[0], pair[1]) == 1, "\(pair)") }
  }
}

/// Somebody outside, who keeps every checkpoint that the ledger shows.
private final class Watch {
  private let home: LedgerHome
  private var kept: [String] = []
  private(set) var size: Int64 = 0

  init(_ ledger: String) throws { home = try LedgerHome.open(at: ledger, readOnly: true) }

  /// Looks at the ledger as it is now.
  func look() async throws {
    let (note, size) = try await home.ledger.read { (try $0.checkpoint(), try $0.size()) }
    #expect(size >= self.size, "the ledger became shorter")
    self.size = size
    let checkpoint = try #require(note)
    let lines = checkpoint.split(separator: "\n")
    #expect(lines.count > 1 && Int64(lines[1]) == size, "the checkpoint does not cover all")
    if kept.last != checkpoint { kept.append(checkpoint) }
  }

  /// The ledger is sound, and every checkpoint that was ever shown is a beginning of it.
  func verify(_ ward: Ward) async throws {
    try await look()
    for note in kept { #expect(try await home.faults(against: note) == []) }
    let last = try #require(kept.last)
    try ward.write("kept.checkpoint", last)
    let result = try await ward.pratique().run(
      ["ledger", "verify", "--ledger", ward.ledger, "--checkpoint", ward.file("kept.checkpoint")])
    #expect(result.ending == .exited(0), "\(result.output)\(result.errorOutput)")
  }
}
