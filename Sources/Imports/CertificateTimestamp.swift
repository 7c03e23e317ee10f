import Attestation
import Model
import SwiftASN1
import X509

/// A certificate's own transparency timestamps (SCT), as they stand in it (RFC 6962, section 3.3).
struct CertificateTimestamp {
  private static let extensionID: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 11129, 2, 4, 2]

  let logID: [UInt8]
  let time: Instant
  /// What the log signed, but for the certificate.
  private let head: [UInt8]
  private let extensions: [UInt8]
  private let signature: [UInt8]

  /// Whether a log that is known has signed for the certificate.
  ///
  /// - Parameter issuers: certificates of the trusted root, one of which issued it.
  /// - Returns: `false` when none of its timestamps is of a known log.
  /// - Throws: `Problem` with `notTrusted` when one of a known log does not hold.
  static func isShown(
    by certificate: Certificate, issuers: [Certificate], logs: [TrustedRoot.Log]
  ) throws -> Bool {
    guard let found = certificate.extensions[oid: extensionID] else { return false }
    let list: [CertificateTimestamp]
    let signed: [UInt8]
    do {
      list = try read(Array(ASN1OctetString(derEncoded: Array(found.value)).bytes))
      signed = try withoutTimestamps(certificate)
    } catch let problem as Problem {
      throw problem
    } catch { throw refusal }
    var isShown = false
    for timestamp in list {
      guard let log = logs.first(where: { $0.id == timestamp.logID }) else { continue }
      guard log.counts(at: timestamp.time),
        try issuers.contains(where: {
          log.key.verify(
            timestamp.signature, of: timestamp.message(signed, issuer: try keyHash($0)))
        })
      else {
        throw Problem(
          .notTrusted, "a transparency timestamp in the certificate is not signed by its log")
      }
      isShown = true
    }
    return isShown
  }

  private static var refusal: Problem {
    Problem(.notTrusted, "the certificate's transparency timestamps are not of their form")
  }

  /// The signed data of a precertificate entry (RFC 6962, section 3.2).
  private func message(_ certificate: [UInt8], issuer: [UInt8]) -> [UInt8] {
    let count = certificate.count
    return [0, 0] + head + [0, 1] + issuer
      + [UInt8(truncatingIfNeeded: count >> 16), UInt8(truncatingIfNeeded: count >> 8)]
      + [UInt8(truncatingIfNeeded: count)] + certificate
      + [UInt8(truncatingIfNeeded: extensions.count >> 8)]
      + [UInt8(truncatingIfNeeded: extensions.count)] + extensions
  }

  private static func read(_ bytes: [UInt8]) throws -> [CertificateTimestamp] {
    var outer = TLSReader(bytes[...])
    var list = TLSReader(try outer.vector())
    guard outer.isAtEnd else { throw refusal }
    var found: [CertificateTimestamp] = []
    while !list.isAtEnd, found.count < 16 { found.append(try Self(list.vector())) }
    return found
  }

  private init(_ bytes: ArraySlice<UInt8>) throws {
    var reader = TLSReader(bytes)
    guard try reader.take(1) == [0] else { throw Self.refusal }
    logID = Array(try reader.take(32))
    head = Array(try reader.take(8))
    let milliseconds = head.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard milliseconds < 1 << 46 else { throw Self.refusal }
    time = Instant(milliseconds: Int64(milliseconds))
    extensions = Array(try reader.vector())
    // SHA-256 with ECDSA: what RFC 6962 asks of logs, RSA aside.
    guard try reader.take(2) == [4, 3] else { throw Self.refusal }
    signature = Array(try reader.vector())
    guard reader.isAtEnd else { throw Self.refusal }
  }

  private static func keyHash(_ certificate: Certificate) throws -> [UInt8] {
    var serializer = DER.Serializer()
    try certificate.publicKey.serialize(into: &serializer)
    return Digest.sha256(serializer.serializedBytes).bytes
  }

  /// The certificate's signed part as the log saw it: without the timestamps, every other byte as it
  /// is.
  private static func withoutTimestamps(_ certificate: Certificate) throws -> [UInt8] {
    let parts = try children(DER.parse(Array(certificate.tbsCertificateBytes)))
    let tag = ASN1Identifier(tagWithNumber: 3, tagClass: .contextSpecific)
    guard let last = parts.last, last.identifier == tag, let list = try children(last).first else {
      throw refusal
    }
    let kept = try children(list).filter { node in
      guard let id = try children(node).first else { throw refusal }
      return try ASN1ObjectIdentifier(derEncoded: id) != extensionID
    }
    let extensions = wrapped(0xa3, wrapped(0x30, kept.flatMap(\.encodedBytes)))
    return wrapped(0x30, parts.dropLast().flatMap(\.encodedBytes) + extensions)
  }

  private static func children(_ node: ASN1Node) throws -> [ASN1Node] {
    guard case .constructed(let children) = node.content else { throw refusal }
    return Array(children)
  }

  private static func wrapped(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    let count = content.count
    guard count >= 0x80 else { return [tag, UInt8(count)] + content }
    var length: [UInt8] = []
    var rest = count
    while rest > 0 {
      length.insert(UInt8(truncatingIfNeeded: rest), at: 0)
      rest >>= 8
    }
    return [tag, 0x80 | UInt8(length.count)] + length + content
  }
}

/// Reads TLS's presentation language, as far as timestamps need it.
private struct TLSReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard rest.count >= count else {
      throw Problem(.notTrusted, "the certificate's transparency timestamps are cut off")
    }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  /// Bytes after their length in two bytes.
  mutating func vector() throws -> ArraySlice<UInt8> {
    let length = try take(2).reduce(0) { $0 << 8 | Int($1) }
    return try take(length)
  }
}
