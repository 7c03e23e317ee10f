import Foundation
import Model
import TestKit
import Testing

/// What people sign, with which key, and how they leave, by the command line.
@Suite("People by the command line", .serialized)
struct PeopleEndToEndSerial {
  private static var nextYear: Instant {
    Instant(milliseconds: Int64(Date().timeIntervalSince1970 + 365 * 86_400) * 1000)
  }

  private func statement(_ topic: String, _ more: [String], _ ward: Ward) -> [String] {
    ["attest", "statement", topic, "--text", "done", "--expires", "\(Self.nextYear)"] + more
      + ["--ledger", ward.ledger]
  }

  @Test("statements by file and by agent, checked by ssh-keygen; who left signs no more")
  func people() async throws {
    let ward = try await Ward()
    try await ward.makeLedger()
    try ward.write("analysis.txt", "the analysis")
    let answer = try await ward.pratique().check(
      statement(
        "risk-analysis",
        ["--document", ward.file("analysis.txt"), "--fact", "scope=all", "--key", ward.key("ben")],
        ward) + ["--json"])
    #expect(answer.contains(Digest.sha256("the analysis".utf8).description), "\(answer)")
    let socket = ward.file("agent")
    let agent = try ward.program("ssh-agent").start(["-D", "-a", socket])
    defer { agent.kill(SIGKILL) }
    var pratique = ward.pratique()
    pratique.environment["SSH_AUTH_SOCK"] = socket
    var add = ward.program("ssh-add")
    add.environment["SSH_AUTH_SOCK"] = socket
    while !FileManager.default.fileExists(atPath: socket) {
      try await Task.sleep(for: .milliseconds(20))
    }
    for person in ["ana", "ben"] { try await add.check(["-q", ward.key(person)]) }
    var refusal = Refusal(ward)
    refusal.program = pratique
    try await refusal.expect(
      .badInput, ["several keys", "--key"], statement("training", ["--ssh-agent"], ward))
    try await pratique.check(
      statement("training", ["--ssh-agent", "--key", ward.key("ben.pub")], ward))
    try await sshAgrees(ward)
    try await leave(ward)
    try await refusal.expect(
      .notTrusted, ["not in the trust root"],
      statement("training", ["--ssh-agent", "--key", ward.key("ben.pub")], ward))
  }

  /// `ssh-keygen` verifies the statement that the agent signed.
  private func sshAgrees(_ ward: Ward) async throws {
    try await ward.pratique().check([
      "ledger", "export", "--entries", ward.file("export"), "--ledger", ward.ledger,
    ])
    struct Envelope: Decodable {
      struct Signature: Decodable { let sig: Data }
      let payload: Data
      let payloadType: String
      let signatures: [Signature]
    }
    let file = try #require(FileManager.default.contents(atPath: ward.file("export/2.dsse.json")))
    let envelope = try JSONDecoder().decode(Envelope.self, from: file)
    let type = envelope.payloadType
    let message =
      Data("DSSEv1 \(type.utf8.count) \(type) \(envelope.payload.count) ".utf8) + envelope.payload
    try message.write(to: URL(fileURLWithPath: ward.file("message")))
    let body = envelope.signatures[0].sig.base64EncodedString()
    try ward.write(
      "signature", "-----BEGIN SSH SIGNATURE-----\n\(body)\n-----END SSH SIGNATURE-----\n")
    let key = try String(contentsOfFile: ward.key("ben.pub"), encoding: .utf8)
    try ward.write("allowed", "ben \(key)")
    let output = try await ward.program("sh").check([
      "-c", "ssh-keygen -Y verify -f allowed -I ben -n pratique-act@v1 -s signature < message",
    ])
    #expect(output.contains("Good \"pratique-act@v1\" signature for ben"), "\(output)")
  }

  private func leave(_ ward: Ward) async throws {
    let ledger = ["--ledger", ward.ledger]
    let hanging = try await ward.pratique().check(["trust", "leave", "ben"] + ledger)
    #expect(
      hanging.contains("needs a new owner") && hanging.contains("risk-analysis"), "\(hanging)")
    let change = ward.file("change.json")
    try await ward.pratique().check(["trust", "leave", "ben", "--to", change] + ledger)
    for person in ["ana", "ben"] {
      try await ward.pratique().check(["trust", "sign", change, "--key", ward.key(person)])
    }
    try await ward.pratique().check(["trust", "apply", change] + ledger)
    #expect(try await ward.pratique().check(["trust", "show"] + ledger).contains("; until "))
  }
}
