public import Model
import SwiftASN1

/// A question to a time-stamping authority: TimeStampReq (RFC 3161, section 2.4.1), for a SHA-256,
/// with a nonce, asking for the authority's certificate.
public struct TimestampQuery: Hashable, Sendable {
  /// Media type of a question over HTTP (RFC 3161, section 3.4).
  public static let contentType = "application/timestamp-query"
  /// Media type of an answer over HTTP.
  public static let answerType = "application/timestamp-reply"

  /// SHA-256 of what is to be stamped.
  public let imprint: Digest
  /// Random, so that an old answer cannot stand for a new one: a positive INTEGER's content bytes.
  public let nonce: [UInt8]

  /// A question about these bytes with a new random nonce.
  public init(about bytes: [UInt8]) {
    imprint = .sha256(bytes)
    // Positive and of full length: DER then has one form for it, eight bytes.
    let number = UInt64.random(in: 1 << 62..<1 << 63)
    nonce = withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }

  /// The question in DER.
  public var der: [UInt8] {
    // Written by hand, as it has one shape and one length: nothing here can fail.
    let algorithm: [UInt8] = [
      0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
    ]
    let messageImprint =
      [0x30, UInt8(algorithm.count + 34)] + algorithm + [0x04, 0x20] + imprint.bytes
    let content =
      [0x02, 0x01, 0x01] + messageImprint + [0x02, UInt8(nonce.count)] + nonce + [0x01, 0x01, 0xff]
    return [0x30, UInt8(content.count)] + content
  }

  /// Reads a question that was written to a file, in exactly the form that is written here.
  ///
  /// - Throws: `Problem` with `badInput`.
  public init(der: [UInt8]) throws {
    do {
      self = try DER.sequence(DER.parse(der), identifier: .sequence) { nodes in
        guard try Int(derEncoded: &nodes) == 1 else {
          throw Problem(.badInput, "the timestamp query is not of version 1")
        }
        let imprint = try MessageImprint(derEncoded: &nodes)
        guard imprint.hash == .sha256,
          let digest = Digest(.sha256, hex: Hexadecimal.encode(imprint.bytes))
        else { throw Problem(.badInput, "the timestamp query is not about a SHA-256") }
        let nonce = try ArraySlice<UInt8>(derEncoded: &nodes)
        guard try Bool(derEncoded: &nodes) else {
          throw Problem(.badInput, "the timestamp query asks for no certificate")
        }
        return TimestampQuery(imprint: digest, nonce: Array(nonce))
      }
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem(.badInput, "this is no timestamp query as this program writes it")
    }
  }

  private init(imprint: Digest, nonce: [UInt8]) {
    self.imprint = imprint
    self.nonce = nonce
  }
}

/// MessageImprint (RFC 3161, section 2.4.1).
struct MessageImprint: DERImplicitlyTaggable, Hashable {
  static let defaultIdentifier = ASN1Identifier.sequence

  let hash: HashAlgorithm
  let bytes: [UInt8]

  init(derEncoded node: ASN1Node, withIdentifier identifier: ASN1Identifier) throws {
    (hash, bytes) = try DER.sequence(node, identifier: identifier) { nodes in
      guard let hash = HashAlgorithm(try AlgorithmIdentifier(derEncoded: &nodes)) else {
        throw Problem(.notTrusted, "the timestamp is of a hash algorithm that is not taken")
      }
      return (hash, Array(try ASN1OctetString(derEncoded: &nodes).bytes))
    }
  }

  func serialize(into coder: inout DER.Serializer, withIdentifier identifier: ASN1Identifier) throws
  {
    let algorithm =
      switch hash {
      case .sha256: ObjectIdentifiers.sha256
      case .sha384: ObjectIdentifiers.sha384
      case .sha512: ObjectIdentifiers.sha512
      }
    try coder.appendConstructedNode(identifier: identifier) { coder in
      try coder.serialize(AlgorithmIdentifier(algorithm, hasNull: true))
      try coder.serialize(ASN1OctetString(contentBytes: bytes[...]))
    }
  }
}
