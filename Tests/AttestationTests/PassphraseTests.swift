import Attestation
import Foundation
import Model
import TestKit
import Testing

@Suite("Keys with a passphrase")
struct PassphraseTests {
  private let passphrase = "correct horse battery"

  private func secrets(_ text: String) -> SecretSource { .fixed(Array(text.utf8)) }

  /// Runs openssl; the passphrase goes by a file.
  private func openssl(_ folder: TemporaryFolder, _ arguments: [String]) async throws {
    var program = Program("openssl", directory: folder.path, outputIn: folder.path)
    program.environment["HOME"] = folder.path
    try await program.check(arguments)
  }

  @Test("openssl opens the key that we lock, and we open the keys that openssl locks")
  func bothWays() async throws {
    let folder = try TemporaryFolder()
    try Data("\(passphrase)\n".utf8).write(to: URL(fileURLWithPath: folder.file("pass")))
    let key = PrivateKey.generate()
    try key.pem(passphrase: Array(passphrase.utf8))
      .write(toFile: folder.file("ours"), atomically: true, encoding: .utf8)
    try await openssl(
      folder, ["pkey", "-in", "ours", "-passin", "file:pass", "-pubout", "-out", "ours.pub"])
    let publicText = try String(contentsOfFile: folder.file("ours.pub"), encoding: .utf8)
    #expect(try PublicKey(text: publicText) == key.publicKey)

    let curve = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
    for (name, algorithm) in [("ed", ["-algorithm", "ed25519"]), ("ec", curve)] {
      try await openssl(folder, ["genpkey"] + algorithm + ["-out", "\(name).pem"])
      let plain = try String(contentsOfFile: folder.file("\(name).pem"), encoding: .utf8)
      let forms = [
        ["-v2", "aes-256-cbc"], ["-v2", "aes-128-cbc"],
        ["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA512", "-iter", "100000"],
      ]
      for form in forms {
        try await openssl(
          folder,
          ["pkcs8", "-topk8", "-in", "\(name).pem", "-out", "locked", "-passout", "file:pass"]
            + form)
        let locked = folder.file("locked")
        #expect(chmod(locked, 0o600) == 0)
        let opened = try PrivateKey(path: locked, secrets: secrets(passphrase))
        #expect(try opened.publicKey == PrivateKey(text: plain).publicKey)
      }
    }
  }

  @Test("locks and opens again; another passphrase opens nothing, and two locks differ")
  func roundTrip() throws {
    let key = PrivateKey.generate()
    let locked = try key.pem(passphrase: Array(passphrase.utf8))
    #expect(
      try PrivateKey(text: locked) { Array(passphrase.utf8) }.publicKey == key.publicKey)
    for wrong in ["correct horse batterz", "", "x"] {
      #expect(throws: Problem(.notTrusted, "")) {
        try PrivateKey(text: locked) { Array(wrong.utf8) }
      }
    }
    #expect(try key.pem(passphrase: Array(passphrase.utf8)) != locked)
    #expect(throws: Problem(.badInput, "")) { try key.pem(passphrase: Array("elevenbytes".utf8)) }
  }

  @Test("nobody to ask, other forms, absurd counts and cut files are refused in words")
  func refusals() async throws {
    let folder = try TemporaryFolder()
    try Data("\(passphrase)\n".utf8).write(to: URL(fileURLWithPath: folder.file("pass")))
    try await openssl(folder, ["genpkey", "-algorithm", "ed25519", "-out", "plain"])
    func lock(_ form: [String], _ name: String) async throws -> String {
      try await openssl(
        folder,
        ["pkcs8", "-topk8", "-in", "plain", "-out", name, "-passout", "file:pass"] + form)
      #expect(chmod(folder.file(name), 0o600) == 0)
      return folder.file(name)
    }
    let good = try await lock(["-v2", "aes-256-cbc"], "good")
    #expect(throws: Problem(.badInput, "")) { try PrivateKey(path: good) }
    let others = [
      ["-scrypt"], ["-v2", "des3"], ["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA1"],
      ["-v2", "aes-256-cbc", "-iter", "999"],
    ]
    for (number, form) in others.enumerated() {
      let path = try await lock(form, "other\(number)")
      #expect(throws: Problem(.badInput, ""), "\(form)") {
        try PrivateKey(path: path, secrets: secrets(passphrase))
      }
    }
    let text = try String(contentsOfFile: good, encoding: .utf8)
    let der = try #require(PEM.decode(text, label: "ENCRYPTED PRIVATE KEY"))
    // The count 2048 made as large as its three bytes let it be: more than ten million.
    let count: [UInt8] = [0x02, 0x02, 0x08, 0x00]
    let place = try #require((0..<der.count - 4).first { Array(der[$0..<$0 + 4]) == count })
    var endless = der
    endless.replaceSubrange(place..<place + 4, with: [0x02, 0x02, 0x00, 0x01])
    #expect(throws: Problem(.badInput, "")) {
      try PrivateKey(text: PEM.encode(endless, label: "ENCRYPTED PRIVATE KEY")) { [1] }
    }
    for length in stride(from: 0, to: der.count, by: 3) {
      let cut = PEM.encode(Array(der.prefix(length)), label: "ENCRYPTED PRIVATE KEY")
      #expect(throws: Problem.self) { try PrivateKey(text: cut) { Array(passphrase.utf8) } }
    }
  }

  @Test("a file with a passphrase must be closed to others, and have a first line")
  func secretFiles() throws {
    let folder = try TemporaryFolder()
    func write(_ text: String, mode: mode_t) throws -> String {
      let path = folder.file("secret")
      try? FileManager.default.removeItem(atPath: path)
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      #expect(chmod(path, mode) == 0)
      return path
    }
    #expect(try SecretFile.read(write("a b\r\nnext", mode: 0o600)) == Array("a b".utf8))
    #expect(try SecretFile.read(write("open", mode: 0o400)) == Array("open".utf8))
    let long = String(repeating: "x", count: 5_000)
    for (text, mode, code) in [
      ("open", 0o640, Problem.Code.notTrusted), ("", 0o600, .badInput), ("\nx", 0o600, .badInput),
      (long, 0o600, .badInput),
    ] as [(String, mode_t, Problem.Code)] {
      let path = try write(text, mode: mode)
      #expect(throws: Problem(code, "")) { try SecretFile.read(path) }
    }
    #expect(throws: Problem(.notFound, "")) { try SecretFile.read(folder.file("none")) }
    #expect(throws: Problem(.badInput, "")) { try SecretFile.read(folder.path) }
  }
}
