import Model

import enum Crypto.P256

/// Forms of an ECDSA signature.
public enum ECDSASignature {
  /// The DER form (RFC 3279, section 2.2.3) of the two numbers, each to base 256.
  public static func der(r: some Collection<UInt8>, s: some Collection<UInt8>) -> [UInt8] {
    DER.sequence(DER.unsigned(r), DER.unsigned(s))
  }

  /// The two numbers of a signature in DER, 32 bytes each.
  static func numbers(_ der: [UInt8]) throws -> (r: [UInt8], s: [UInt8]) {
    guard let parsed = try? P256.Signing.ECDSASignature(derRepresentation: der) else {
      throw Problem(.notTrusted, "the ECDSA signature is not in DER form")
    }
    let raw = Array(parsed.rawRepresentation)
    return (Array(raw.prefix(32)), Array(raw.suffix(32)))
  }
}
