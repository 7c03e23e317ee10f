import Attestation
import Foundation
import Ledger
import LedgerSQLite
import Model
import TestKit
import Testing

/// Processes that append are killed, a few at any time, hundreds of times.
@Suite("Appends that are killed", .serialized)
struct KilledAppendSerialTests {
  /// `PRATIQUE_KILLS` asks for another number, `PRATIQUE_SEED` for the instants of another time.
  private static func number(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
  }

  @Test("what was acknowledged is there, once, in order; no gap; the checkpoint never goes back")
  func killed() async throws {
    let seed = Self.number("PRATIQUE_SEED") ?? .random(in: 0...999_999)
    let wanted = Int(Self.number("PRATIQUE_KILLS") ?? 1_000)
    print("kills of appends: seed \(seed), to go on from there: PRATIQUE_SEED=\(seed)")
    let sample = try await SampleLedger()
    try sample.ledger.close()
    try Self.write(sample.logKey, "log", sample)
    try Self.write(sample.machine, "machine", sample)
    var random = Seeded(seed: seed)
    var lanes = (0..<4).map { Lane(number: $0) }
    var watch = Watch(sample)
    var kills = 0
    var duringAppend = 0
    let clock = ContinuousClock()
    while kills < wanted {
      for place in lanes.indices {
        guard let process = lanes[place].process else {
          lanes[place].process = try Self.start(lanes[place], seed: random.next(), sample)
          // Most of them while they append, some before they have begun to.
          let isEarly = Double.random(in: 0..<1, using: &random) < 0.1
          lanes[place].end = isEarly ? clock.now + .milliseconds(random.next() % 15) : nil
          continue
        }
        guard let end = lanes[place].end else {
          if process.output.hasPrefix("ready\n") {
            lanes[place].end = clock.now + .microseconds(random.next() % 60_000)
          }
          continue
        }
        guard clock.now > end else { continue }
        process.kill(SIGKILL)
        let ending = try await process.ending()
        #expect(ending == .signalled(SIGKILL), "\(process.errorOutput)")
        kills += 1
        if try lanes[place].hear(process.output) { duringAppend += 1 }
        try FileManager.default.removeItem(atPath: process.outputPath)
        try FileManager.default.removeItem(atPath: process.errorPath)
        // Opened anew each time: at times nobody else has it open, and it recovers the ledger.
        if kills % 40 == 0 { try await watch.look(isLast: false) }
      }
      try await Task.sleep(for: .microseconds(500))
    }
    for lane in lanes { lane.process?.kill(SIGKILL) }
    for place in lanes.indices {
      guard let process = lanes[place].process else { continue }
      _ = try await process.ending()
      _ = try lanes[place].hear(process.output)
    }
    try await watch.look(isLast: true)
    let found = try await watch.finish(lanes)
    print(
      "kills of appends: \(kills), \(duringAppend) with an append under way,"
        + " \(found.acknowledged) entries acknowledged, \(found.entries) recorded,"
        + " \(found.settled) of unknown outcome settled by their ids")
    #expect(duringAppend > wanted / 4, "the instants miss the appends")
    #expect(found.settled > wanted / 10)
  }

  private static func write(_ key: PrivateKey, _ name: String, _ sample: SampleLedger) throws {
    let path = sample.folder.file("\(name).pem")
    let isWritten = FileManager.default.createFile(
      atPath: path, contents: Data(key.pem.utf8), attributes: [.posixPermissions: 0o600])
    try #require(isWritten)
  }

  private static func start(_ lane: Lane, seed: UInt64, _ sample: SampleLedger) throws -> Spawned {
    let bundle = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let program = Program(
      "\(PathText.parent(of: bundle))/LedgerAppender", directory: sample.folder.path,
      outputIn: sample.folder.path)
    return try program.start([sample.folder.path, "\(seed)"] + lane.unknown)
  }
}

/// One process after another that appends, and what they said.
private struct Lane {
  let number: Int
  /// The process that appends now.
  var process: Spawned?
  /// When it is killed; `nil` until it has said that it is ready.
  var end: ContinuousClock.Instant?
  /// Entries that were acknowledged, in order, with the index that was said.
  var acknowledged: [(id: String, index: Int64)] = []
  /// Entries that were tried, and whose process was killed before it heard.
  var unknown: [String] = []
  var settled = 0

  init(number: Int) { self.number = number }

  /// Takes what a killed process had said.
  ///
  /// - Returns: whether an append was under way.
  mutating func hear(_ output: String) throws -> Bool {
    process = nil
    end = nil
    let retried = unknown
    var lines = output.split(separator: "\n", omittingEmptySubsequences: false)
    // The last one is empty, or was cut off.
    lines.removeLast()
    for line in lines {
      let words = line.split(separator: " ")
      switch words.first {
      case "ready": break
      case "try": unknown = words.dropFirst().map(String.init)
      case "got":
        for word in words.dropFirst() {
          let parts = word.split(separator: "=")
          acknowledged.append((String(parts[0]), try #require(Int64(parts[1]))))
        }
        if unknown == retried { settled += unknown.count }
        unknown = []
      default: Issue.record("an appender said: \(line)")
      }
    }
    return !unknown.isEmpty
  }
}

/// Somebody outside, who keeps every checkpoint that the ledger shows.
private struct Watch {
  private let sample: SampleLedger
  private var kept: [Checkpoint] = []

  init(_ sample: SampleLedger) { self.sample = sample }

  private func open() throws -> SQLiteLedger {
    try SQLiteLedger.open(at: sample.path, blobs: sample.blobs)
  }

  /// Looks at the ledger as it is now.
  mutating func look(isLast: Bool) async throws {
    let ledger = try open()
    defer { try? ledger.close() }
    let (note, size) = try await ledger.read { (try $0.checkpoint(), try $0.size()) }
    let checkpoint = try Checkpoint(note: #require(note), key: ledger.key)
    #expect(checkpoint.size == size, "the checkpoint does not cover all")
    #expect(size >= kept.last?.size ?? 0, "the checkpoint went back")
    kept.append(checkpoint)
    if isLast || kept.count % 8 == 0 {
      let report = try await ledger.verify(.hashes)
      #expect(report.isSound, "\(report.faults)")
    }
  }

  /// Everything that was acknowledged is where it was said to be, and verify finds nothing.
  func finish(_ lanes: [Lane]) async throws -> (entries: Int64, acknowledged: Int, settled: Int) {
    let ledger = try open()
    let report = try await ledger.verify()
    #expect(report.isSound, "\(report.faults)")
    let ids = try await ledger.read { reader in
      try reader.rows(0..<report.entries).map {
        Hexadecimal.encode(try Leaf(bytes: $0.leaf).entryID)
      }
    }
    #expect(Set(ids).count == ids.count, "an entry is there twice")
    for lane in lanes {
      for entry in lane.acknowledged {
        #expect(ids[Int(entry.index)] == entry.id, "entry \(entry.index) is another one")
      }
      #expect(
        zip(lane.acknowledged, lane.acknowledged.dropFirst()).allSatisfy { $0.index < $1.index },
        "lane \(lane.number) is not in order")
    }
    let kept = kept
    try await ledger.read { reader in
      for checkpoint in kept {
        let root = try reader.proofs.root(size: checkpoint.size)
        #expect(root == checkpoint.root)
      }
    }
    return (
      report.entries, lanes.reduce(0) { $0 + $1.acknowledged.count },
      lanes.reduce(0) { $0 + $1.settled }
    )
  }
}
