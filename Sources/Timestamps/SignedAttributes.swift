import Model
import SwiftASN1

/// The signed attributes of a timestamp: content type, message digest and signing certificate, each
/// exactly once; others are let be.
struct SignedAttributes {
  /// What is signed: the attributes as a SET OF (RFC 5652, section 5.4).
  let bytes: [UInt8]
  let messageDigest: [UInt8]
  let certificateHash: (algorithm: HashAlgorithm, bytes: [UInt8])

  /// - Throws: `Problem` or `ASN1Error`.
  init(_ node: ASN1Node) throws {
    // The tag in the message is [0]; what is signed has the tag of a SET.
    bytes = [0x31] + node.encodedBytes.dropFirst()
    var values: [ASN1ObjectIdentifier: ASN1Node] = [:]
    for attribute in try SignedData.members(node, node.identifier) {
      try DER.sequence(attribute, identifier: .sequence) { nodes in
        let name = try ASN1ObjectIdentifier(derEncoded: &nodes)
        let members = try SignedData.members(nodes.next(), .set)
        guard members.count == 1, values.updateValue(members[0], forKey: name) == nil else {
          throw Problem(.notTrusted, "a signed attribute of the timestamp is there twice")
        }
      }
    }
    guard let type = values[ObjectIdentifiers.contentType],
      try ASN1ObjectIdentifier(derEncoded: type) == ObjectIdentifiers.timestampInfo
    else { throw Problem(.notTrusted, "the signature is not of a timestamp") }
    guard let digest = values[ObjectIdentifiers.messageDigest] else {
      throw Problem(.notTrusted, "the timestamp's signature covers no message digest")
    }
    messageDigest = Array(try ASN1OctetString(derEncoded: digest).bytes)
    guard let signing = values[ObjectIdentifiers.signingCertificateV2] else {
      throw Problem(
        .notTrusted, "the timestamp's signature does not name its certificate (RFC 5816)",
        advice: "The authority must send the attribute signingCertificateV2.")
    }
    certificateHash = try Self.certificateHash(signing)
  }

  /// The first certificate of SigningCertificateV2: the signer's (RFC 5035, section 3).
  private static func certificateHash(_ node: ASN1Node) throws -> (HashAlgorithm, [UInt8]) {
    try DER.sequence(node, identifier: .sequence) { nodes in
      let certificates = try SignedData.members(nodes.next(), .sequence)
      _ = nodes.next()  // policies
      guard let first = certificates.first else {
        throw Problem(.notTrusted, "the timestamp's signature names no certificate")
      }
      return try DER.sequence(first, identifier: .sequence) { nodes in
        var ahead = nodes
        var algorithm = HashAlgorithm.sha256
        if let node = ahead.next(), node.identifier == .sequence {
          guard let named = HashAlgorithm(try AlgorithmIdentifier(derEncoded: node)) else {
            throw Problem(.notTrusted, "the timestamp names its certificate by an untaken hash")
          }
          algorithm = named
          nodes = ahead
        }
        let hash = Array(try ASN1OctetString(derEncoded: &nodes).bytes)
        _ = nodes.next()  // issuer and serial number: the hash says it all
        return (algorithm, hash)
      }
    }
  }
}
