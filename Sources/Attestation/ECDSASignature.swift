/// Forms of an ECDSA signature.
public enum ECDSASignature {
  /// The DER form (RFC 3279, section 2.2.3) of the two numbers, each to base 256.
  public static func der(r: some Collection<UInt8>, s: some Collection<UInt8>) -> [UInt8] {
    DER.sequence(DER.unsigned(r), DER.unsigned(s))
  }
}
