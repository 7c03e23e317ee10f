public import Model

import enum Crypto.Curve25519
import enum Crypto.P256

/// A public key that verifies signatures.
public enum PublicKey: Hashable, Sendable {
  /// Ed25519 (RFC 8032), 32 bytes.
  case ed25519([UInt8])
  /// ECDSA on P-256 with SHA-256, the point in X9.63 form; signatures in DER, or as two numbers of
  /// 32 bytes.
  case p256([UInt8])
  /// A key on a FIDO authenticator, which signs only inside SSH signatures.
  case securityKey(SecurityKey)

  /// SubjectPublicKeyInfo of an Ed25519 key before the key's own bytes (RFC 8410).
  private static let ed25519Prefix: [UInt8] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
  ]
  /// SubjectPublicKeyInfo of a P-256 key before the uncompressed point (RFC 5480).
  private static let p256Prefix: [UInt8] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
  ]

  /// Reads a SubjectPublicKeyInfo in DER.
  ///
  /// - Throws: `Problem` with `notTrusted` for another kind of key or a point not on the curve.
  public init(subjectPublicKeyInfo der: [UInt8]) throws {
    if der.starts(with: Self.ed25519Prefix), der.count == Self.ed25519Prefix.count + 32 {
      self = .ed25519(Array(der.dropFirst(Self.ed25519Prefix.count)))
    } else if der.starts(with: Self.p256Prefix), der.count == Self.p256Prefix.count + 65,
      let key = try? P256.Signing.PublicKey(
        x963Representation: der.dropFirst(Self.p256Prefix.count))
    {
      self = .p256(Array(key.x963Representation))
    } else {
      throw Problem(
        .badInput, "the public key is neither Ed25519 nor P-256",
        advice: "Give a key in SubjectPublicKeyInfo form, as `openssl pkey -pubout` writes it.")
    }
  }

  /// Reads `BEGIN PUBLIC KEY` (PEM) or an OpenSSH `ssh-ed25519` line.
  ///
  /// - Throws: `Problem` with `badInput`.
  public init(text: String) throws {
    let words = text.split(whereSeparator: \.isWhitespace)
    if words.count >= 2, ["ssh-", "ecdsa-", "sk-"].contains(where: { words[0].hasPrefix($0) }) {
      guard let blob = Base64.decode(String(words[1])) else {
        throw Problem(.badInput, "the OpenSSH public key is not base64")
      }
      try self.init(openSSH: blob)
      return
    }
    guard let der = PEM.decode(text, label: "PUBLIC KEY") else {
      throw Problem(
        .badInput, "the text is no public key",
        advice: "Give a PEM file with BEGIN PUBLIC KEY, or an OpenSSH .pub file of an Ed25519 key.")
    }
    try self.init(subjectPublicKeyInfo: der)
  }

  /// Reads an OpenSSH public key blob (RFC 4253, section 6.6; RFC 8709; `PROTOCOL.u2f`).
  ///
  /// - Throws: `Problem` with `badInput`.
  public init(openSSH blob: [UInt8]) throws {
    self = try SSHKeyForm.read(blob)
  }

  /// Reads a key as a trust root holds it: a SubjectPublicKeyInfo in DER, or for a key on an
  /// authenticator, for which there is none, OpenSSH's blob.
  ///
  /// - Throws: `Problem` with `badInput`.
  public init(encoded bytes: [UInt8]) throws {
    if bytes.first == DER.sequence {
      try self.init(subjectPublicKeyInfo: bytes)
    } else {
      try self.init(openSSH: bytes)
      guard case .securityKey = self else {
        throw Problem(.badInput, "the public key is neither Ed25519 nor P-256")
      }
    }
  }

  /// A P-256 key from its uncompressed point (SEC 1, section 2.3.3).
  ///
  /// - Throws: `Problem` with `badInput` for a point that is not on the curve.
  public init(x963 point: [UInt8]) throws {
    guard let key = try? P256.Signing.PublicKey(x963Representation: point) else {
      throw Problem(.badInput, "the public key is no point on P-256")
    }
    self = .p256(Array(key.x963Representation))
  }

  /// The key as SubjectPublicKeyInfo in DER; for a key on an authenticator without what is around it.
  public var subjectPublicKeyInfo: [UInt8] {
    switch self {
    case .ed25519(let raw): Self.ed25519Prefix + raw
    case .p256(let point): Self.p256Prefix + point
    case .securityKey(let key): key.bare.subjectPublicKeyInfo
    }
  }

  /// The key as a trust root holds it, as `init(encoded:)` reads it.
  public var encoded: [UInt8] {
    guard case .securityKey = self else { return subjectPublicKeyInfo }
    return SSHKeyForm.blob(of: self)
  }

  /// The key as OpenSSH's blob, which agents name it by.
  public var openSSH: [UInt8] { SSHKeyForm.blob(of: self) }

  /// The key as a line of OpenSSH, without a comment.
  public var openSSHLine: String { "\(SSHKeyForm.type(of: self)) \(Base64.encode(openSSH))" }

  /// The key as PEM, as `openssl` reads it; a key on an authenticator as OpenSSH's line.
  public var pem: String {
    guard case .securityKey = self else {
      return PEM.encode(subjectPublicKeyInfo, label: "PUBLIC KEY")
    }
    return "\(openSSHLine)\n"
  }

  /// SHA-256 of the SubjectPublicKeyInfo, or for a key on an authenticator of OpenSSH's blob: the
  /// key's id everywhere in this program.
  public var id: Digest { .sha256(encoded) }

  /// `ed25519` or `p256`; `sk-ed25519` or `sk-p256` on an authenticator.
  public var algorithm: String {
    switch self {
    case .ed25519: "ed25519"
    case .p256: "p256"
    case .securityKey(let key): "sk-\(key.curve.rawValue)"
    }
  }

  /// Whether `signature` is this key's signature of `message`.
  ///
  /// Ed25519 is verified without cofactor, with a canonical `R` and `S` below the group's order
  /// (`docs/formats/checkpoint.md`); a weak key verifies nothing. A key on an authenticator makes no
  /// bare signatures.
  public func verify(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    switch self {
    case .ed25519(let raw):
      guard !isWeak, let key = try? Curve25519.Signing.PublicKey(rawRepresentation: raw) else {
        return false
      }
      return key.isValidSignature(signature, for: message)
    case .p256(let point):
      guard let key = try? P256.Signing.PublicKey(x963Representation: point),
        let parsed = (try? P256.Signing.ECDSASignature(derRepresentation: signature))
          ?? (try? P256.Signing.ECDSASignature(rawRepresentation: signature))
      else { return false }
      return key.isValidSignature(parsed, for: message)
    case .securityKey: return false
    }
  }
}
