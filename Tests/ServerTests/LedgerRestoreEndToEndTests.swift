import Foundation
import Journey
import Ledger
import Model
import Server
import TestKit
import Testing

/// A ledger that is brought back, a key that changes and a log that goes on under another name, with
/// a real witness.
@Suite("Restoring, keys and names, with a witness", .serialized)
struct LedgerRestoreEndToEndTests {
  let ward: Ward
  let witness: WitnessFolder

  init() async throws {
    ward = try await Ward()
    let trust = try String(contentsOfFile: ward.trust, encoding: .utf8)
      .replacing("id: ana\n", with: "id: ana\n    may: [recover]\n")
    try ward.write("trust.yaml", trust)
    try await ward.makeLedger()
    let pratique = ward.pratique()
    try await pratique.check([
      "witness", "init", "--witness", ward.file("witness"), "--name", "w.example/1",
    ])
    witness = try WitnessFolder.open(at: ward.file("witness"))
  }

  private func pratique(_ words: [String]) async throws -> Program.Result {
    var program = ward.pratique()
    // This machine remembers nothing: what is found out comes from others.
    program.environment["XDG_STATE_HOME"] = ward.file("state-\(UUID().uuidString)")
    return try await program.run(words + ["--ledger", ward.ledger])
  }

  private func run() async throws {
    let run = try await pratique(["run", "--repository", ward.repository])
    #expect(run.exitCode == 0, "\(run.errorOutput)")
    #expect(run.errorOutput.contains("cosignatures: enough"), "\(run.errorOutput)")
  }

  private func keys() async throws -> LogKeyHistory {
    let home = try LedgerHome.open(at: ward.ledger, readOnly: true)
    defer { try? home.ledger.close() }
    return try await home.ledger.histories().keys
  }

  /// The witness takes the log's key; a running one knows it after its next start.
  private func serve(_ old: Spawned? = nil, port: Int = 0) async throws -> (Spawned, Int) {
    old?.kill(SIGTERM)
    if let old { _ = try await old.ending() }
    let key = try await keys().current.key
    _ = try await ward.pratique().run([
      "witness", "add-log", "--witness", witness.path, key.description,
    ])
    let serving = try ward.pratique().start([
      "witness", "serve", "--witness", witness.path, "--port", String(port),
    ])
    let port = try await serving.port()
    try ward.write(
      "ledger/witnesses", "witness w \(witness.key) http://127.0.0.1:\(port)/\nquorum w\n")
    return (serving, port)
  }

  private func move(_ from: String, _ to: String) throws {
    try FileManager.default.moveItem(atPath: from, toPath: to)
  }

  @Test("a restored ledger asks its witness by itself, and stays shut while it does not answer")
  func asked() async throws {
    let (serving, port) = try await serve()
    try await run()
    let mirror = ward.file("mirror")
    #expect(try await pratique(["ledger", "mirror", mirror, "--with-registry"]).exitCode == 0)
    try await run()
    let away = ward.file("away")
    try move(ward.ledger, away)
    // The mirror carries the names of the witnesses; nobody names them here.
    let short = try await pratique(["ledger", "restore", mirror, "--keys", "\(away)/keys"])
    #expect(short.exitCode == 76, "\(short.errorOutput)\(short.output)")
    #expect(short.output.contains("asked witness w: a checkpoint of "), "\(short.output)")
    let shut = try await pratique(["run", "--repository", ward.repository])
    #expect(shut.exitCode == 76 && shut.errorOutput.contains("restored"))

    serving.kill(SIGTERM)
    _ = try await serving.ending()
    let silent = try await pratique([
      "ledger", "restore", "--mirror", away, "--witness-seconds", "1",
    ])
    #expect(silent.exitCode == 75, "\(silent.errorOutput)\(silent.output)")
    #expect(silent.output.contains("asked witness w: absent: "), "\(silent.output)")
    #expect(silent.errorOutput.contains("0 of 1 witnesses answered, and 1 must"))
    #expect(try await pratique(["run", "--repository", ward.repository]).exitCode == 76)

    let (again, _) = try await serve(port: port)
    let open = try await pratique(["ledger", "restore"])
    #expect(open.exitCode == 0, "\(open.errorOutput)\(open.output)")
    try await run()
    #expect(try await pratique(["ledger", "verify"]).exitCode == 0)
    again.kill(SIGTERM)
  }

  @Test("a copy's own word opens nothing unless that is said; fewer witnesses are a choice")
  func alone() async throws {
    let mirror = ward.file("mirror")
    #expect(try await pratique(["ledger", "mirror", mirror, "--with-registry"]).exitCode == 0)
    let away = ward.file("away")
    try move(ward.ledger, away)
    let alone = try await pratique(["ledger", "restore", mirror, "--keys", "\(away)/keys"])
    #expect(alone.exitCode == 65 && alone.errorOutput.contains("nobody but the copy"))
    // A witness that nobody runs, and one mirror.
    try ward.write(
      "who", "witness w \(witness.key) http://127.0.0.1:1/\nquorum w\n")
    let words = ["ledger", "restore", "--mirror", mirror, "--witnesses", ward.file("who")]
    let unasked = try await pratique(words)
    #expect(unasked.exitCode == 75, "\(unasked.errorOutput)")
    let chosen = try await pratique(words + ["--need", "0"])
    #expect(chosen.exitCode == 0, "\(chosen.errorOutput)")
    #expect(chosen.output.contains("asked witness w: absent: "), "\(chosen.output)")
    let begun = try await pratique(["ledger", "restore"])
    #expect(begun.exitCode == 65, "\(begun.errorOutput)")
    #expect(try await pratique(["ledger", "restore", "--alone"]).exitCode == 0)
  }

  @Test("cosignatures, receipts, bundles and audits go on under a new key and under a new name")
  func renewed() async throws {
    var (serving, port) = try await serve()
    try await run()
    #expect(try await pratique(["ledger", "rotate-key", "--reason", "yearly"]).exitCode == 0)
    // It knows the old key, which signs the hand-over too; then it has to learn the new one.
    #expect(try await pratique(["ledger", "cosign"]).exitCode == 0)
    let unknown = try await pratique(["run", "--repository", ward.repository])
    #expect(unknown.errorOutput.contains("NOT ENOUGH"), "\(unknown.errorOutput)")
    (serving, port) = try await serve(serving, port: port)
    try await run()
    try await proven("key")

    // Lost for good, with the witness as the only one who knows.
    let mirror = ward.file("mirror")
    #expect(try await pratique(["ledger", "mirror", mirror, "--with-registry"]).exitCode == 0)
    try await run()
    let away = ward.file("away")
    try move(ward.ledger, away)
    let opened = try await pratique([
      "ledger", "restore", mirror, "--keys", "\(away)/keys", "--open-epoch", "--reason", "fire",
      "--key", ward.key("ana"),
    ])
    #expect(opened.exitCode == 0, "\(opened.errorOutput)\(opened.output)")
    #expect(try await keys().origin.hasSuffix("/epoch-1"))
    let stranger = try await pratique(["ledger", "cosign"])
    #expect(stranger.exitCode == 75 && stranger.output.contains("does not know this ledger"))
    (serving, port) = try await serve(serving, port: port)
    try await run()
    try await proven("name")
    #expect(try await pratique(["ledger", "rotate-key", "--reason", "fire"]).exitCode == 0)
    (serving, port) = try await serve(serving, port: port)
    try await run()
    try await proven("both")

    // Asked under both names: what the old one shows beyond the epoch is known to be lost.
    let later = ward.file("later")
    #expect(try await pratique(["ledger", "mirror", later]).exitCode == 0)
    let asked = try await pratique(["ledger", "restore", "--mirror", later])
    #expect(asked.exitCode == 0, "\(asked.errorOutput)")
    #expect(asked.output.contains("recovery epoch 1 calls entries"), "\(asked.output)")
    serving.kill(SIGTERM)
  }

  /// An auditor who holds the keys of now can check a receipt, a bundle and the ledger, and ask.
  private func proven(_ name: String) async throws {
    let key = try await keys().current.key
    let policy = ward.file("\(name).policy")
    try ward.write("\(name).policy", "log \(key)\nwitness w \(witness.key)\nquorum w\n")
    let audited = try await pratique(["ledger", "verify", "--policy", policy])
    #expect(audited.exitCode == 0 && audited.output.hasPrefix("witnessed: 1 of 1"), "\(audited)")
    let proof = try await pratique(["ledger", "prove", "1"])
    #expect(proof.exitCode == 0, "\(proof.errorOutput)")
    try ward.write("\(name).tlog-proof", proof.output)
    let home = try LedgerHome.open(at: ward.ledger, readOnly: true)
    let leaf = try await home.ledger.entries([1])[0].leaf
    try home.ledger.close()
    try ward.write("\(name).leaf", String(decoding: leaf, as: UTF8.self))
    let receipt = try await ward.pratique().run([
      "verify", "--offline", ward.file("\(name).tlog-proof"), "--leaf", ward.file("\(name).leaf"),
      "--policy", policy,
    ])
    #expect(receipt.exitCode == 0, "\(receipt.errorOutput)")
    let bundle = ward.file("\(name).bundle")
    let made = try await pratique(["ledger", "bundle", "--all", bundle])
    #expect(made.exitCode == 0, "\(made.errorOutput)")
    let verified = try await ward.pratique().run([
      "verify", "--offline", bundle, "--policy", policy,
    ])
    #expect(verified.exitCode == 0, "\(verified.errorOutput)")
    let audit = try await pratique([
      "audit", "--app", "ward-app", "--from", "2020-01-01", "--to", "2100-01-01",
    ])
    #expect(audit.exitCode == 0, "\(audit.errorOutput)")
  }
}
