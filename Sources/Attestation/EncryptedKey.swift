import CryptoExtras
import Foundation
import Model

import enum Crypto.AES
import struct Crypto.SymmetricKey

/// A private key that a passphrase locks: PKCS#8 `EncryptedPrivateKeyInfo` (RFC 5958) with PBES2
/// (RFC 8018): PBKDF2 with an HMAC of SHA-2, and AES in CBC mode, as `openssl pkcs8 -topk8` writes.
enum EncryptedKey {
  static let label = "ENCRYPTED PRIVATE KEY"

  /// How often PBKDF2 hashes in keys that we write: each guess costs a thief as much as us.
  static let rounds = 600_000
  /// What is read: OpenSSL's own default is 2,048; the upper bound keeps a bad file from taking
  /// more than some seconds.
  static let acceptedRounds = 1_000...10_000_000

  private static let pbes2: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d]
  private static let pbkdf2: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c]
  private static let hmacPrefix: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02]
  private static let aesPrefix: [UInt8] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01]

  /// Locks the DER form of a private key.
  static func lock(_ der: [UInt8], passphrase: [UInt8]) throws -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    let salt = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let iv = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let key = try KDF.Insecure.PBKDF2.deriveKey(
      from: passphrase, salt: salt, using: .sha256, outputByteCount: 32,
      unsafeUncheckedRounds: rounds)
    let locked = try AES._CBC.encrypt(der, using: key, iv: AES._CBC.IV(ivBytes: iv))
    let derivation = DER.sequence(
      DER.write(DER.octetString, salt), DER.unsigned(rounds),
      DER.sequence(DER.write(DER.objectIdentifier, hmacPrefix + [9]), DER.write(DER.null, [])))
    let parameters = DER.sequence(
      DER.sequence(DER.write(DER.objectIdentifier, pbkdf2), derivation),
      DER.sequence(
        DER.write(DER.objectIdentifier, aesPrefix + [42]), DER.write(DER.octetString, iv)))
    return DER.sequence(
      DER.sequence(DER.write(DER.objectIdentifier, pbes2), parameters),
      DER.write(DER.octetString, Array(locked)))
  }

  /// Opens a locked key.
  ///
  /// - Returns: what the passphrase yields, which is no key when the passphrase is wrong.
  /// - Throws: `Problem` with `badInput` for a form that is not taken, or `notTrusted` when the
  ///   passphrase does not open it.
  static func open(_ der: [UInt8], passphrase: [UInt8]) throws -> [UInt8] {
    var outer = DERReader(der)
    var info = try outer.sequence()
    try outer.end()
    var algorithm = try info.sequence()
    let locked = try info.content(DER.octetString)
    try info.end()
    guard try algorithm.content(DER.objectIdentifier) == pbes2 else {
      throw refusal("it is not locked with PBES2")
    }
    var parameters = try algorithm.sequence()
    try algorithm.end()
    let derivation = try Derivation(&parameters)
    let (keyLength, iv) = try cipher(&parameters)
    guard derivation.keyLength ?? keyLength == keyLength else {
      throw refusal("its key length is not that of its cipher")
    }
    let key = try KDF.Insecure.PBKDF2.deriveKey(
      from: passphrase, salt: derivation.salt, using: derivation.hash, outputByteCount: keyLength,
      unsafeUncheckedRounds: derivation.rounds)
    guard
      let opened = try? AES._CBC.decrypt(locked, using: key, iv: AES._CBC.IV(ivBytes: iv))
    else { throw wrongPassphrase }
    return Array(opened)
  }

  static let wrongPassphrase = Problem(.notTrusted, "the passphrase does not open the private key")

  private static func refusal(_ reason: String) -> Problem {
    Problem(
      .badInput, "the locked private key is of a form that is not taken: \(reason)",
      advice: "Convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256"
        + " -iter 600000 -in KEY -out NEW")
  }

  /// How a key is made from a passphrase.
  private struct Derivation {
    let salt: [UInt8]
    let rounds: Int
    let keyLength: Int?
    let hash: KDF.Insecure.PBKDF2.HashFunction

    init(_ reader: inout DERReader) throws {
      var function = try reader.sequence()
      guard try function.content(DER.objectIdentifier) == pbkdf2 else {
        throw refusal("its key is not derived with PBKDF2")
      }
      var fields = try function.sequence()
      try function.end()
      salt = try fields.content(DER.octetString)
      rounds = try fields.number()
      keyLength = fields.next == DER.integer ? try fields.number() : nil
      guard (8...64).contains(salt.count) else { throw refusal("its salt has \(salt.count) bytes") }
      guard acceptedRounds.contains(rounds) else {
        throw refusal("it asks for \(rounds) rounds of PBKDF2, not \(acceptedRounds)")
      }
      guard fields.next == DER.sequence else { throw refusal("its hash is SHA-1") }
      var identifier = try fields.sequence()
      try fields.end()
      switch try identifier.content(DER.objectIdentifier) {
      case hmacPrefix + [9]: hash = .sha256
      case hmacPrefix + [10]: hash = .sha384
      case hmacPrefix + [11]: hash = .sha512
      default: throw refusal("its hash is none of SHA-256, SHA-384 and SHA-512")
      }
    }
  }

  private static func cipher(_ reader: inout DERReader) throws -> (keyLength: Int, iv: [UInt8]) {
    var scheme = try reader.sequence()
    try reader.end()
    let lengths: [UInt8: Int] = [2: 16, 22: 24, 42: 32]
    let identifier = try scheme.content(DER.objectIdentifier)
    guard identifier.starts(with: aesPrefix), identifier.count == aesPrefix.count + 1,
      let length = identifier.last.flatMap({ lengths[$0] })
    else { throw refusal("its cipher is not AES in CBC mode") }
    let iv = try scheme.content(DER.octetString)
    try scheme.end()
    guard iv.count == 16 else { throw refusal("its initialisation vector has not 16 bytes") }
    return (length, iv)
  }
}
