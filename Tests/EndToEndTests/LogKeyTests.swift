import Foundation
import Journey
import Ledger
import Model
import Reading
import TestKit
import Testing

/// The log key changes by plan, after a loss and after a theft, as operators do it.
@Suite("The log key's life")
struct LogKeyEndToEnd {
  private struct Verified: Decodable {
    let logKeys: [Key]
    let distrusted: [Entries]
    let faultCount: Int64
    struct Key: Decodable { let firstSize: Int64 }
    struct Entries: Decodable, Equatable {
      let first: Int64
      let last: Int64
    }
  }

  private func verified(_ ward: Ward) async throws -> Verified {
    let text = try await ward.ledger("verify", "--json")
    return try JSONReader.read(Array(text.utf8)).decode(Verified.self)
  }

  @Test("recorders go on while the key rotates; nothing is lost, and the old key appends no more")
  func rotation() async throws {
    let ward = try await Ward()
    try await ward.makeLedger()
    let home = try LedgerHome.open(at: ward.ledger)
    let recorder = try await home.recorder(role: .pipeline, time: .system)
    let stale = try String(contentsOfFile: "\(ward.ledger)/keys/log.pem", encoding: .utf8)
    let subject = Subject(name: "s", digest: .sha256([1]))
    let indices = try await withThrowingTaskGroup(of: [Int64].self) { group in
      for task in 0..<4 {
        group.addTask {
          var indices: [Int64] = []
          for number in 0..<60 {
            let evidence = Evidence(
              kind: .step, subjects: [subject], predicate: ["n": "\(task)-\(number)"])
            if let entry = try await recorder.record(evidence) { indices.append(entry.index) }
          }
          return indices
        }
      }
      for number in 1...3 {
        try await ward.ledger("rotate-key", "--reason", "change \(number)")
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(Set(indices).count == 240)
    let report = try await verified(ward)
    #expect(report.logKeys.count == 4)
    #expect(report.logKeys.map(\.firstSize) == report.logKeys.map(\.firstSize).sorted())
    // A process that took the founding key, and nothing since.
    let old = try ward.copyLedger("stale")
    try Data(stale.utf8).write(to: URL(fileURLWithPath: "\(old)/keys/log.pem"))
    var refusal = Refusal(ward)
    refusal.folders = [old]
    try await refusal.expect(
      .notTrusted, ["log key is not the one in force", "recover-key"],
      ["run", "--repository", ward.repository, "--ledger", old])
    try await refusal.expect(
      .badInput, ["reason"], ["ledger", "rotate-key", "--reason", " ", "--ledger", ward.ledger])
  }

  @Test("a lost key is replaced by two of three recovery keys, and by nothing less")
  func lost() async throws {
    let ward = try await Ward()
    try await ward.makeRecoveryKeys()
    try await ward.makeLedger()
    try await ward.pratique().check(
      ["run", "--ledger", ward.ledger, "--repository", ward.repository])
    try FileManager.default.removeItem(atPath: "\(ward.ledger)/keys/log.pem")
    let change = ward.file("change.json")
    try await ward.ledger(
      "recover-key", "prepare", "--cause", "lost", "--reason", "disk", "--change", change)
    let refusal = Refusal(ward)
    let apply = ["ledger", "recover-key", "apply", change, "--ledger", ward.ledger]
    func sign(_ key: String) async throws {
      try await ward.pratique().check(
        ["ledger", "recover-key", "sign", change, "--key", ward.key(key)])
    }
    try await refusal.expect(.notTrusted, ["2 of 3", "0 signed"], apply)
    for key in ["recovery-1", "recovery-1", "ana", "ben"] { try await sign(key) }
    try await refusal.expect(.notTrusted, ["2 of 3", "1 signed"], apply)
    try await sign("recovery-3")
    try await ward.pratique().check(apply)
    try await refusal.expect(.notTrusted, ["another key than the one in force"], apply)
    #expect(try await verified(ward).distrusted == [])
    // The ledger goes on, and a rotation is no business of recovery keys.
    try await ward.pratique().check(
      ["run", "--ledger", ward.ledger, "--repository", ward.repository])
    let export = ward.file("export")
    try await ward.ledger("export", "--to", export)
    try await refusal.expect(
      .badInput, ["no replacement of a log key"],
      ["ledger", "recover-key", "sign", "\(export)/0.dsse.json", "--key", ward.key("recovery-2")])
  }

  @Test("after a theft: what came after the stated position counts no more, and a fork is found")
  func stolen() async throws {
    let ward = try await Ward()
    try await ward.makeRecoveryKeys()
    try await ward.makeLedger()
    let kept = try await ward.checkpoint()
    let release = try await ward.recordRelease()
    let position = try await LedgerHome.open(at: ward.ledger).ledger.read { try $0.size() }
    // The thief has a copy with the key, and goes on with it; so does the owner, who knows nothing.
    let thief = try ward.copyLedger("thief")
    _ = try await ward.recordRelease()
    try await ward.pratique().check(
      ["run", "--ledger", thief, "--repository", ward.repository])
    let change = ward.file("change.json")
    let refusal = Refusal(ward)
    func prepare(_ size: Int64) -> [String] {
      [
        "ledger", "recover-key", "prepare", "--cause", "stolen", "--trusted-size", "\(size)",
        "--reason", "laptop", "--change", change, "--ledger", ward.ledger,
      ]
    }
    try await refusal.expect(.badInput, ["from 1 to"], prepare(0))
    try await refusal.expect(.badInput, ["from 1 to"], prepare(position + 1_000))
    try await ward.pratique().check(prepare(position))
    for key in ["recovery-2", "recovery-3"] {
      try await ward.pratique().check(
        ["ledger", "recover-key", "sign", change, "--key", ward.key(key)])
    }
    // Somebody still records: what was signed is of another ledger then.
    let busy = try ward.copyLedger("busy")
    try await ward.pratique().check(["run", "--ledger", busy, "--repository", ward.repository])
    try await refusal.expect(
      .busy, ["has grown", "anew"], ["ledger", "recover-key", "apply", change, "--ledger", busy])
    try await ward.ledger("recover-key", "apply", change)
    let report = try await verified(ward)
    #expect(report.distrusted.map(\.first) == [position])
    #expect(report.faultCount == 0)
    // The thief's longer ledger is refused by its checkpoint alone; an old checkpoint still fits.
    try ward.write("thief.txt", await ward.checkpoint(at: thief))
    try ward.write("kept.txt", kept)
    try await refusal.expect(
      .notTrusted, ["thief.txt", "replaced"],
      ["ledger", "verify", "--checkpoint", ward.file("thief.txt"), "--ledger", ward.ledger])
    try await ward.ledger("verify", "--checkpoint", ward.file("kept.txt"))
    // A release whose evidence came after the position cannot pass; nor can the thief append here.
    let said = try await ward.pratique().run(
      ["gate", release.version, "--environment", "production", "--json", "--ledger", ward.ledger])
    #expect(said.exitCode == 20)
    #expect(said.output.contains("somebody else may have had the log key"), "\(said.output)")
    try FileManager.default.removeItem(atPath: "\(ward.ledger)/keys/log.pem")
    try FileManager.default.copyItem(
      atPath: "\(thief)/keys/log.pem", toPath: "\(ward.ledger)/keys/log.pem")
    try await refusal.expect(
      .notTrusted, ["not the one in force"],
      ["run", "--repository", ward.repository, "--ledger", ward.ledger])
  }

  @Test("no recovery keys, keys that stand twice, a person's key: said where the file says it")
  func trustFiles() async throws {
    let ward = try await Ward()
    let made = try await ward.pratique().run(
      ["ledger", "init", "--trust", ward.trust, "--ledger", ward.ledger])
    #expect(made.ending == .exited(0))
    #expect(made.errorOutput.contains("no recovery keys"), "\(made.errorOutput)")
    let refusal = Refusal(ward)
    try await refusal.expect(
      .notTrusted, ["no recovery keys", "docs/keys.md"],
      [
        "ledger", "recover-key", "prepare", "--cause", "lost", "--reason", "x", "--change",
        ward.file("c.json"), "--ledger", ward.ledger,
      ])
    try await ward.makeRecoveryKeys()
    let good = try String(contentsOfFile: ward.trust, encoding: .utf8)
    for (old, new, words) in [
      ("recovery-2.pub", "recovery-1.pub", ["trust.yaml:", "stands twice"]),
      ("recovery-2.pub", "ana.pub", ["trust.yaml:", "key of a person"]),
      ("threshold: 2", "threshold: 4", ["trust.yaml:", "1 to 3"]),
      ("  threshold: 2\n", "", ["trust.yaml:", "threshold"]),
      ("threshold:", "treshold:", ["trust.yaml:", "did you mean"]),
      ("[keys/recovery-1.pub, keys/recovery-2.pub, keys/recovery-3.pub]", "[]", ["1 to 32"]),
    ] {
      try ward.write("trust.yaml", good.replacingOccurrences(of: old, with: new))
      try await refusal.expect(
        .badInput, words, ["ledger", "init", "--trust", ward.trust, "--ledger", ward.file("new")])
    }
  }
}
