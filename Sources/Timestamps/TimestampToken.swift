import Model
import SwiftASN1
import X509

/// A TimeStampToken (RFC 3161, section 2.4.2): CMS SignedData around a TSTInfo, as it was received.
///
/// To have read one says nothing yet: `verify` does.
public struct TimestampToken: Sendable {
  /// A token beyond so many bytes is not read.
  public static let limit = 256 << 10

  /// The token's bytes, in DER, as the authority signed them.
  public let der: [UInt8]
  /// What the authority says; only to be believed after `verify`.
  public let info: TimestampInfo
  let signedData: SignedData

  /// Reads a token's DER.
  ///
  /// - Throws: `Problem` with `notTrusted` that says what is not as it must be.
  public init(der: [UInt8]) throws {
    self = try Self.reading(der) { try TimestampToken(contentInfo: DER.parse(der)) }
  }

  /// Reads an authority's answer, TimeStampResp (RFC 3161, section 2.4.2), to a question.
  ///
  /// - Throws: `Problem` with `notTrusted` when the answer is no grant, or to another question.
  public init(response der: [UInt8], to query: TimestampQuery) throws {
    self = try Self.reading(der) {
      try DER.sequence(DER.parse(der), identifier: .sequence) { nodes in
        try Self.checkStatus(nodes.next())
        guard let token = nodes.next() else {
          throw Problem(.notTrusted, "the authority's answer holds no timestamp")
        }
        return try TimestampToken(contentInfo: token)
      }
    }
    guard info.imprint == query.imprint else {
      throw Problem(.notTrusted, "the timestamp is of other bytes than those asked about")
    }
    guard info.nonce == query.nonce else {
      throw Problem(
        .notTrusted, "the timestamp answers another question: the nonce is not the one sent")
    }
    guard signedData.certificates.contains(where: signedData.signer.isOf) else {
      throw Problem(
        .notTrusted, "the timestamp came without the authority's certificate, which was asked for")
    }
  }

  /// Reads an authority's answer to a question of somebody else's: nothing but that it is a grant is
  /// looked at.
  ///
  /// - Throws: `Problem` with `notTrusted` when the answer is no grant.
  public init(granted der: [UInt8]) throws {
    self = try Self.reading(der) {
      try DER.sequence(DER.parse(der), identifier: .sequence) { nodes in
        try Self.checkStatus(nodes.next())
        guard let token = nodes.next() else {
          throw Problem(.notTrusted, "the authority's answer holds no timestamp")
        }
        return try TimestampToken(contentInfo: token)
      }
    }
  }

  private init(contentInfo node: ASN1Node) throws {
    der = Array(node.encodedBytes)
    signedData = try SignedData(contentInfo: node)
    info = try TimestampInfo(der: signedData.content)
  }

  /// PKIStatusInfo (RFC 3161, section 2.4.2): 0 is granted, 1 granted with modifications.
  private static func checkStatus(_ node: ASN1Node?) throws {
    guard let node else { throw Problem(.notTrusted, "the authority's answer is empty") }
    try DER.sequence(node, identifier: .sequence) { nodes in
      let status = try Int(derEncoded: &nodes)
      var words: [String] = []
      var ahead = nodes
      if let node = ahead.next(), node.identifier == .sequence {
        words = try SignedData.members(node, .sequence).map {
          String(try ASN1UTF8String(derEncoded: $0))
        }
        nodes = ahead
      }
      _ = nodes.next()  // failInfo
      guard status == 0 else {
        // What was modified is not said, so a stamp with modifications is not what was asked for.
        let said = words.map { $0.filter { !$0.isNewline } }.joined(separator: "; ").prefix(200)
        throw Problem(
          .notTrusted,
          "the authority did not grant the timestamp (status \(status))"
            + (said.isEmpty ? "" : ": \(said)"))
      }
    }
  }

  private static func reading(
    _ der: [UInt8], _ body: () throws -> TimestampToken
  ) throws -> TimestampToken {
    guard der.count <= limit else {
      throw Problem(.notTrusted, "the timestamp is larger than \(limit) bytes")
    }
    do {
      return try body()
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem(.notTrusted, "the timestamp is not the DER of RFC 3161: \(error)")
    }
  }
}

extension SignerInfo {
  /// Whether a certificate is the signer's: by its name in the SignerInfo and by the hash that is
  /// signed.
  func isOf(_ certificate: Certificate) -> Bool {
    guard let der = try? certificate.der,
      certificateHash.algorithm.hash(der) == certificateHash.bytes
    else { return false }
    switch identifier {
    case .issuer(let issuer, let serialNumber):
      return certificate.issuer == issuer
        && certificate.serialNumber == Certificate.SerialNumber(bytes: serialNumber)
    case .subjectKey(let key):
      guard let found = try? certificate.extensions.subjectKeyIdentifier else { return false }
      return Array(found.keyIdentifier) == key
    }
  }
}

extension Certificate {
  /// The certificate's DER.
  var der: [UInt8] {
    get throws {
      var serializer = DER.Serializer()
      try serializer.serialize(self)
      return serializer.serializedBytes
    }
  }
}

extension DistinguishedName {
  /// Reads a name: it is not always clear to the compiler which of the library's two initialisers
  /// is meant, and one of them is deprecated.
  init(node: ASN1Node?) throws {
    guard let node else { throw Problem(.notTrusted, "a name is missing where one must stand") }
    let read: (ASN1Node) throws -> DistinguishedName = DistinguishedName.init(derEncoded:)
    self = try read(node)
  }
}
