import Foundation
import Journey
import Ledger
import Model
import TestKit
import Testing

/// The program is killed at each step of a rotation, as it enters the call that would do it.
@Suite("Killed while the log key changes", .serialized)
struct LogKeyKillEndToEndSerial {
  /// Where it is killed: the call, the file that it touches, and the how-manieth of its thread.
  private static let instants: [(call: String, file: String, when: Int)] = [
    ("rename", "keys/log.next.pem", 1), ("fsync", "keys", 1), ("unlink", "keys/log.next.uri", 1),
    ("pwrite64", "ledger.sqlite-wal", 1), ("pwrite64", "ledger.sqlite-wal", 3),
    ("pwrite64", "ledger.sqlite-wal", 6), ("fdatasync", "ledger.sqlite-wal", 1),
    ("unlink", "keys/log.uri", 1),
    ("unlink", "ledger.sqlite-wal", 1),
  ]

  private func folder(_ ward: Ward) -> Set<String> {
    Set((try? FileManager.default.contentsOfDirectory(atPath: "\(ward.ledger)/keys")) ?? [])
  }

  @Test("the next start knows which key is in force, and brings the change to its end")
  func rotation() async throws {
    let ward = try await Ward()
    try await ward.makeLedger()
    var strace = ward.program("strace")
    strace.environment["MARKS"] = ward.file("marks")
    var periods = 1
    var unfinished = 0
    var undone = 0
    for (call, file, when) in Self.instants {
      let moment = "\(call) \(file) \(when)"
      let result = try await strace.run([
        "-f", "-qq", "-o", "/dev/null", "-P", "\(ward.ledger)/\(file)", "-e", "trace=\(call)", "-e",
        "inject=\(call):signal=KILL:when=\(when)", ward.command, "ledger", "rotate-key", "--reason",
        moment, "--ledger", ward.ledger,
      ])
      #expect(result.ending != .exited(0), "\(moment) was never reached")
      let home = try LedgerHome.open(at: ward.ledger)
      let now = try await home.ledger.histories().keys.periods.count
      #expect(now == periods || now == periods + 1, "\(moment)")
      if now == periods { undone += 1 }
      if now > periods, folder(ward).contains("log.next.pem") { unfinished += 1 }
      periods = now
      // The next start records, with the key that is in force, whichever it is.
      let recorder = try await home.recorder(role: .pipeline, time: .system)
      let evidence = Evidence(
        kind: .step, subjects: [Subject(name: "s", digest: .sha256([1]))], predicate: ["n": moment])
      #expect(try await recorder.record(evidence) != nil, "\(moment)")
      #expect(try await home.ledger.verify().faults == [], "\(moment)")
      try home.ledger.close()
    }
    #expect(unfinished >= 3, "no kill fell between the entry and the key's place")
    #expect(undone >= 5)
    // What was left beside the key in force hinders nothing, and goes with the next change.
    try await ward.ledger("rotate-key", "--reason", "after all")
    let left = folder(ward).filter { !$0.hasSuffix(".part") }
    #expect(left == ["change.lock", "log.pem", "runner.pem"])
    try await ward.ledger("verify")
  }
}
