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
