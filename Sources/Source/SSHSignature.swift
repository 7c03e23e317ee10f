import Attestation
import Foundation
public import Model

import struct Crypto.SHA256
import struct Crypto.SHA512

/// An SSH signature (OpenSSH, `PROTOCOL.sshsig`), as git puts it into commits.
///
/// This is a reader only: whether the signature is that key's is asked of whoever verifies.
public struct SSHSignature: Hashable, Sendable {
  /// `ed25519` or `p256`.
  public let algorithm: String
  /// The key alone: 32 bytes for Ed25519, the X9.63 point for P-256.
  public let rawPublicKey: [UInt8]
  /// What the signature was made for; commits have `git`.
  public let namespace: String
  /// `sha256` or `sha512`.
  public let hashAlgorithm: String
  /// 64 bytes for Ed25519, DER for P-256.
  public let signature: [UInt8]
  /// The key's id in a trust root: SHA-256 of its SubjectPublicKeyInfo.
  public let keyID: Digest

  private static let begin = "-----BEGIN SSH SIGNATURE-----"
  private static let end = "-----END SSH SIGNATURE-----"

  /// Whether a text claims to be one.
  public static func isArmored(_ text: String) -> Bool { text.hasPrefix(begin) }

  /// Reads the form with `BEGIN SSH SIGNATURE`.
  ///
  /// - Throws: `Problem` with `notTrusted`; nothing of a signature that is not understood counts.
  public init(armored text: String) throws {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    guard lines.count >= 3, lines.first == Self.begin, lines.last == Self.end else {
      throw Self.refusal("its frame is not whole")
    }
    let body = lines[1..<lines.count - 1].joined()
    // Data takes some texts that it would not write; such a text has no single meaning.
    guard let data = Data(base64Encoded: body), data.base64EncodedString() == body else {
      throw Self.refusal("its text is not base64")
    }
    try self.init(blob: Array(data))
  }

  /// Reads the bytes inside the frame.
  ///
  /// - Throws: `Problem` with `notTrusted`.
  public init(blob: [UInt8]) throws {
    var reader = OpenSSHReader(blob)
    let (magic, version) = try Self.reading("it") {
      (Array(try reader.take(6)), try reader.number())
    }
    guard magic == Array("SSHSIG".utf8) else { throw Self.refusal("it does not begin with SSHSIG") }
    guard version == 1 else { throw Self.refusal("its version is not 1") }
    let (key, namespace, reserved) = try Self.reading("it") {
      (try reader.string(), try reader.text(), try reader.string())
    }
    let (hash, inner) = try Self.reading("it") { (try reader.text(), try reader.string()) }
    guard reader.isAtEnd else { throw Self.refusal("it has bytes after its end") }
    guard !namespace.isEmpty else { throw Self.refusal("it has no namespace") }
    guard reserved.isEmpty else { throw Self.refusal("its reserved field is not empty") }
    guard hash == "sha256" || hash == "sha512" else {
      throw Self.refusal("its hash \(hash.debugDescription) is neither sha256 nor sha512")
    }
    let parsedKey = try SSHKey(key)
    algorithm = parsedKey.publicKey.algorithm
    rawPublicKey = parsedKey.raw
    keyID = parsedKey.publicKey.id
    self.namespace = namespace
    hashAlgorithm = hash
    signature = try parsedKey.signature(inner)
  }

  /// The bytes that were signed, for a message.
  public func signedData(message: [UInt8]) -> [UInt8] {
    let hash =
      hashAlgorithm == "sha512"
      ? Array(SHA512.hash(data: message)) : Array(SHA256.hash(data: message))
    return Array("SSHSIG".utf8) + Self.field(Array(namespace.utf8)) + Self.field([])
      + Self.field(Array(hashAlgorithm.utf8)) + Self.field(hash)
  }

  /// A string with its length before it (RFC 4251, section 5).
  private static func field(_ bytes: [UInt8]) -> [UInt8] {
    withUnsafeBytes(of: UInt32(bytes.count).bigEndian) { Array($0) } + bytes
  }

  /// Says of a part that cannot be read that the signature is not understood.
  static func reading<Value>(_ part: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let problem as Problem where problem.code == .badInput {
      throw refusal("\(part) cannot be read: \(problem.message)")
    }
  }

  static func refusal(_ reason: String) -> Problem {
    Problem(
      .notTrusted, "the SSH signature is not understood: \(reason)",
      advice: "Sign again: git commit --amend -S, with gpg.format=ssh.")
  }
}
