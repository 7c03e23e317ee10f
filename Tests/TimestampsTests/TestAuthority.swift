import Foundation
import Model
import TestKit

/// A certification authority and time-stamping authorities made with openssl: `openssl cms` signs any
/// TSTInfo with any certificate, also what `openssl ts` would refuse to make.
struct TestAuthority {
  let folder: TemporaryFolder
  let openssl: Program

  init() async throws {
    folder = try TemporaryFolder()
    openssl = Program("openssl", directory: folder.path, outputIn: folder.path)
    try await root("ca", subject: "/CN=Root")
  }

  /// Makes a root: NAME.pem and NAME.key.
  func root(_ name: String, subject: String) async throws {
    try await openssl.check([
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
      "\(name).key", "-out", "\(name).pem", "-subj", subject, "-days", "3650", "-addext",
      "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
    ])
  }

  static let stamping = [
    "keyUsage=critical,digitalSignature", "extendedKeyUsage=critical,timeStamping",
  ]

  /// Makes a certificate: NAME.pem and NAME.key.
  func certificate(
    _ name: String, key: [String] = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
    extensions: [String] = Self.stamping, days: Int = 30, issuer: String = "ca"
  ) async throws {
    try write(extensions.map { $0 + "\n" }.joined(), "\(name).ext")
    try await openssl.check(
      ["req", "-new", "-newkey"] + key
        + ["-nodes", "-keyout", "\(name).key", "-out", "\(name).csr", "-subj", "/CN=\(name)"])
    try await openssl.check([
      "x509", "-req", "-in", "\(name).csr", "-CA", "\(issuer).pem", "-CAkey", "\(issuer).key",
      "-CAcreateserial", "-days", String(days), "-extfile", "\(name).ext", "-out", "\(name).pem",
    ])
  }

  /// An answer: status 0 and a token whose content is `info`.
  func answer(
    _ info: [UInt8], signer: String, with more: [String] = [], status: [UInt8] = [0]
  ) async throws -> [UInt8] {
    try Data(info).write(to: url("info"))
    try await openssl.check(
      [
        "cms", "-sign", "-cades", "-nodetach", "-binary", "-econtent_type",
        "1.2.840.113549.1.9.16.1.4", "-in", "info", "-signer", "\(signer).pem", "-inkey",
        "\(signer).key", "-md", "sha256", "-outform", "DER", "-out", "token",
      ] + more)
    return DER.sequence(
      DER.sequence(DER.value(0x02, status)) + Array(try Data(contentsOf: url("token"))))
  }

  /// Makes the root's revocation list, in which these certificates are.
  func revocationList(_ name: String, revoked: [String]) async throws {
    try write(
      """
      [ca]
      default_ca = it
      [it]
      database = \(name).index
      crlnumber = \(name).number
      default_md = sha256
      certificate = ca.pem
      private_key = ca.key
      """, "\(name).cnf")
    try write("", "\(name).index")
    try write("01\n", "\(name).number")
    for certificate in revoked {
      try await openssl.check(["ca", "-config", "\(name).cnf", "-revoke", "\(certificate).pem"])
    }
    try await openssl.check([
      "ca", "-config", "\(name).cnf", "-gencrl", "-crldays", "30", "-out", "\(name).pem",
    ])
  }

  func url(_ name: String) -> URL { URL(fileURLWithPath: folder.file(name)) }

  func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: url(name)), as: UTF8.self)
  }

  func write(_ text: String, _ name: String) throws { try Data(text.utf8).write(to: url(name)) }
}

/// DER written by hand.
enum DER {
  static func value(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    var length = [UInt8(truncatingIfNeeded: content.count)]
    if content.count > 127 {
      var count = content.count
      length = []
      while count > 0 {
        length.insert(UInt8(truncatingIfNeeded: count), at: 0)
        count >>= 8
      }
      length.insert(0x80 | UInt8(length.count), at: 0)
    }
    return [tag] + length + content
  }

  static func sequence(_ content: [UInt8]) -> [UInt8] { value(0x30, content) }

  /// A TSTInfo that answers a question.
  static func info(
    _ query: [UInt8], nonce: [UInt8]?, time: Instant, version: UInt8 = 1,
    imprint: Digest, more: [UInt8] = []
  ) -> [UInt8] {
    let algorithm: [UInt8] = sequence(
      [0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00])
    let digits = time.description.prefix(19).filter(\.isNumber) + "Z"
    return sequence(
      [0x02, 0x01, version, 0x06, 0x04, 0x2a, 0x03, 0x04, 0x01]
        + sequence(algorithm + value(0x04, imprint.bytes)) + [0x02, 0x01, 0x07]
        + value(0x18, Array(digits.utf8)) + (nonce.map { value(0x02, $0) } ?? []) + more)
  }
}
