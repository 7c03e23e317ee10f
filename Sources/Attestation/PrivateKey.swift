import Foundation
import Model

import enum Crypto.Curve25519
import enum Crypto.P256

/// A private key in memory. Only `Signer` values made from it travel further.
public struct PrivateKey: Sendable {
  private enum Secret: Sendable {
    case ed25519(Curve25519.Signing.PrivateKey)
    case p256(P256.Signing.PrivateKey)
  }
  private let secret: Secret

  /// PKCS#8 of an Ed25519 key before the seed (RFC 8410).
  private static let ed25519Prefix: [UInt8] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
  ]

  /// A new Ed25519 key from the system's random numbers.
  public static func generate() -> PrivateKey {
    PrivateKey(secret: .ed25519(Curve25519.Signing.PrivateKey()))
  }

  /// An Ed25519 key from its 32-byte seed (RFC 8032, section 5.1.5).
  ///
  /// - Throws: `Problem` with `badInput` for another length.
  public init(seed: [UInt8]) throws {
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
      throw Problem(.badInput, "an Ed25519 seed has 32 bytes, this one has \(seed.count)")
    }
    secret = .ed25519(key)
  }

  private init(secret: Secret) { self.secret = secret }

  /// Reads a key from PEM: PKCS#8 of Ed25519 or P-256, or OpenSSH's format without a passphrase.
  ///
  /// - Throws: `Problem` with `badInput`.
  public init(text: String) throws {
    if let der = PEM.decode(text, label: "PRIVATE KEY") {
      if der.starts(with: Self.ed25519Prefix), der.count == Self.ed25519Prefix.count + 32 {
        try self.init(seed: Array(der.dropFirst(Self.ed25519Prefix.count)))
        return
      }
      if let key = try? P256.Signing.PrivateKey(derRepresentation: der) {
        self.init(secret: .p256(key))
        return
      }
      throw Problem(.badInput, "the private key is neither Ed25519 nor P-256")
    }
    if let blob = PEM.decode(text, label: "OPENSSH PRIVATE KEY") {
      try self.init(seed: Self.seed(ofOpenSSH: blob))
      return
    }
    guard PEM.decode(text, label: "ENCRYPTED PRIVATE KEY") == nil else {
      throw Problem(
        .badInput, "the private key has a passphrase, which cannot be asked for here",
        advice: "Use a key without one that only you can read, or a key behind a token.")
    }
    throw Problem(
      .badInput, "the text is no private key",
      advice: "Make one with `pratique key new FILE`, or `ssh-keygen -t ed25519 -f FILE`.")
  }

  /// Reads a key file, which nobody but its owner may be able to read.
  ///
  /// - Throws: `Problem` with `notFound`, `badInput` or `notTrusted` (open to others).
  public init(path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw Problem(.notFound, "there is no key file", at: path)
    }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= 64 << 10,
      let data = FileManager.default.contents(atPath: path),
      let text = String(validating: data, as: UTF8.self)
    else { throw Problem(.badInput, "the key file cannot be read as text", at: path) }
    guard (try? PublicKey(text: text)) == nil else {
      throw Problem(
        .badInput, "the file holds a public key; only the private one can sign", at: path,
        advice: "Name the private key's file, as a rule the one without .pub.")
    }
    do {
      try self.init(text: text)
    } catch let problem as Problem {
      throw Problem(problem.code, problem.message, at: path, advice: problem.advice)
    }
    guard status.st_mode & 0o077 == 0 else {
      throw Problem(
        .notTrusted, "the key file can be read by others", at: path,
        advice: "Close it with: chmod 600 \(path)")
    }
  }

  /// The seed in OpenSSH's `openssh-key-v1` format (PROTOCOL.key), when it has no passphrase.
  private static func seed(ofOpenSSH blob: [UInt8]) throws -> [UInt8] {
    let magic = Array("openssh-key-v1\0".utf8)
    guard blob.starts(with: magic) else { throw Problem(.badInput, "the OpenSSH key is cut off") }
    var outer = OpenSSHReader(Array(blob.dropFirst(magic.count)))
    let cipher = try outer.text()
    _ = try outer.text()
    _ = try outer.string()
    guard cipher == "none" else {
      throw Problem(
        .badInput, "the OpenSSH key has a passphrase, which cannot be asked for here",
        advice: "Use a key without one that only you can read, or a key behind a token.")
    }
    guard try outer.number() == 1 else {
      throw Problem(.badInput, "the OpenSSH file holds more than one key")
    }
    _ = try outer.string()
    var inner = OpenSSHReader(try outer.string())
    guard try inner.number() == inner.number() else {
      throw Problem(.badInput, "the OpenSSH key is damaged")
    }
    guard try inner.text() == "ssh-ed25519" else {
      throw Problem(
        .badInput, "only Ed25519 keys are taken in OpenSSH's format",
        advice: "Make one with: ssh-keygen -t ed25519")
    }
    let publicKey = try inner.string()
    let pair = try inner.string()
    guard publicKey.count == 32, pair.count == 64, Array(pair.suffix(32)) == publicKey else {
      throw Problem(.badInput, "the OpenSSH key is damaged")
    }
    return Array(pair.prefix(32))
  }

  /// The key as PKCS#8 in PEM.
  public var pem: String {
    switch secret {
    case .ed25519(let key):
      PEM.encode(Self.ed25519Prefix + Array(key.rawRepresentation), label: "PRIVATE KEY")
    case .p256(let key): key.pemRepresentation
    }
  }

  /// The public half.
  public var publicKey: PublicKey {
    switch secret {
    case .ed25519(let key): .ed25519(Array(key.publicKey.rawRepresentation))
    case .p256(let key): .p256(Array(key.publicKey.x963Representation))
    }
  }

  /// The capability to sign with this key.
  public var signer: Signer {
    let secret = secret
    return Signer(publicKey: publicKey) { message in
      switch secret {
      case .ed25519(let key): Array(try key.signature(for: message))
      case .p256(let key): Array(try key.signature(for: message).derRepresentation)
      }
    }
  }
}

/// The capability to sign, handed down as a value: whoever holds it can sign, nobody else.
public struct Signer: Sendable {
  /// The key that verifies what this signs.
  public let publicKey: PublicKey
  /// Signs a message.
  public let sign: @Sendable ([UInt8]) throws -> [UInt8]

  /// Takes the public key and the function that signs.
  public init(publicKey: PublicKey, sign: @escaping @Sendable ([UInt8]) throws -> [UInt8]) {
    self.publicKey = publicKey
    self.sign = sign
  }
}
