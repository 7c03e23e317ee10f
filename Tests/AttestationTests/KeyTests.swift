import Attestation
import Foundation
import Model
import TestKit
import Testing

@Suite("Keys")
struct KeyTests {
  private func run(_ program: String, _ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test("RFC 8032, section 7.1, test 2")
  func knownAnswer() throws {
    let seed = try #require(
      Hexadecimal.decode("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
    let key = try PrivateKey(seed: seed)
    guard case .ed25519(let raw) = key.publicKey else {
      Issue.record("not Ed25519")
      return
    }
    #expect(
      Hexadecimal.encode(raw)
        == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    let signature = try #require(
      Hexadecimal.decode(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
          + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"))
    #expect(key.publicKey.verify(signature, of: [0x72]))
    #expect(!key.publicKey.verify(signature, of: [0x73]))
    #expect(!key.publicKey.verify(Array(signature.dropLast()), of: [0x72]))
  }

  @Test("openssl verifies what we sign, from our PEM")
  func openssl() throws {
    let folder = try TemporaryFolder()
    let key = PrivateKey.generate()
    let message = Array("message".utf8)
    try key.publicKey.pem.write(toFile: folder.file("key.pub"), atomically: true, encoding: .utf8)
    try Data(message).write(to: URL(fileURLWithPath: folder.file("message")))
    try Data(key.signer.sign(message)).write(to: URL(fileURLWithPath: folder.file("signature")))
    let arguments = [
      "pkeyutl", "-verify", "-pubin", "-inkey", folder.file("key.pub"), "-rawin", "-in",
      folder.file("message"), "-sigfile", folder.file("signature"),
    ]
    #expect(try run("openssl", arguments) == 0)
    try Data("massage".utf8).write(to: URL(fileURLWithPath: folder.file("message")))
    #expect(try run("openssl", arguments) != 0)
  }

  @Test("reads keys of openssl and ssh-keygen")
  func foreignKeys() throws {
    let folder = try TemporaryFolder()
    let ed25519 = folder.file("ed25519.pem")
    #expect(try run("openssl", ["genpkey", "-algorithm", "ed25519", "-out", ed25519]) == 0)
    let p256 = folder.file("p256.pem")
    let curve = ["-pkeyopt", "ec_paramgen_curve:P-256"]
    #expect(try run("openssl", ["genpkey", "-algorithm", "EC"] + curve + ["-out", p256]) == 0)
    let ssh = folder.file("ssh")
    #expect(try run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", ssh]) == 0)
    for path in [ed25519, p256, ssh] {
      #expect(chmod(path, 0o600) == 0)
      let key = try PrivateKey(path: path)
      let signature = try key.signer.sign([1, 2, 3])
      #expect(key.publicKey.verify(signature, of: [1, 2, 3]))
      #expect(try PrivateKey(text: key.pem).publicKey == key.publicKey)
      #expect(try PublicKey(text: key.publicKey.pem) == key.publicKey)
      #expect(
        try PublicKey(subjectPublicKeyInfo: key.publicKey.subjectPublicKeyInfo) == key.publicKey)
    }
    let line = try String(contentsOfFile: "\(ssh).pub", encoding: .utf8)
    #expect(try PublicKey(text: line) == PrivateKey(path: ssh).publicKey)
  }

  @Test("refuses keys with a passphrase, of other kinds, open to others, damaged, absent")
  func refuses() throws {
    let folder = try TemporaryFolder()
    let locked = folder.file("locked")
    #expect(try run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "secret", "-f", locked]) == 0)
    #expect(throws: Problem(.badInput, "")) { try PrivateKey(path: locked) }
    let rsa = folder.file("rsa")
    #expect(try run("ssh-keygen", ["-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", rsa]) == 0)
    #expect(throws: Problem(.badInput, "")) { try PrivateKey(path: rsa) }
    let open = folder.file("open")
    try PrivateKey.generate().pem.write(toFile: open, atomically: true, encoding: .utf8)
    #expect(chmod(open, 0o644) == 0)
    #expect(throws: Problem(.notTrusted, "")) { try PrivateKey(path: open) }
    #expect(throws: Problem(.notFound, "")) { try PrivateKey(path: folder.file("none")) }
    let ssh = folder.file("ssh")
    #expect(try run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", ssh]) == 0)
    let text = try String(contentsOfFile: ssh, encoding: .utf8)
    let blob = try #require(PEM.decode(text, label: "OPENSSH PRIVATE KEY"))
    for length in 0..<blob.count - 20 {
      let cut = PEM.encode(Array(blob.prefix(length)), label: "OPENSSH PRIVATE KEY")
      #expect(throws: Problem.self) { try PrivateKey(text: cut) }
    }
  }
}
