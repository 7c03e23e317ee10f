import Attestation
import Blobs
import Foundation
import Ledger
import LedgerPostgreSQL
import Model
import TestKit
import Testing

extension PostgreSQLSerial {
  @Suite("Appenders and the server are killed")
  struct Kills {
    private static let wanted = 100

    @Test("every acknowledged entry is there, once, in order; the checkpoint never goes back")
    func kills() async throws {
      let environment = ProcessInfo.processInfo.environment
      let seed = environment["PRATIQUE_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...999_999)
      print("kills on PostgreSQL: seed \(seed)")
      var random = Seeded(seed: seed)
      let server = try await PostgreSQLServer()
      let sample = try await SampleServer(server: server)
      let program = try Self.appender(sample)
      var all: [Spawned] = []
      var running: [Spawned] = []
      func start() throws {
        let spawned = try program.start([
          server.address(schema: sample.schema), sample.folder.file("log.pem"),
          sample.folder.file("machine.pem"), sample.folder.file("blobs"),
        ])
        all.append(spawned)
        running.append(spawned)
      }
      for _ in 0..<3 { try start() }
      try await waitUntil { all.allSatisfy { !$0.output.isEmpty } }
      var watch = Watch()
      var kills = (appenders: 0, servers: 0, connections: 0)
      while kills.appenders + kills.servers < Self.wanted {
        try await Task.sleep(for: .milliseconds(Int.random(in: 1...60, using: &random)))
        switch Int.random(in: 0..<14, using: &random) {
        case 0:
          server.crash()
          try await server.start()
          kills.servers += 1
          try await watch.look(sample)
        case 1, 2:
          // A connection that the server ends in the middle of whatever it does.
          _ = try await server.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type ="
              + " 'client backend' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 2")
          kills.connections += 1
        default:
          let victim = running.remove(at: Int.random(in: running.indices, using: &random))
          try #require(victim.endingNow == nil, "it ended by itself: \(victim.errorOutput)")
          victim.kill(SIGKILL)
          _ = try await victim.ending()
          kills.appenders += 1
          try start()
        }
      }
      // Whoever lives goes on.
      let before = running.map(\.output.utf8.count)
      try await waitUntil {
        zip(running, before).allSatisfy { $0.output.utf8.count > $1 }
      }
      for spawned in running {
        #expect(spawned.endingNow == nil, "it ended by itself: \(spawned.errorOutput)")
        spawned.kill(SIGKILL)
      }
      for spawned in running { _ = try await spawned.ending() }
      try await watch.look(sample)
      try await watch.verify(sample)
      try await Self.holds(all, sample)
      print("kills on PostgreSQL: \(kills), \(watch.size) entries")
    }

    private static func appender(_ sample: SampleServer) throws -> Program {
      for (name, key) in [("log.pem", sample.logKey), ("machine.pem", sample.machine)] {
        try DurableFile.write(Array(key.pem.utf8), to: sample.folder.file(name))
      }
      let path = URL(fileURLWithPath: try Repository.command()).deletingLastPathComponent()
        .appending(path: "PostgreSQLAppender").path
      return Program(path, directory: sample.folder.path, outputIn: sample.folder.path)
    }

    /// What was acknowledged, task by task, in the order in which it was.
    private static func acknowledged(_ programs: [Spawned]) throws -> [[(
      id: [UInt8], index: Int64
    )]] {
      try programs.flatMap { program in
        var tasks: [Substring: [(id: [UInt8], index: Int64)]] = [:]
        // The last line may be cut.
        for line in program.output.split(separator: "\n", omittingEmptySubsequences: false)
          .dropLast()
        {
          let words = line.split(separator: " ")
          let id = try #require(Hexadecimal.decode(words[1]))
          tasks[words[0], default: []].append((id, try #require(Int64(words[2]))))
        }
        return Array(tasks.values)
      }
    }

    private static func holds(_ programs: [Spawned], _ sample: SampleServer) async throws {
      let tasks = try acknowledged(programs)
      #expect(tasks.reduce(0) { $0 + $1.count } > 200)
      let found = try await sample.ledger.read { reader in
        try tasks.map { try $0.map { try reader.index(entryID: $0.id) } }
      }
      for (task, places) in zip(tasks, found) {
        #expect(places == task.map(\.index))
        #expect(task.map(\.index) == task.map(\.index).sorted())
      }
      #expect(Set(tasks.joined().map(\.index)).count == tasks.joined().map(\.index).count)
    }
  }
}

/// Somebody outside, who keeps every checkpoint that the ledger shows.
private struct Watch {
  private var kept: [String] = []
  private(set) var size: Int64 = 0

  mutating func look(_ sample: SampleServer) async throws {
    let (note, size) = try await sample.ledger.read { (try $0.checkpoint(), try $0.size()) }
    let checkpoint = try Checkpoint(note: #require(note), key: sample.ledger.key)
    #expect(checkpoint.size == size, "the checkpoint does not cover all")
    #expect(size >= self.size, "the ledger became shorter")
    self.size = size
    if let note { kept.append(note) }
  }

  /// The ledger is sound, and every checkpoint that was ever shown is a beginning of it.
  func verify(_ sample: SampleServer) async throws {
    let report = try await sample.ledger.verify()
    #expect(report.isSound, "\(report.faults)")
    #expect(report.entries == size)
    for note in kept {
      let checkpoint = try Checkpoint(note: note, key: sample.ledger.key)
      let root = try await sample.ledger.read { try $0.proofs.root(size: checkpoint.size) }
      #expect(root == checkpoint.root)
    }
  }
}
