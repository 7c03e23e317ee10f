import Crypto
import Model
import SwiftASN1
import X509

/// AlgorithmIdentifier (RFC 5280, section 4.1.1.2), with parameters that are absent or NULL: no
/// algorithm that is taken here has others.
struct AlgorithmIdentifier: DERImplicitlyTaggable, Hashable {
  static let defaultIdentifier = ASN1Identifier.sequence

  let algorithm: ASN1ObjectIdentifier
  let hasNull: Bool

  init(_ algorithm: ASN1ObjectIdentifier, hasNull: Bool = false) {
    self.algorithm = algorithm
    self.hasNull = hasNull
  }

  init(derEncoded node: ASN1Node, withIdentifier identifier: ASN1Identifier) throws {
    self = try DER.sequence(node, identifier: identifier) { nodes in
      let algorithm = try ASN1ObjectIdentifier(derEncoded: &nodes)
      guard let parameters = nodes.next() else { return AlgorithmIdentifier(algorithm) }
      _ = try ASN1Null(derEncoded: parameters)
      return AlgorithmIdentifier(algorithm, hasNull: true)
    }
  }

  func serialize(into coder: inout DER.Serializer, withIdentifier identifier: ASN1Identifier) throws
  {
    try coder.appendConstructedNode(identifier: identifier) { coder in
      try coder.serialize(algorithm)
      if hasNull { try coder.serialize(ASN1Null()) }
    }
  }
}

/// The hash algorithms that are taken. SHA-1 and MD5 are not.
enum HashAlgorithm: Hashable {
  case sha256, sha384, sha512

  /// `nil` for another algorithm.
  init?(_ identifier: AlgorithmIdentifier) {
    switch identifier.algorithm {
    case ObjectIdentifiers.sha256: self = .sha256
    case ObjectIdentifiers.sha384: self = .sha384
    case ObjectIdentifiers.sha512: self = .sha512
    default: return nil
    }
  }

  func hash(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    let bytes = Array(bytes)
    return switch self {
    case .sha256: Array(SHA256.hash(data: bytes))
    case .sha384: Array(SHA384.hash(data: bytes))
    case .sha512: Array(SHA512.hash(data: bytes))
    }
  }
}

extension Certificate.SignatureAlgorithm {
  /// The signature algorithm of a SignerInfo; `nil` for one that is not taken, or one whose hash is
  /// not the one that the SignerInfo names (RFC 5652, section 5.4).
  init?(_ identifier: AlgorithmIdentifier, hash: HashAlgorithm) {
    switch (identifier.algorithm, hash) {
    case (ObjectIdentifiers.rsa, .sha256), (ObjectIdentifiers.rsaWithSHA256, .sha256):
      self = .sha256WithRSAEncryption
    case (ObjectIdentifiers.rsa, .sha384), (ObjectIdentifiers.rsaWithSHA384, .sha384):
      self = .sha384WithRSAEncryption
    case (ObjectIdentifiers.rsa, .sha512), (ObjectIdentifiers.rsaWithSHA512, .sha512):
      self = .sha512WithRSAEncryption
    case (ObjectIdentifiers.ecdsaWithSHA256, .sha256): self = .ecdsaWithSHA256
    case (ObjectIdentifiers.ecdsaWithSHA384, .sha384): self = .ecdsaWithSHA384
    case (ObjectIdentifiers.ecdsaWithSHA512, .sha512): self = .ecdsaWithSHA512
    // RFC 8419, section 3: with Ed25519 the message digest is SHA-512.
    case (ObjectIdentifiers.ed25519, .sha512): self = .ed25519
    default: return nil
    }
  }
}
