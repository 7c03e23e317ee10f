import Model
import SwiftASN1
import X509

/// CMS SignedData around a TSTInfo (RFC 5652, section 5; RFC 3161, section 2.4.2): exactly one
/// signer.
struct SignedData {
  /// The TSTInfo's bytes, which the signer's message digest covers.
  let content: [UInt8]
  /// The certificates that came along, as they were sent.
  let certificates: [Certificate]
  let signer: SignerInfo

  /// Reads a ContentInfo.
  ///
  /// - Throws: `Problem` or `ASN1Error`.
  init(contentInfo node: ASN1Node) throws {
    self = try DER.sequence(node, identifier: .sequence) { nodes in
      guard try ASN1ObjectIdentifier(derEncoded: &nodes) == ObjectIdentifiers.signedData else {
        throw Problem(.notTrusted, "the timestamp token is not CMS SignedData")
      }
      return try DER.explicitlyTagged(
        &nodes, tagNumber: 0, tagClass: .contextSpecific, SignedData.init(signedData:))
    }
  }

  private init(signedData node: ASN1Node) throws {
    (content, certificates, signer) = try DER.sequence(node, identifier: .sequence) { nodes in
      guard try Int(derEncoded: &nodes) == 3 else {
        throw Problem(.notTrusted, "the timestamp token is not of CMS version 3")
      }
      _ = try Self.members(nodes.next(), .set)
      let content = try Self.content(nodes.next())
      let context = ASN1Identifier.TagClass.contextSpecific
      let certificates = try DER.optionalImplicitlyTagged(
        &nodes, tagNumber: 0, tagClass: context
      ) { node in
        try Self.members(node, node.identifier).map { try Certificate(derEncoded: $0) }
      }
      _ = DER.optionalImplicitlyTagged(&nodes, tagNumber: 1, tagClass: context) { _ in }
      let signers = try Self.members(nodes.next(), .set)
      guard signers.count == 1 else {
        throw Problem(.notTrusted, "the timestamp token has \(signers.count) signers, not one")
      }
      return (content, certificates ?? [], try SignerInfo(signers[0]))
    }
  }

  /// The children of a SET OF, whatever their order: some authorities do not sort certificates.
  static func members(_ node: ASN1Node?, _ identifier: ASN1Identifier) throws -> [ASN1Node] {
    guard let node, node.identifier == identifier, case .constructed(let children) = node.content
    else { throw Problem(.notTrusted, "the timestamp token is not of its form") }
    return Array(children)
  }

  /// EncapsulatedContentInfo with a TSTInfo.
  private static func content(_ node: ASN1Node?) throws -> [UInt8] {
    guard let node else { throw Problem(.notTrusted, "the timestamp token has no content") }
    return try DER.sequence(node, identifier: .sequence) { nodes in
      guard try ASN1ObjectIdentifier(derEncoded: &nodes) == ObjectIdentifiers.timestampInfo else {
        throw Problem(.notTrusted, "the signed content is no timestamp")
      }
      return try DER.explicitlyTagged(&nodes, tagNumber: 0, tagClass: .contextSpecific) { node in
        Array(try ASN1OctetString(derEncoded: node).bytes)
      }
    }
  }
}

/// CMS SignerInfo with signed attributes (RFC 5652, section 5.3).
struct SignerInfo {
  /// How the signer's certificate is named.
  enum Identifier: Hashable {
    case issuer(DistinguishedName, serialNumber: [UInt8])
    case subjectKey([UInt8])
  }

  let identifier: Identifier
  let hash: HashAlgorithm
  let signatureAlgorithm: Certificate.SignatureAlgorithm
  /// What was signed: the attributes as a SET OF.
  let signedBytes: [UInt8]
  let messageDigest: [UInt8]
  /// Hash of the signer's certificate, which the signature binds (RFC 5816).
  let certificateHash: (algorithm: HashAlgorithm, bytes: [UInt8])
  let signature: [UInt8]

  /// - Throws: `Problem` or `ASN1Error`.
  init(_ node: ASN1Node) throws {
    self = try DER.sequence(node, identifier: .sequence) { nodes in
      let version = try Int(derEncoded: &nodes)
      let identifier = try Self.identifier(nodes.next())
      let expected = if case .issuer = identifier { 1 } else { 3 }
      guard version == expected else {
        throw Problem(.notTrusted, "the timestamp's signer is not of its CMS version")
      }
      guard let hash = HashAlgorithm(try AlgorithmIdentifier(derEncoded: &nodes)) else {
        throw Problem(.notTrusted, "the timestamp's signer uses a hash that is not taken")
      }
      guard let attributes = nodes.next(),
        attributes.identifier == ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)
      else { throw Problem(.notTrusted, "the timestamp's signer signed no attributes") }
      guard
        let algorithm = Certificate.SignatureAlgorithm(
          try AlgorithmIdentifier(derEncoded: &nodes), hash: hash)
      else { throw Problem(.notTrusted, "the timestamp's signature algorithm is not taken") }
      let signature = Array(try ASN1OctetString(derEncoded: &nodes).bytes)
      _ = DER.optionalImplicitlyTagged(
        &nodes, tagNumber: 1, tagClass: .contextSpecific
      ) { _ in }
      return try SignerInfo(
        identifier, hash, algorithm, SignedAttributes(attributes), signature)
    }
  }

  private init(
    _ identifier: Identifier, _ hash: HashAlgorithm, _ algorithm: Certificate.SignatureAlgorithm,
    _ attributes: SignedAttributes, _ signature: [UInt8]
  ) {
    self.identifier = identifier
    self.hash = hash
    signatureAlgorithm = algorithm
    signedBytes = attributes.bytes
    messageDigest = attributes.messageDigest
    certificateHash = attributes.certificateHash
    self.signature = signature
  }

  private static func identifier(_ node: ASN1Node?) throws -> Identifier {
    guard let node else { throw Problem(.notTrusted, "the timestamp's signer is not named") }
    if node.identifier == ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific) {
      return .subjectKey(
        Array(try ASN1OctetString(derEncoded: node, withIdentifier: node.identifier).bytes))
    }
    return try DER.sequence(node, identifier: .sequence) { nodes in
      .issuer(
        try DistinguishedName(node: nodes.next()),
        serialNumber: Array(try ArraySlice<UInt8>(derEncoded: &nodes)))
    }
  }
}
