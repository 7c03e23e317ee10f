import Attestation
import Foundation
import Model
import Packaging
import Reading
import TestKit
import Testing

/// Detached signatures as other people's tools make them.
@Suite("Vendors' signatures")
struct SignatureTests {
  private let folder: TemporaryFolder
  private let content = Array("firmware for the pump\n".utf8)

  init() throws {
    folder = try TemporaryFolder()
    try Data(content).write(to: URL(fileURLWithPath: folder.file("f")))
  }

  private func run(_ program: String, _ arguments: String...) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(program) \(arguments)")
  }

  private func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: folder.file(name))))
  }

  /// It counts for the content by its key, and for nothing else.
  private func check(_ signature: [UInt8], _ form: String, by key: PublicKey) throws {
    let read = try DetachedSignature(signature)
    #expect(read.form == form)
    let stranger = PrivateKey.generate().publicKey
    func keys(_ content: [UInt8], _ among: [PublicKey]) -> [PublicKey] {
      read.keys(among: among, digests: [.sha256(content)]) { content }
    }
    #expect(keys(content, [stranger, key]) == [key])
    #expect(keys(content, [stranger]).isEmpty)
    #expect(keys(content + [0x20], [key]).isEmpty)
    #expect(keys([], [key]).isEmpty)
  }

  @Test(arguments: ["ed25519", "ecdsa"])
  func sshKeygenSignsFiles(type: String) throws {
    try run("ssh-keygen", "-q", "-t", type, "-N", "", "-f", "k")
    try run("ssh-keygen", "-Y", "sign", "-f", "k", "-n", "file", "f")
    let key = try PublicKey(text: String(decoding: bytes("k.pub"), as: UTF8.self))
    try check(bytes("f.sig"), "sshsig", by: key)
    // A signature of another purpose is none of a file.
    try run("ssh-keygen", "-q", "-t", type, "-N", "", "-f", "g")
    try Data(content).write(to: URL(fileURLWithPath: folder.file("h")))
    try run("ssh-keygen", "-Y", "sign", "-f", "g", "-n", "git", "h")
    let other = try PublicKey(text: String(decoding: bytes("g.pub"), as: UTF8.self))
    let git = try DetachedSignature(bytes("h.sig"))
    #expect(git.keys(among: [other], digests: [.sha256(content)]) { content }.isEmpty)
  }

  @Test func opensslSignsBare() throws {
    try run("openssl", "genpkey", "-algorithm", "ed25519", "-out", "e.pem")
    try run("openssl", "pkey", "-in", "e.pem", "-pubout", "-out", "e.pub")
    try run("openssl", "pkeyutl", "-sign", "-rawin", "-inkey", "e.pem", "-in", "f", "-out", "e.sig")
    let ed = try PublicKey(text: String(decoding: bytes("e.pub"), as: UTF8.self))
    try check(bytes("e.sig"), "raw", by: ed)
    try run(
      "openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out",
      "p.pem")
    try run("openssl", "pkey", "-in", "p.pem", "-pubout", "-out", "p.pub")
    try run("openssl", "dgst", "-sha256", "-sign", "p.pem", "-out", "p.sig", "f")
    let p256 = try PublicKey(text: String(decoding: bytes("p.pub"), as: UTF8.self))
    try check(bytes("p.sig"), "raw", by: p256)
    try check(Array(Base64.encode(bytes("p.sig")).utf8) + [0x0a], "raw", by: p256)
  }

  /// One in 256 begins as JSON does.
  @Test(arguments: ["{", " \n{", "untrusted comment: ", "-----BEGIN SSH"])
  func aBareSignatureMayBeginAsAnything(start: String) throws {
    let bytes = Array(start.utf8) + [UInt8](repeating: 0x31, count: 64 - start.utf8.count)
    #expect(try DetachedSignature(bytes).form == "raw")
  }

  private static let minisignKey = """
    untrusted comment: minisign public key E7D1EE64AEE94FEC
    RWTsT+muZO7R59n59SXKLO+eJrvsxhSvpEdsokXOnslhWxaQKNBUy/i6

    """
  /// Over `firmware for the pump`, by minisign 0.11: hashed with BLAKE2b, and of the older form.
  private static let minisigns = [
    """
    untrusted comment: signature from minisign secret key
    RUTsT+muZO7R56Oyz7xHD2aM1LHj6cMSAzX2Pmn47Hsv52hJNhbI5oo9l/UCFG219cH02Db/qU3Y/095j5JbbfdInXKYVsJhNgI=
    trusted comment: pump 4.2
    CyAobrwS9sjXHFyvSLidzSt7p4VIwBus6bBGBNkRQC080B2qyQyVCeVShCz9i/uzDDZrXXeUGsTFoqBAdvw5Bg==

    """,
    """
    untrusted comment: signature from minisign secret key
    RWTsT+muZO7R5yPsVz+wV29t0xG1tWgrtqok3IYo8vaSmflbdSThsPnRizZT8rlEWkSn5BmxzzpMdrXs91D1jIiVfM3r24cJ/wg=
    trusted comment: pump 4.2 legacy
    1HSY/XvATMpRZiVu2Yz/G+IrzWM4vrkxtPXmK0NVyMqKWYpG99mBmbRtDWXfA3OifnezJpax6ZyboYSA+FbTCQ==

    """,
  ]

  @Test(arguments: minisigns) func minisignSigns(text: String) throws {
    let key = try #require(MinisignSignature.publicKey(Self.minisignKey))
    try check(Array(text.utf8), "minisign", by: key)
    // The second comment is signed too.
    let changed = try DetachedSignature(Array(text.replacing("pump 4.2", with: "pump 4.3").utf8))
    #expect(changed.keys(among: [key], digests: [.sha256(content)]) { content }.isEmpty)
    // signify's form is the older one without it.
    let lines = text.split(separator: "\n")
    let short = Array("\(lines[0])\n\(lines[1])\n".utf8)
    if lines[1].hasPrefix("RWT") {
      try check(short, "minisign", by: key)
    } else {
      #expect(throws: Problem.self) { try DetachedSignature(short) }
    }
  }

  @Test func aStatementNamesTheContentByItsDigest() throws {
    let key = PrivateKey.generate()
    func envelope(_ digest: Digest, type: String = Envelope.statementType) throws -> [UInt8] {
      try Envelope(
        signing: Statement(
          subjects: [Subject(name: "f", digest: digest)],
          predicateType: "https://slsa.dev/provenance/v1", predicate: .object([:])
        ).json(), type: type, by: [key.signer]
      ).json()
    }
    try check(envelope(.sha256(content)), "dsse", by: key.publicKey)
    let other = try DetachedSignature(envelope(.sha256("other".utf8)))
    #expect(!other.needsContent)
    #expect(
      other.keys(among: [key.publicKey], digests: [.sha256(content)]) { content }.isEmpty)
    #expect(throws: Problem.self) {
      try DetachedSignature(envelope(.sha256(content), type: "application/json"))
    }
  }

  @Test(
    "what is no signature is refused",
    arguments: ["", "{}", "x", "untrusted comment: a\nRWQ=\n", "-----BEGIN SSH SIGNATURE-----\n"])
  func refused(text: String) {
    #expect(throws: Problem.self) { try DetachedSignature(Array(text.utf8)) }
  }
}
