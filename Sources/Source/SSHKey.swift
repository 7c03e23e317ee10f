import Attestation
import Model

/// A public key in OpenSSH's form (RFC 4253, section 6.6; RFC 8709; RFC 5656), and the signatures
/// that it makes.
struct SSHKey {
  let publicKey: PublicKey

  init(_ blob: [UInt8]) throws {
    publicKey = try SSHSignature.reading("its key") { try PublicKey(openSSH: blob) }
  }

  /// 32 bytes for Ed25519, the X9.63 point for P-256.
  var raw: [UInt8] {
    switch publicKey {
    case .ed25519(let raw), .p256(let raw): raw
    }
  }

  private var type: String {
    switch publicKey {
    case .ed25519: "ssh-ed25519"
    case .p256: "ecdsa-sha2-nistp256"
    }
  }

  /// The signature in a signature blob, which must be of the key's type.
  func signature(_ blob: [UInt8]) throws -> [UInt8] {
    try SSHSignature.reading("its signature") {
      var reader = OpenSSHReader(blob)
      let named = try reader.text()
      let value = try reader.string()
      guard named == type, reader.isAtEnd else {
        throw SSHSignature.refusal("the signature is of another type than the key, or too long")
      }
      switch publicKey {
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
