import Model

/// The part of an SSH signature that a key makes: its type, the numbers, and for a key on an
/// authenticator what that saw.
struct SSHSignatureBlob {
  /// 64 bytes for Ed25519, DER for P-256.
  let signature: [UInt8]
  /// What the authenticator saw; `nil` for other keys.
  let assertion: SecurityKey.Assertion?

  /// Reads a blob, which must be of the key's type.
  init(_ blob: [UInt8], of key: PublicKey) throws {
    var reader = OpenSSHReader(blob)
    guard try reader.text() == SSHKeyForm.type(of: key) else {
      throw SSHSignature.refusal("the signature is of another type than the key, or too long")
    }
    let value = try reader.string()
    switch key {
    case .ed25519, .p256: assertion = nil
    case .securityKey:
      assertion = SecurityKey.Assertion(
        flags: try reader.take(1).first ?? 0,
        counter: UInt32(truncatingIfNeeded: try reader.number()))
    }
    guard reader.isAtEnd else {
      throw SSHSignature.refusal("the signature is of another type than the key, or too long")
    }
    signature = try Self.numbers(value, curve: key.curve)
  }

  private static func numbers(_ value: [UInt8], curve: SecurityKey.Curve) throws -> [UInt8] {
    switch curve {
    case .ed25519:
      guard value.count == 64 else {
        throw SSHSignature.refusal("the signature has not 64 bytes")
      }
      return value
    case .p256:
      var numbers = OpenSSHReader(value)
      let (r, s) = (try numbers.positive(), try numbers.positive())
      guard numbers.isAtEnd else { throw SSHSignature.refusal("bytes follow the signature") }
      return ECDSASignature.der(r: r, s: s)
    }
  }

  /// The blob of a signature that a key made, in DER for P-256; not for keys on authenticators.
  static func write(_ signature: [UInt8], of key: PublicKey) throws -> [UInt8] {
    let type = OpenSSHWriter.string(SSHKeyForm.type(of: key))
    guard key.curve == .p256 else { return type + OpenSSHWriter.string(signature) }
    let (r, s) = try ECDSASignature.numbers(signature)
    return type
      + OpenSSHWriter.string(OpenSSHWriter.positive(r) + OpenSSHWriter.positive(s))
  }
}

extension PublicKey {
  fileprivate var curve: SecurityKey.Curve {
    switch self {
    case .ed25519: .ed25519
    case .p256: .p256
    case .securityKey(let key): key.curve
    }
  }
}

extension OpenSSHReader {
  /// A positive number of at most 32 bytes, in its shortest form (RFC 4251, `mpint`).
  fileprivate mutating func positive() throws -> [UInt8] {
    let value = try string()
    let digits = value.drop { $0 == 0 }
    guard let first = value.first, first < 0x80, !digits.isEmpty, digits.count <= 32,
      digits.count == value.count
        || (value.count == digits.count + 1 && (digits.first ?? 0) >= 0x80)
    else {
      throw SSHSignature.refusal("the signature's two numbers are not in their shortest form")
    }
    return Array(digits)
  }
}
