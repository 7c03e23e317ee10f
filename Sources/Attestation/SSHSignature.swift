import Foundation
public import Model

import struct Crypto.SHA256
import struct Crypto.SHA512

/// An SSH signature (OpenSSH, `PROTOCOL.sshsig`), as git puts it into commits, and as people sign
/// their acts with it.
public struct SSHSignature: Hashable, Sendable {
  /// The key that it names.
  public let publicKey: PublicKey
  /// What the signature was made for; commits have `git`.
  public let namespace: String
  /// `sha256` or `sha512`.
  public let hashAlgorithm: String
  /// 64 bytes for Ed25519, DER for P-256.
  public let signature: [UInt8]
  /// What the authenticator saw; `nil` for a key that is on none.
  public let assertion: SecurityKey.Assertion?

  private static let begin = "-----BEGIN SSH SIGNATURE-----"
  private static let end = "-----END SSH SIGNATURE-----"
  static let magic = Array("SSHSIG".utf8)

  /// The key's id in a trust root.
  public var keyID: Digest { publicKey.id }
  /// `ed25519`, `p256`, `sk-ed25519` or `sk-p256`.
  public var algorithm: String { publicKey.algorithm }

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
    guard magic == Self.magic else { throw Self.refusal("it does not begin with SSHSIG") }
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
    let parsedKey = try Self.reading("its key") { try SSHKeyForm.read(key) }
    let made = try Self.reading("its signature") { try SSHSignatureBlob(inner, of: parsedKey) }
    publicKey = parsedKey
    self.namespace = namespace
    hashAlgorithm = hash
    signature = made.signature
    assertion = made.assertion
  }

  /// Whether its key made it, for a message and a namespace. An authenticator must have been touched.
  public func isValid(of message: [UInt8], namespace expected: String) -> Bool {
    guard namespace.utf8.elementsEqual(expected.utf8) else { return false }
    let data = Self.signedData(message, namespace: namespace, hashAlgorithm: hashAlgorithm)
    guard case .securityKey(let key) = publicKey else {
      return publicKey.verify(signature, of: data)
    }
    guard let assertion, assertion.isUserPresent else { return false }
    return key.bare.verify(signature, of: key.signedData(data, assertion))
  }

  /// The bytes that a key signs, for a message.
  static func signedData(
    _ message: [UInt8], namespace: String, hashAlgorithm: String = "sha512"
  ) -> [UInt8] {
    let hash =
      hashAlgorithm == "sha512"
      ? Array(SHA512.hash(data: message)) : Array(SHA256.hash(data: message))
    return magic + OpenSSHWriter.string(namespace) + OpenSSHWriter.string([])
      + OpenSSHWriter.string(hashAlgorithm) + OpenSSHWriter.string(hash)
  }

  /// The bytes inside the frame, around a signature of `signedData` with SHA-512.
  static func blob(_ signature: [UInt8], of key: PublicKey, namespace: String) -> [UInt8] {
    magic + OpenSSHWriter.number(1) + OpenSSHWriter.string(SSHKeyForm.blob(of: key))
      + OpenSSHWriter.string(namespace) + OpenSSHWriter.string([])
      + OpenSSHWriter.string("sha512") + OpenSSHWriter.string(signature)
  }

  /// The form with `BEGIN SSH SIGNATURE` around a blob, as `ssh-keygen -Y verify` reads it.
  public static func armored(_ blob: [UInt8]) -> String {
    PEM.encode(blob, label: "SSH SIGNATURE")
  }

  /// Says of a part that cannot be read that the signature is not understood.
  private static func reading<Value>(_ part: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let problem as Problem where problem.code == .badInput {
      throw refusal("\(part) cannot be read: \(problem.message)")
    }
  }

  static func refusal(_ reason: String) -> Problem {
    Problem(
      .notTrusted, "the SSH signature is not understood: \(reason)",
      advice: "Sign again, with an Ed25519 or P-256 key.")
  }
}
