import Foundation
import Model
import TestKit
import Testing

/// A run that is killed with SIGKILL leaves nothing that the next start could not go on from.
@Suite("A run that is killed", .serialized)
struct KilledRunEndToEndSerial {
  /// `PRATIQUE_KILLS` asks for another number, `PRATIQUE_SEED` for the instants of another time.
  private static func number(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
  }

  @Test("at random instants: nothing is lost or doubled, nothing is left, --resume finishes")
  func anyInstant() async throws {
    let seed = Self.number("PRATIQUE_SEED") ?? .random(in: 0...999_999)
    let wanted = Int(Self.number("PRATIQUE_KILLS") ?? 200)
    print("kills: seed \(seed), to go on from there: PRATIQUE_SEED=\(seed)")
    let ward = try await Ward()
    try await ward.makeLedger()
    var killer = try await Killer(ward, seed: seed, wanted: wanted)
    var chains = 0
    while killer.kills < wanted {
      chains += 1
      try #require(chains <= wanted * 3, "the instants miss the runs: \(killer.report)")
      let chain = try Chain(ward, number: chains)
      try await chain.carry(&killer)
    }
    print("kills: \(killer.report), \(chains) runs")
    // Kills that all fall into one part of a run's life would show nothing of the others.
    #expect(killer.silent >= wanted / 40, "too few fell before the first word")
    #expect(killer.resumes >= wanted / 10, "too few fell into a run that went on")
    #expect(killer.passedAtKill.count >= 4, "they fell at too few places")
  }

  @Test("while the ledger is made: it is there whole, or not at all")
  func duringInitialisation() async throws {
    let seed = Self.number("PRATIQUE_SEED") ?? .random(in: 0...999_999)
    print("kills of ledger init: seed \(seed)")
    var random = Seeded(seed: seed)
    let ward = try await Ward()
    let clock = ContinuousClock()
    let begun = clock.now
    try await ward.makeLedger()
    let usual = begun.duration(to: clock.now)
    var kills = 0
    var left = 0
    var attempt = 0
    // Going on until one met it: the pace of the machine decides how soon.
    while attempt < 24 || left == 0 && attempt < 240 {
      attempt += 1
      let place = ward.file("ledger-\(attempt)")
      let arguments = ["ledger", "init", "--trust", ward.trust, "--ledger", place]
      let making = try ward.pratique().start(arguments)
      try await Task.sleep(for: usual * Double.random(in: 0..<1, using: &random))
      making.kill(SIGKILL)
      if try await making.ending() == .signalled(SIGKILL) { kills += 1 }
      let said = making.output
      if said.hasPrefix("made the ledger") {
        #expect(FileManager.default.fileExists(atPath: place), "it was said to be made")
      }
      if !FileManager.default.fileExists(atPath: place) {
        if !unfinished(place, ward).isEmpty { left += 1 }
        try await ward.pratique().check(arguments)
        #expect(unfinished(place, ward) == [], "the next one clears away what was left")
      }
      try await ward.pratique().check(["ledger", "verify", "--ledger", place])
    }
    print("kills of ledger init: \(kills)")
    #expect(kills >= 6)
    #expect(left > 0, "no kill met a folder that was being made")
  }

  private func unfinished(_ place: String, _ ward: Ward) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: ward.path)) ?? []
    return names.filter { "\(ward.path)/\($0)".hasPrefix("\(place).") }
  }
}

/// Decides when to kill, and counts.
struct Killer {
  private var random: Seeded
  private let wanted: Int
  /// How long a run takes that nobody kills.
  private var usual: Duration
  private(set) var kills = 0
  private(set) var silent = 0
  private(set) var resumes = 0
  /// How many steps the killed process had said were passed, and how often it was so many.
  private(set) var passedAtKill: [Int: Int] = [:]

  init(_ ward: Ward, seed: UInt64, wanted: Int) async throws {
    random = Seeded(seed: seed)
    self.wanted = wanted
    usual = .seconds(1)
    let clock = ContinuousClock()
    var durations: [Duration] = []
    for number in 0..<3 {
      let ledger = try ward.copyLedger("measured-\(number)")
      let begun = clock.now
      try await ward.pratique().check(["run", "--ledger", ledger, "--repository", ward.repository])
      durations.append(begun.duration(to: clock.now))
    }
    usual = durations.sorted()[1]
  }

  /// The next instant after a start, or `nil` when this one shall come to its end.
  mutating func instant(launch: Int) -> Duration? {
    let part = Double.random(in: 0..<1, using: &random)
    let mercy = Int.random(in: 0..<6, using: &random)
    guard kills < wanted, launch < 8, launch == 0 || mercy > 0 else { return nil }
    return usual * part
  }

  /// Takes note of a process that was killed.
  mutating func killed(_ words: Announcements, isResume: Bool) {
    kills += 1
    if words.isSilent { silent += 1 }
    if isResume { resumes += 1 }
    passedAtKill[words.passed.count, default: 0] += 1
  }

  /// Takes note of a process that was faster: the machine is less busy than it was.
  mutating func missed(after duration: Duration) { usual = (usual * 3 + duration) / 4 }

  var report: String {
    let places = passedAtKill.sorted { $0.key < $1.key }.map { "\($0.value)x after \($0.key)" }
    return "\(kills) kills, \(silent) before the first word, \(resumes) while going on; steps"
      + " passed until then: \(places.joined(separator: ", "))"
  }
}
