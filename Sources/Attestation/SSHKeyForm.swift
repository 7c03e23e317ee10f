import Model

import enum Crypto.P256

/// Public keys in OpenSSH's form (RFC 4253, section 6.6; RFC 8709; RFC 5656; `PROTOCOL.u2f`).
enum SSHKeyForm {
  static let ed25519 = "ssh-ed25519"
  static let p256 = "ecdsa-sha2-nistp256"
  static let securityEd25519 = "sk-ssh-ed25519@openssh.com"
  static let securityP256 = "sk-ecdsa-sha2-nistp256@openssh.com"

  /// The name of a key's type, and of its signatures.
  static func type(of key: PublicKey) -> String {
    switch key {
    case .ed25519: ed25519
    case .p256: p256
    case .securityKey(let key): key.curve == .ed25519 ? securityEd25519 : securityP256
    }
  }

  static func blob(of key: PublicKey) -> [UInt8] {
    let type = OpenSSHWriter.string(type(of: key))
    switch key {
    case .ed25519(let raw): return type + OpenSSHWriter.string(raw)
    case .p256(let point):
      return type + OpenSSHWriter.string("nistp256") + OpenSSHWriter.string(point)
    case .securityKey(let key):
      return type + (key.curve == .p256 ? OpenSSHWriter.string("nistp256") : [])
        + OpenSSHWriter.string(key.raw) + OpenSSHWriter.string(key.application)
    }
  }

  /// Reads a key's blob.
  ///
  /// - Throws: `Problem` with `badInput`.
  static func read(_ blob: [UInt8]) throws -> PublicKey {
    var reader = OpenSSHReader(blob)
    let type = try reader.text()
    let key: PublicKey
    switch type {
    case ed25519: key = .ed25519(try edwards(&reader))
    case p256: key = .p256(try point(&reader))
    case securityEd25519:
      key = .securityKey(
        SecurityKey(curve: .ed25519, raw: try edwards(&reader), application: try reader.text()))
    case securityP256:
      key = .securityKey(
        SecurityKey(curve: .p256, raw: try point(&reader), application: try reader.text()))
    default:
      throw Problem(
        .badInput, "keys of type \(type) are not taken",
        advice: "Use an Ed25519 key: ssh-keygen -t ed25519.")
    }
    guard reader.isAtEnd else {
      throw Problem(.badInput, "the OpenSSH public key is cut off or has bytes after its end")
    }
    return key
  }

  private static func edwards(_ reader: inout OpenSSHReader) throws -> [UInt8] {
    let raw = try reader.string()
    guard raw.count == 32 else {
      throw Problem(.badInput, "the OpenSSH public key is cut off or has bytes after its end")
    }
    return raw
  }

  private static func point(_ reader: inout OpenSSHReader) throws -> [UInt8] {
    guard try reader.text() == "nistp256" else {
      throw Problem(.badInput, "the OpenSSH public key names another curve than its type")
    }
    guard let key = try? P256.Signing.PublicKey(x963Representation: reader.string()) else {
      throw Problem(.badInput, "the OpenSSH public key is no point on P-256")
    }
    return Array(key.x963Representation)
  }
}
