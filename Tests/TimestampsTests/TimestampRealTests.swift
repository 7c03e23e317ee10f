import Foundation
import Model
import TestKit
import Testing
import Timestamps

@Suite("Timestamps of authorities made with openssl", .serialized)
struct TimestampAuthorityReal {
  let authority: TestAuthority
  let stamped = Array("a checkpoint\n".utf8)
  let query: TimestampQuery

  private var now: Instant { TimeSource.system.now() }

  init() async throws {
    authority = try await TestAuthority()
    query = TimestampQuery(about: stamped)
  }

  private func info(
    time: Instant? = nil, nonce: [UInt8]? = nil, imprint: Digest? = nil, version: UInt8 = 1,
    more: [UInt8] = []
  ) -> [UInt8] {
    DER.info(
      [], nonce: nonce ?? query.nonce, time: time ?? now, version: version,
      imprint: imprint ?? query.imprint, more: more)
  }

  @discardableResult
  private func verify(
    _ answer: [UInt8], roots: String = "ca", lists: String = "", certificates: String = ""
  ) async throws -> VerifiedTimestamp {
    try await TimestampToken(response: answer, to: query).verify(
      stamps: stamped, roots: TimestampRoots(pem: authority.text("\(roots).pem")),
      certificates: certificates, revocationLists: lists)
  }

  private func refuses(_ words: String, _ body: () async throws -> Void) async {
    do {
      try await body()
      Issue.record("nothing was refused where \"\(words)\" was expected")
    } catch let problem as Problem {
      #expect(problem.code == .notTrusted && problem.message.contains(words), "\(problem)")
    } catch {
      Issue.record("\(error)")
    }
  }

  @Test("RSA, P-256 and P-384 verify")
  func algorithms() async throws {
    for (name, key, more) in [
      ("rsa", ["rsa:2048"], []), ("p256", ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], []),
      ("p384", ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"], ["-md", "sha384"]),
    ] as [(String, [String], [String])] {
      try await authority.certificate(name, key: key)
      let verified = try await verify(authority.answer(info(), signer: name, with: more))
      #expect(verified.authority == "CN=\(name)" && verified.root == "CN=Root", "\(name)")
      #expect(abs(verified.time.milliseconds(since: now)) < 10_000)
    }
  }

  @Test("a chain through an intermediate certificate, sent along or kept beside")
  func intermediate() async throws {
    try await authority.certificate(
      "middle",
      extensions: ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign"])
    try await authority.certificate("tsa", issuer: "middle")
    let without = try await authority.answer(info(), signer: "tsa")
    await refuses("trusted root") { try await verify(without) }
    #expect(
      try await verify(without, certificates: authority.text("middle.pem")).root == "CN=Root")
    let with = try await authority.answer(
      info(), signer: "tsa", with: ["-certfile", "middle.pem"])
    #expect(try await verify(with).authority == "CN=tsa")
  }

  @Test("a certificate that is not for time stamping alone, critically, is refused")
  func purpose() async throws {
    for (number, extensions) in [
      ["extendedKeyUsage=timeStamping"], ["extendedKeyUsage=critical,timeStamping,codeSigning"],
      ["extendedKeyUsage=critical,codeSigning"], ["keyUsage=critical,digitalSignature"],
      ["extendedKeyUsage=critical,timeStamping", "keyUsage=critical,keyAgreement"],
    ].enumerated() {
      try await authority.certificate("tsa\(number)", extensions: extensions)
      let answer = try await authority.answer(info(), signer: "tsa\(number)")
      await refuses(number == 4 ? "may not sign" : "not for time stamping alone") {
        try await verify(answer)
      }
    }
  }

  @Test("a time outside the certificate's validity, and another root of the same name, are refused")
  func chain() async throws {
    try await authority.certificate("tsa", days: 30)
    for days in [-1, 31] as [Int64] {
      let time = now.advanced(byMilliseconds: days * 86_400_000)
      let answer = try await authority.answer(info(time: time), signer: "tsa")
      await refuses("not within its certificate's validity") { try await verify(answer) }
    }
    try await authority.root("other", subject: "/CN=Root")
    let answer = try await authority.answer(info(), signer: "tsa")
    await refuses("trusted root") { try await verify(answer, roots: "other") }
    try await verify(answer)
  }

  @Test("another version, imprint or nonce, a refusal, an extension: each is refused")
  func content() async throws {
    try await authority.certificate("tsa")
    func answer(_ info: [UInt8], status: [UInt8] = [0]) async throws -> [UInt8] {
      try await authority.answer(info, signer: "tsa", status: status)
    }
    let wrong: [(String, [UInt8])] = [
      ("version", info(version: 2)), ("other bytes", info(imprint: .sha256([1]))),
      ("nonce", info(nonce: [1, 2, 3])),
      ("nonce", DER.info([], nonce: nil, time: now, imprint: query.imprint)),
      ("extensions", info(more: DER.value(0xa1, []))),
    ]
    for (words, info) in wrong {
      let answer = try await answer(info)
      await refuses(words) { try await verify(answer) }
    }
    for status in [1, 2, 5] as [UInt8] {
      let answer = try await answer(info(), status: [status])
      await refuses("did not grant") { try await verify(answer) }
    }
    // A signature over something that is no TSTInfo at all, and over nothing.
    for info in [[], [0x30, 0x00], Array("text".utf8)] as [[UInt8]] {
      let answer = try await answer(info)
      await #expect(throws: Problem.self) { try await verify(answer) }
    }
  }

  @Test("revoked before the stamp is refused; what a list cannot say is not said")
  func revocation() async throws {
    try await authority.certificate("tsa")
    try await authority.certificate("bad")
    let good = try await authority.answer(info(), signer: "tsa")
    try await authority.revocationList("list", revoked: ["bad"])
    let list = try authority.text("list.pem")
    #expect(try await verify(good).revocation == .unknown)
    #expect(try await verify(good, lists: list).revocation == .notRevoked)
    let later = now.advanced(byMilliseconds: 3_600_000)
    let ahead = try await authority.answer(info(time: later), signer: "tsa")
    #expect(try await verify(ahead, lists: list).revocation == .unknown)
    let revoked = try await authority.answer(info(time: later), signer: "bad")
    await refuses("was revoked") { try await verify(revoked, lists: list) }
    // A list that somebody else signed in the issuer's name.
    let root = try authority.text("ca.pem")
    try await authority.root("ca", subject: "/CN=Root")
    try await authority.revocationList("forged", revoked: [])
    let forged = try authority.text("forged.pem")
    try authority.write(root, "ca.pem")
    await refuses("signature on the revocation list") { try await verify(good, lists: forged) }
    #expect(throws: Problem(.notTrusted, "")) { try RevocationList.pem(file: Array("x".utf8)) }
  }
}
