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

  /// Reads a key from PEM: PKCS#8 of Ed25519 or P-256, with a passphrase or without, or OpenSSH's
  /// format without a passphrase.
  ///
  /// - Throws: `Problem` with `badInput`, or `notTrusted` for a wrong passphrase.
  public init(
    text: String,
    passphrase: () throws -> [UInt8] = {
      try SecretSource.none.ask(.passphrase(file: "the key"))
    }
  ) throws {
    if let der = PEM.decode(text, label: "PRIVATE KEY") {
      try self.init(pkcs8: der)
    } else if let blob = PEM.decode(text, label: "OPENSSH PRIVATE KEY") {
      switch try OpenSSHKey.secret(blob) {
      case .ed25519(let seed): try self.init(seed: seed)
      case .p256(let number):
        guard let key = try? P256.Signing.PrivateKey(rawRepresentation: number) else {
          throw Problem(.badInput, "the OpenSSH key is damaged")
        }
        self.init(secret: .p256(key))
      }
    } else if let locked = PEM.decode(text, label: EncryptedKey.label) {
      let der = try EncryptedKey.open(locked, passphrase: passphrase())
      // One wrong passphrase in 256 leaves bytes that look as if they had been opened.
      guard der.first == DER.sequence else { throw EncryptedKey.wrongPassphrase }
      try self.init(pkcs8: der)
    } else {
      throw Problem(
        .badInput, "the text is no private key",
        advice: "Make one with `pratique key new FILE`, or `ssh-keygen -t ed25519 -f FILE`.")
    }
  }

  private init(pkcs8 der: [UInt8]) throws {
    if der.starts(with: Self.ed25519Prefix), der.count == Self.ed25519Prefix.count + 32 {
      try self.init(seed: Array(der.dropFirst(Self.ed25519Prefix.count)))
    } else if let key = try? P256.Signing.PrivateKey(derRepresentation: der) {
      self.init(secret: .p256(key))
    } else {
      throw Problem(.badInput, "the private key is neither Ed25519 nor P-256")
    }
  }

  /// Reads a key file, which nobody but its owner may be able to read.
  ///
  /// - Parameter secrets: asked for the passphrase, when the key has one.
  /// - Throws: `Problem` with `notFound`, `badInput` or `notTrusted` (open to others, or a wrong
  ///   passphrase).
  public init(path: String, secrets: SecretSource = .none) throws {
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
    let isOpenToOthers = status.st_mode & 0o077 != 0
    do {
      try self.init(text: text) {
        if isOpenToOthers { throw Self.openToOthers(path) }
        return try secrets.ask(.passphrase(file: path))
      }
    } catch let problem as Problem {
      throw Problem(problem.code, problem.message, at: path, advice: problem.advice)
    }
    guard !isOpenToOthers else { throw Self.openToOthers(path) }
  }

  private static func openToOthers(_ path: String) -> Problem {
    Problem(
      .notTrusted, "the key file can be read by others", at: path,
      advice: "Close it with: chmod 600 \(path)")
  }

  private var pkcs8: [UInt8] {
    switch secret {
    case .ed25519(let key): Self.ed25519Prefix + Array(key.rawRepresentation)
    case .p256(let key): Array(key.derRepresentation)
    }
  }

  /// The key as PKCS#8 in PEM, without a passphrase.
  public var pem: String { PEM.encode(pkcs8, label: "PRIVATE KEY") }

  /// The key as PKCS#8 in PEM, locked with a passphrase (PBES2: PBKDF2 with HMAC-SHA-256 and
  /// 600,000 rounds, AES-256-CBC), as `openssl pkey` reads it.
  ///
  /// - Throws: `Problem` with `badInput` for a passphrase that is too short.
  public func pem(passphrase: [UInt8]) throws -> String {
    guard passphrase.count >= Self.shortestPassphrase else {
      throw Problem(
        .badInput, "a new passphrase has at least \(Self.shortestPassphrase) bytes",
        advice: "Several words are easier to remember than one with signs in it.")
    }
    return PEM.encode(
      try EncryptedKey.lock(pkcs8, passphrase: passphrase), label: EncryptedKey.label)
  }

  /// The shortest passphrase that a new lock takes, in bytes: whoever has the file can guess at it
  /// without being stopped.
  public static let shortestPassphrase = 12

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
