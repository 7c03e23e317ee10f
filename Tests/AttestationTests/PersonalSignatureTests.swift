import Attestation
import Foundation
import Model
import TestKit
import Testing

/// Acts signed with SSH keys: `ssh-keygen` agrees, whatever is said beside the signature.
@Suite("Acts signed with SSH keys")
struct PersonalSignatureTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ program: String, _ arguments: [String], input: [UInt8]? = nil) throws -> Int32
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    if let input {
      try Data(input).write(to: URL(fileURLWithPath: folder.file("input")))
      process.standardInput = try FileHandle(
        forReadingFrom: URL(fileURLWithPath: folder.file("input")))
    }
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  private func key(_ type: String) throws -> PrivateKey {
    let path = folder.file(type)
    #expect(try run("ssh-keygen", ["-q", "-t", type, "-N", "", "-f", path]) == 0)
    let key = try PrivateKey(path: path)
    #expect(
      try PublicKey(text: String(contentsOfFile: "\(path).pub", encoding: .utf8)) == key.publicKey)
    return key
  }

  private func envelope(_ signers: [Signer]) throws -> Envelope {
    try Envelope(
      signing: Statement(
        Evidence(
          kind: .approval, subjects: [Subject(name: "app", digest: .sha256("app".utf8))],
          predicate: ["verdict": "approved"])
      ).json(), by: signers)
  }

  /// What `ssh-keygen -Y verify` says of a signature over a message.
  private func verify(
    _ blob: [UInt8], _ message: [UInt8], by key: PublicKey,
    namespace: String = PersonalSignature.namespace
  ) throws -> Bool {
    let (signers, file) = (folder.file("allowed"), folder.file("signature"))
    try Data("ana \(key.openSSHLine)\n".utf8).write(to: URL(fileURLWithPath: signers))
    try Data(SSHSignature.armored(blob).utf8).write(to: URL(fileURLWithPath: file))
    return try run(
      "ssh-keygen", ["-Y", "verify", "-f", signers, "-I", "ana", "-n", namespace, "-s", file],
      input: message) == 0
  }

  @Test(
    "ssh-keygen verifies what we sign, for both kinds of keys", arguments: ["ed25519", "ecdsa"])
  func outsider(type: String) throws {
    let key = try key(type)
    let signed = try envelope([PersonalSignature.signer(key.signer)])
    #expect(signed.verifyingKeys(among: [key.publicKey]) == [key.publicKey])
    #expect(try Envelope(json: signed.json()) == signed)
    let message = Envelope.preAuthenticationEncoding(
      type: signed.payloadType, payload: signed.payload)
    let blob = signed.signatures[0].signature
    #expect(try verify(blob, message, by: key.publicKey))
    #expect(try !verify(blob, message + [0], by: key.publicKey))
    #expect(try !verify(blob, message, by: key.publicKey, namespace: "git"))
  }

  @Test(
    "what ssh-keygen signs counts in the namespace of acts alone", arguments: ["ed25519", "ecdsa"])
  func fromOutside(type: String) throws {
    let key = try key(type)
    let bare = try envelope([PrivateKey.generate().signer])
    let message = Envelope.preAuthenticationEncoding(type: bare.payloadType, payload: bare.payload)
    for (namespace, counts) in [(PersonalSignature.namespace, true), ("git", false)] {
      let file = folder.file("message")
      try Data(message).write(to: URL(fileURLWithPath: file))
      unlink("\(file).sig")
      #expect(
        try run("ssh-keygen", ["-q", "-Y", "sign", "-n", namespace, "-f", folder.file(type), file])
          == 0)
      let armored = try String(contentsOfFile: "\(file).sig", encoding: .utf8)
      let blob = try #require(PEM.decode(armored, label: "SSH SIGNATURE"))
      let signed = try bare.replacing(signature: blob)
      #expect(signed.verifyingKeys(among: [key.publicKey]) == (counts ? [key.publicKey] : []))
    }
  }

  @Test("no bit of an SSH signature can change, but for its hash's name with it")
  func tampering() throws {
    let key = PrivateKey.generate()
    let signed = try envelope([PersonalSignature.signer(key.signer)])
    let blob = signed.signatures[0].signature
    for place in blob.indices {
      var changed = blob
      changed[place] ^= 1
      #expect(
        try signed.replacing(signature: changed).verifyingKeys(among: [key.publicKey]).isEmpty)
    }
    for count in [0, 6, 10, 64, blob.count - 1] {
      let cut = try signed.replacing(signature: Array(blob.prefix(count)))
      #expect(cut.verifyingKeys(among: [key.publicKey]).isEmpty)
    }
    // Another's key named in the frame takes nothing over.
    let other = PrivateKey.generate().publicKey
    #expect(signed.verifyingKeys(among: [other]).isEmpty)
  }

  @Test("the key id beside a signature decides nothing, and pushes nobody's signature out")
  func keyIDs() throws {
    let (ana, ben) = (PrivateKey.generate(), PrivateKey.generate())
    let lying = Signer(publicKey: ana.publicKey, sign: PersonalSignature.signer(ben.signer).sign)
    let signed = try envelope([lying])
    #expect(signed.signatures[0].keyID == ana.publicKey.id.description)
    #expect(signed.verifyingKeys(among: [ana.publicKey, ben.publicKey]) == [ben.publicKey])
    let both = try signed.adding(ana.signer)
    #expect(both.verifyingKeys(among: [ana.publicKey, ben.publicKey]).count == 2)
    #expect(try both.adding(PersonalSignature.signer(ana.signer)).signatures.count == 2)
  }

  @Test(
    "keys on authenticators sign when they are touched, and ssh-keygen agrees",
    arguments: ["ed25519", "ecdsa"])
  func authenticators(type: String) throws {
    let key = try key(type)
    func security(_ application: String, _ flags: UInt8) throws -> (PublicKey, Signer) {
      let name =
        type == "ed25519" ? "sk-ssh-ed25519@openssh.com" : "sk-ecdsa-sha2-nistp256@openssh.com"
      var plain = OpenSSHReader(key.publicKey.openSSH)
      _ = try plain.string()
      let blob =
        OpenSSHWriter.string(name) + plain.rest + OpenSSHWriter.string(application)
      let publicKey = try PublicKey(openSSH: blob)
      let signer = PersonalSignature.signer(publicKey) { data in
        let state = [flags] + OpenSSHWriter.number(7)
        let message =
          Digest.sha256(application.utf8).bytes + state + Digest.sha256(data).bytes
        return OpenSSHWriter.string(name) + (try Self.value(key, message)) + state
      }
      return (publicKey, signer)
    }
    let (publicKey, signer) = try security("ssh:", 0x01)
    #expect(publicKey.algorithm.hasPrefix("sk-"))
    #expect(try PublicKey(encoded: publicKey.encoded) == publicKey)
    #expect(try PublicKey(text: publicKey.pem) == publicKey)
    let signed = try envelope([signer])
    #expect(signed.verifyingKeys(among: [publicKey]) == [publicKey])
    // The bare key, or one for another application, is another key.
    let other = try security("ssh:other", 0x01)
    #expect(signed.verifyingKeys(among: [key.publicKey, other.0]).isEmpty)
    let message = Envelope.preAuthenticationEncoding(
      type: signed.payloadType, payload: signed.payload)
    let blob = signed.signatures[0].signature
    #expect(try verify(blob, message, by: publicKey))
    for place in (blob.count - 5)..<blob.count {
      var changed = blob
      changed[place] ^= 0x02
      #expect(try signed.replacing(signature: changed).verifyingKeys(among: [publicKey]).isEmpty)
      #expect(try !verify(changed, message, by: publicKey))
    }
    #expect(throws: Problem(.notTrusted, "")) { try envelope([security("ssh:", 0x00).1]) }
    #expect(!publicKey.verify(try key.signer.sign([1]), of: [1]))
  }

  /// A signature's value in SSH's form, with its length before it.
  private static func value(_ key: PrivateKey, _ message: [UInt8]) throws -> [UInt8] {
    let signature = try key.signer.sign(message)
    guard signature.first == 0x30, case .p256 = key.publicKey else {
      return OpenSSHWriter.string(signature)
    }
    // DER: SEQUENCE, INTEGER r, INTEGER s; an mpint is the same digits with another length.
    let r = Array(signature[4..<4 + Int(signature[3])])
    let rest = signature[(4 + r.count)...]
    return OpenSSHWriter.string(
      OpenSSHWriter.string(r) + OpenSSHWriter.string(Array(rest.dropFirst(2))))
  }
}

extension Envelope {
  /// The same payload under another signature.
  fileprivate func replacing(signature: [UInt8]) throws -> Envelope {
    let json = String(decoding: try self.json(), as: UTF8.self)
    return try Envelope(
      json: Array(
        json.replacing(
          Base64.encode(signatures[0].signature), with: Base64.encode(signature)
        ).utf8))
  }
}
