import Foundation
import Journey
import LedgerSQLite
import Model
import TestKit
import Testing

/// Keys of the wrong kind, and people who may not do what they ask.
@Suite("Bad keys, roles and environments")
struct BadKeysEndToEnd {
  /// Keys that nobody can sign with here, and the words that say why.
  private func badKeys(_ ward: Ward) async throws -> [(file: String, words: [String])] {
    let keygen = ward.program("ssh-keygen")
    let key = ward.key
    try await keygen.check(["-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", key("rsa")])
    try await keygen.check(["-q", "-t", "ed25519", "-N", "secret", "-f", key("locked")])
    try await keygen.check(["-q", "-t", "ecdsa", "-b", "384", "-N", "", "-f", key("ecdsa")])
    let openssl = ward.program("openssl")
    let curve = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"]
    try await openssl.check(["genpkey", "-out", key("p384.pem")] + curve)
    try await openssl.check(["genpkey", "-algorithm", "RSA", "-out", key("rsa.pem")])
    try await openssl.check([
      "genpkey", "-algorithm", "ED25519", "-aes256", "-pass", "pass:x", "-out", key("locked.pem"),
    ])
    try await openssl.check(["pkey", "-in", key("p384.pem"), "-pubout", "-out", key("p384.pub")])
    try FileManager.default.copyItem(atPath: key("ana.pub"), toPath: key("closed.pub"))
    for name in ["p384.pem", "rsa.pem", "locked.pem", "closed.pub"] {
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key(name))
    }
    return [
      ("rsa", ["only Ed25519", "ssh-keygen -t ed25519"]),
      ("locked", ["passphrase"]), ("locked.pem", ["passphrase"]),
      ("p384.pem", ["neither Ed25519 nor P-256"]), ("rsa.pem", ["neither Ed25519 nor P-256"]),
      ("ana.pub", ["public key", "private"]), ("closed.pub", ["public key", "private"]),
    ]
  }

  @Test("private keys of the wrong kind, locked, open to others, or public")
  func privateKeys() async throws {
    let ward = try await Ward()
    try await ward.makeLedger()
    let refusal = Refusal(ward)
    let change = ward.file("change.json")
    try await ward.pratique().check(
      ["trust", "propose", ward.trust, "--to", change, "--ledger", ward.ledger])
    let before = FileManager.default.contents(atPath: change)
    for (name, words) in try await badKeys(ward) {
      try await refusal.expect(
        .badInput, [ward.key(name)] + words, ["trust", "sign", change, "--key", ward.key(name)])
    }
    try FileManager.default.copyItem(atPath: ward.key("ana"), toPath: ward.key("open"))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o644], ofItemAtPath: ward.key("open"))
    try await refusal.expect(
      .notTrusted, [ward.key("open"), "read by others", "chmod 600"],
      ["trust", "sign", change, "--key", ward.key("open")])
    #expect(FileManager.default.contents(atPath: change) == before)
    // Too few signatures: the change does not come into force.
    try await refusal.expect(
      .notTrusted, [], ["trust", "apply", change, "--ledger", ward.ledger])
  }

  @Test("public keys of the wrong kind, and private ones where public ones are expected")
  func publicKeys() async throws {
    let ward = try await Ward()
    _ = try await badKeys(ward)
    let refusal = Refusal(ward)
    for name in ["rsa.pub", "ecdsa.pub", "p384.pub", "ana", "rsa.pem"] {
      try await refusal.expect(.badInput, [ward.key(name)], ["key", "show", ward.key(name)])
      try ward.write(
        "trust.yaml", WardFiles.trust.replacingOccurrences(of: "keys/ben.pub", with: "keys/\(name)")
      )
      try await refusal.expect(
        .badInput, [ward.key(name)],
        ["ledger", "init", "--trust", ward.trust, "--ledger", ward.ledger])
    }
    #expect(!FileManager.default.fileExists(atPath: ward.ledger))
  }

  @Test("a file that is no change of trust is not signed")
  func otherStatement() async throws {
    let ward = try await Ward()
    try await ward.makeLedger()
    try await ward.pratique().check(
      ["run", "--ledger", ward.ledger, "--repository", ward.repository])
    let export = ward.file("export")
    try await ward.pratique().check([
      "ledger", "export", "--entries", export, "--ledger", ward.ledger,
    ])
    let before = FolderContent.of(export)
    try await Refusal(ward).expect(
      .badInput, ["no change of a trust root"],
      ["trust", "sign", "\(export)/1.dsse.json", "--key", ward.key("ana")])
    #expect(FolderContent.differences(before, FolderContent.of(export)) == [])
  }

  @Test("an environment, a gate, a role, a release or an approver that is not known")
  func approvals() async throws {
    let ward = try await Ward()
    try await ward.makeLedger()
    let refusal = Refusal(ward)
    let ledger = ["--ledger", ward.ledger]
    try await refusal.expect(
      .notFound, ["pratique run"], ["gate", "latest", "--environment", "production"] + ledger)
    let release = try await ward.recordRelease()
    func approve(_ environment: String, _ role: String, _ person: String) -> [String] {
      [
        "approve", release.version, "--environment", environment, "--role", role, "--reason", "x",
        "--key", ward.key(person),
      ] + ledger
    }
    try await refusal.expect(
      .notFound, ["nosuch", release.version],
      ["gate", "nosuch", "--environment", "production"] + ledger)
    try await refusal.expect(
      .gateRefused, ["\"prodction\"", "production"],
      ["gate", "latest", "--environment", "prodction"] + ledger)
    try await refusal.expect(
      .gateRefused, ["refused"], ["gate", "latest", "--environment", "production"] + ledger)
    try await refusal.expect(
      .gateRefused, ["\"prodction\"", "production"], approve("prodction", "clinical-lead", "ben"))
    try await refusal.expect(
      .notTrusted, ["\"king\"", "clinical-lead"], approve("production", "king", "ben"))
    try await refusal.expect(
      .notTrusted, ["clinical-lead"], approve("production", "clinical-lead", "ana"))
    try await ward.pratique().check(["key", "new", ward.key("stranger")])
    try await refusal.expect(
      .notTrusted, ["not in the trust root", "pratique trust show"],
      approve("production", "clinical-lead", "stranger"))
    let empty = approve("production", "clinical-lead", "ben").map { $0 == "x" ? " " : $0 }
    try await refusal.expect(.badInput, ["--reason"], empty)
    // Not a word was wrong with the last: said rightly, it is recorded.
    try await ward.pratique().check(approve("production", "clinical-lead", "ben"))
  }
}
