import Model
import Reading

/// A signed payload: Dead Simple Signing Envelope, version 1.0.2.
public struct Envelope: Hashable, Sendable {
  /// One signature. The key id is a hint that nobody vouches for; it decides nothing.
  public struct Signature: Hashable, Sendable {
    /// A hint at the key.
    public let keyID: String
    /// The signature over `preAuthenticationEncoding`.
    public let signature: [UInt8]
  }

  /// The payload type of in-toto statements.
  public static let statementType = "application/vnd.in-toto+json"

  /// What the payload is.
  public let payloadType: String
  /// The bytes that are signed.
  public let payload: [UInt8]
  /// At least one signature.
  public let signatures: [Signature]

  /// Signs a payload.
  ///
  /// - Throws: what a signer throws.
  public init(signing payload: [UInt8], type: String = statementType, by signers: [Signer]) throws {
    payloadType = type
    self.payload = payload
    let message = Self.preAuthenticationEncoding(type: type, payload: payload)
    signatures = try signers.map {
      Signature(keyID: $0.publicKey.id.description, signature: try $0.sign(message))
    }
  }

  private init(type: String, payload: [UInt8], signatures: [Signature]) {
    payloadType = type
    self.payload = payload
    self.signatures = signatures
  }

  /// The same payload with one signature more; a key's earlier signature is replaced.
  ///
  /// - Throws: what the signer throws.
  public func adding(_ signer: Signer) throws -> Envelope {
    let message = Self.preAuthenticationEncoding(type: payloadType, payload: payload)
    let signature = Signature(
      keyID: signer.publicKey.id.description, signature: try signer.sign(message))
    // By the key itself: a key id is a claim, and must not push out somebody else's signature.
    let others = signatures.filter {
      Self.keys([signer.publicKey], thatMade: $0, of: message).isEmpty
    }
    return Envelope(
      type: payloadType, payload: payload, signatures: others + [signature])
  }

  /// Reads an envelope's JSON form, strictly.
  ///
  /// - Throws: `ReadingError`.
  public init(json bytes: [UInt8]) throws {
    let value = try JSONReader.read(bytes)
    guard let type = value["payloadType"]?.string else {
      throw ReadingError("a DSSE envelope needs \"payloadType\" as a string", pointer: "")
    }
    guard let payload = value["payload"]?.string.flatMap(Base64.decode) else {
      throw ReadingError("a DSSE envelope needs \"payload\" in base64", pointer: "")
    }
    guard let list = value["signatures"]?.array, !list.isEmpty, list.count <= 32 else {
      throw ReadingError("a DSSE envelope needs 1 to 32 \"signatures\"", pointer: "")
    }
    payloadType = type
    self.payload = payload
    signatures = try list.enumerated().map { place, element in
      guard let signature = element["sig"]?.string.flatMap(Base64.decode) else {
        throw ReadingError("a signature needs \"sig\" in base64", pointer: "/signatures/\(place)")
      }
      return Signature(keyID: element["keyid"]?.string ?? "", signature: signature)
    }
  }

  /// The envelope's JSON form, canonical (RFC 8785).
  public func json() throws -> [UInt8] {
    try CanonicalJSON.write(
      JSONValue.object([
        "payload": .string(Base64.encode(payload)), "payloadType": .string(payloadType),
        "signatures": .array(
          signatures.map {
            .object(["keyid": .string($0.keyID), "sig": .string(Base64.encode($0.signature))])
          }),
      ]))
  }

  /// What is signed: `DSSEv1`, then type and payload with their lengths in bytes.
  public static func preAuthenticationEncoding(type: String, payload: [UInt8]) -> [UInt8] {
    Array("DSSEv1 \(type.utf8.count) \(type) \(payload.count) ".utf8) + payload
  }

  /// The keys of `keys` that signed this envelope, each once, however many signatures they made.
  ///
  /// A signature is bare (Ed25519, or ECDSA on P-256), or an SSH signature in the namespace of
  /// `PersonalSignature`. The key id that stands beside it decides nothing.
  public func verifyingKeys(among keys: [PublicKey]) -> Set<PublicKey> {
    let message = Self.preAuthenticationEncoding(type: payloadType, payload: payload)
    return signatures.reduce(into: []) { found, signature in
      found.formUnion(Self.keys(keys, thatMade: signature, of: message))
    }
  }

  private static func keys(
    _ keys: [PublicKey], thatMade signature: Signature, of message: [UInt8]
  ) -> [PublicKey] {
    guard PersonalSignature.isForm(signature.signature) else {
      return keys.filter { $0.verify(signature.signature, of: message) }
    }
    guard let signed = PersonalSignature.read(signature.signature),
      keys.contains(signed.publicKey),
      signed.isValid(of: message, namespace: PersonalSignature.namespace)
    else { return [] }
    return [signed.publicKey]
  }
}
