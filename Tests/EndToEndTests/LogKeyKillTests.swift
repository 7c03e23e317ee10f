import Foundation
import Journey
import Ledger
import Model
import TestKit
import Testing

/// The program is killed at each step of a rotation, as it enters the call that would do it.
@Suite("Killed while the log key changes", .serialized)
struct LogKeyKillEndToEndSerial {
  /// Where it is killed: the call, and the how-manieth of the thread that makes it.
  private static let instants: [(call: String, when: Int)] = [
    ("rename", 1), ("rename", 2), ("fsync", 1), ("fsync", 2), ("fsync", 3), ("fsync", 4),
    ("unlink", 1), ("unlink", 2), ("pwrite64", 3), ("pwrite64", 6), ("pwrite64", 10),
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
    for (call, when) in Self.instants {
      let result = try await strace.run([
        "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(call)", "-e",
        "inject=\(call):signal=KILL:when=\(when)", ward.command, "ledger", "rotate-key", "--reason",
        "\(call) \(when)", "--ledger", ward.ledger,
      ])
      let moment = "\(call) \(when)"
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
    #expect(unfinished >= 2, "no kill fell between the entry and the key's place")
    #expect(undone >= 4)
    // What was left beside the key in force hinders nothing, and goes with the next change.
    try await ward.ledger("rotate-key", "--reason", "after all")
    let left = folder(ward).filter { !$0.hasSuffix(".part") }
    #expect(left == ["change.lock", "log.pem", "runner.pem"])
    try await ward.ledger("verify")
  }
}
