import enum Crypto.Curve25519
import enum Crypto.P256

/// A key on a FIDO authenticator, as OpenSSH names it (`PROTOCOL.u2f`): it signs only inside SSH
/// signatures, together with what the authenticator saw.
public struct SecurityKey: Hashable, Sendable {
  /// The curve.
  public enum Curve: String, Sendable { case ed25519, p256 }

  /// What an authenticator says of the moment in which it signed.
  public struct Assertion: Hashable, Sendable {
    /// Bit 0: somebody touched it; bit 2: it asked for a PIN or a fingerprint.
    public let flags: UInt8
    /// How often it has signed; some count every key for itself, and some do not count.
    public let counter: UInt32

    /// Whether somebody touched it.
    public var isUserPresent: Bool { flags & 0x01 != 0 }
  }

  /// The curve.
  public let curve: Curve
  /// 32 bytes for Ed25519, the X9.63 point for P-256.
  public let raw: [UInt8]
  /// What the key was made for, `ssh:` where nobody said otherwise; the authenticator signs it.
  public let application: String

  init(curve: Curve, raw: [UInt8], application: String) {
    self.curve = curve
    self.raw = raw
    self.application = application
  }

  /// The key itself, without the authenticator around it.
  var bare: PublicKey {
    switch curve {
    case .ed25519: .ed25519(raw)
    case .p256: .p256(raw)
    }
  }

  /// The bytes that the authenticator signs for a message.
  func signedData(_ message: [UInt8], _ assertion: Assertion) -> [UInt8] {
    OpenSSHWriter.sha256(Array(application.utf8)) + [assertion.flags]
      + OpenSSHWriter.number(Int(assertion.counter)) + OpenSSHWriter.sha256(message)
  }
}
