import Attestation
import Foundation
import Model
import TestKit
import Testing
import Tokens

/// The module reads its configuration once in a process, so all tests here share one folder.
private let hsm = Task {
  let hsm = try SoftHSM()
  setenv("SOFTHSM2_CONF", hsm.configuration, 1)
  for token in ["one", "two"] { try await hsm.makeToken(token) }
  try await hsm.makeKey("EC:edwards25519", label: "ed", id: "01", token: "one")
  try await hsm.makeKey("EC:prime256v1", label: "p256", id: "02", token: "one")
  try await hsm.makeKey("EC:secp384r1", label: "p384", id: "03", token: "one")
  try await hsm.makeKey("rsa:2048", label: "rsa", id: "04", token: "one")
  for id in ["05", "06"] {
    try await hsm.makeKey("EC:prime256v1", label: "twin", id: id, token: "one")
  }
  try await hsm.makeKey("EC:prime256v1", label: "twin", id: "07", token: "two")
  try await hsm.makeToken("gone")
  try await hsm.makeKey("EC:edwards25519", label: "ed", id: "01", token: "gone")
  return hsm
}

@Suite("Keys behind PKCS #11 (SoftHSM2)", .serialized)
struct TokenKeySerialTests {
  private func key(_ object: String, token: String = "one") async throws -> TokenKey {
    let hsm = try await hsm.value
    return try TokenKey(TokenURI(hsm.uri(object, token: token)), secrets: .none)
  }

  @Test("Ed25519 and P-256 keys sign, and openssl verifies", arguments: ["ed", "p256"])
  func signs(object: String) async throws {
    let key = try await key(object)
    let message = Array("message".utf8)
    let signature = try key.signer.sign(message)
    #expect(key.publicKey.verify(signature, of: message))
    #expect(!key.publicKey.verify(signature, of: Array("massage".utf8)))
    let folder = try TemporaryFolder()
    try key.publicKey.pem.write(toFile: folder.file("pub"), atomically: true, encoding: .utf8)
    try Data(message).write(to: URL(fileURLWithPath: folder.file("message")))
    try Data(signature).write(to: URL(fileURLWithPath: folder.file("signature")))
    let openssl = Program("openssl", directory: folder.path, outputIn: folder.path)
    try await openssl.check([
      "pkeyutl", "-verify", "-pubin", "-inkey", "pub", "-rawin", "-in", "message", "-sigfile",
      "signature",
    ])
    let envelope = try Envelope(signing: message, by: [key.signer])
    #expect(envelope.verifyingKeys(among: [key.publicKey]) == [key.publicKey])
  }

  @Test("many signatures at once, from several keys")
  func concurrent() async throws {
    let keys = [try await key("ed"), try await key("p256")]
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<200 {
        let key = keys[number % 2]
        group.addTask {
          let message = Array("\(number)".utf8)
          return try key.publicKey.verify(key.signer.sign(message), of: message)
        }
      }
      for try await isValid in group { #expect(isValid) }
    }
  }

  @Test("an absent token, key or module, a key of another kind, and two that fit are told apart")
  func refusals() async throws {
    let hsm = try await hsm.value
    let expected: [(String, Problem.Code, String)] = [
      (hsm.uri("ed", token: "nosuch"), .notFound, "the token nosuch is not there"),
      (hsm.uri("nosuch", token: "one"), .notFound, "no private key \"nosuch\""),
      (hsm.uri("rsa", token: "one"), .badInput, "neither Ed25519 nor P-256"),
      (hsm.uri("p384", token: "one"), .badInput, "neither Ed25519 nor P-256"),
      (hsm.uri("twin", token: "one"), .badInput, "several private keys"),
      (
        hsm.uri("ed", token: "one").replacingOccurrences(of: SoftHSM.module, with: "/nosuch.so"),
        .toolMissing, "cannot be loaded"
      ),
      (
        hsm.uri("ed", token: "one").replacingOccurrences(
          of: SoftHSM.module, with: "/lib/x86_64-linux-gnu/libm.so.6"), .toolMissing,
        "no PKCS #11 module"
      ),
    ]
    for (text, code, words) in expected {
      do {
        _ = try TokenKey(TokenURI(text), secrets: .none)
        Issue.record("\(text) was taken")
      } catch let problem as Problem {
        #expect(problem.code == code && problem.message.contains(words), "\(text): \(problem)")
      }
    }
    let twin = hsm.uri("twin", token: "one").replacingOccurrences(
      of: ";object", with: ";id=%06;object")
    _ = try TokenKey(TokenURI(twin), secrets: .none)
  }

  @Test("a wrong PIN, none, and one in a file that others can read are refused")
  func pins() async throws {
    // Another process's login would hide a wrong PIN: this token is used by nobody else.
    let hsm = try await hsm.value
    let text = hsm.uri("twin", token: "two").split(separator: "&")[0]
    let uri = try TokenURI(String(text))
    #expect(throws: Problem(.notTrusted, "")) {
      try TokenKey(uri, secrets: .fixed(Array("000000".utf8)))
    }
    #expect(throws: Problem(.badInput, "")) { try TokenKey(uri, secrets: .none) }
    let folder = try TemporaryFolder()
    try Data("\(hsm.pin)\n".utf8).write(to: URL(fileURLWithPath: folder.file("pin")))
    #expect(chmod(folder.file("pin"), 0o644) == 0)
    let open = try TokenURI("\(text)&pin-source=file:\(folder.file("pin"))")
    #expect(throws: Problem(.notTrusted, "")) { try TokenKey(open, secrets: .none) }
    #expect(try TokenKey(uri, secrets: .fixed(Array(hsm.pin.utf8))).signer.sign([1]).count > 60)
  }

  @Test("a session that was lost is opened anew, once")
  func lostSession() async throws {
    let key = try await key("ed")
    _ = try key.signer.sign([1])
    try TokenKey.endAllSessions(key.uri)
    #expect(key.publicKey.verify(try key.signer.sign([2]), of: [2]))
  }

  @Test("a token that came back with another key, or is gone mid-way, signs nothing")
  func gone() async throws {
    let hsm = try await hsm.value
    let key = try await key("ed", token: "gone")
    _ = try key.signer.sign([1])
    try await hsm.removeKey(id: "01", token: "gone")
    try await hsm.makeKey("EC:edwards25519", label: "ed", id: "01", token: "gone")
    try TokenKey.endAllSessions(key.uri)
    #expect(throws: Problem(.notTrusted, "")) { try key.signer.sign([2]) }
    let second = try await self.key("ed", token: "gone")
    _ = try second.signer.sign([3])
    let folder = try #require(try await tokenFolder(of: "gone", hsm))
    try FileManager.default.removeItem(atPath: folder)
    for message: [UInt8] in [[4], [5]] {
      do {
        _ = try second.signer.sign(message)
        Issue.record("it signed")
      } catch let problem as Problem {
        #expect([.notFound, .inputOutput].contains(problem.code), "\(problem)")
      }
    }
    #expect(throws: Problem(.notFound, "")) { try TokenKey.look(second.uri) }
  }

  /// The folder of a token: the one whose token object holds its label.
  private func tokenFolder(of label: String, _ hsm: SoftHSM) async throws -> String? {
    try FileManager.default.contentsOfDirectory(atPath: hsm.tokens).map { "\(hsm.tokens)/\($0)" }
      .first { folder in
        let data = FileManager.default.contents(atPath: "\(folder)/token.object") ?? Data()
        return data.range(of: Data(label.utf8)) != nil
      }
  }
}
