import Foundation
public import Model
import SwiftASN1
import X509

/// A certificate revocation list, CertificateList (RFC 5280, section 5), whole and by its issuer:
/// neither delta nor indirect.
public struct RevocationList: Sendable {
  /// A list beyond so many bytes is not read.
  public static let limit = 4 << 20

  /// When it was issued.
  public let thisUpdate: Instant
  /// When the next one was to come; `nil` where it does not say.
  public let nextUpdate: Instant?
  let issuer: DistinguishedName
  /// Serial numbers with the time from which the certificate is revoked.
  private let revoked: [Certificate.SerialNumber: Instant]
  private let signedBytes: [UInt8]
  private let algorithm: Certificate.SignatureAlgorithm
  private let signature: [UInt8]

  /// Reads a list's DER; its signature is checked when it is used.
  ///
  /// - Throws: `Problem` with `notTrusted`.
  public init(der: [UInt8]) throws {
    guard der.count <= Self.limit else {
      throw Problem(.notTrusted, "the revocation list is larger than \(Self.limit) bytes")
    }
    do {
      self = try DER.sequence(DER.parse(der), identifier: .sequence) { nodes in
        guard let list = nodes.next() else {
          throw Problem(.notTrusted, "the revocation list is empty")
        }
        let algorithm = try AlgorithmIdentifier(derEncoded: &nodes)
        let signature = try ASN1BitString(derEncoded: &nodes)
        return try RevocationList(list, algorithm, Array(signature.bytes))
      }
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem(.notTrusted, "the revocation list is not the DER of RFC 5280: \(error)")
    }
  }

  private init(
    _ list: ASN1Node, _ outer: AlgorithmIdentifier, _ signature: [UInt8]
  ) throws {
    guard let algorithm = Certificate.SignatureAlgorithm(ofList: outer) else {
      throw Problem(.notTrusted, "the revocation list's signature algorithm is not taken")
    }
    self.algorithm = algorithm
    self.signature = signature
    signedBytes = Array(list.encodedBytes)
    (issuer, thisUpdate, nextUpdate, revoked) = try DER.sequence(list, identifier: .sequence) {
      nodes in
      let version: Int? = try DER.optionalImplicitlyTagged(&nodes)
      guard version == nil || version == 1 else {
        throw Problem(.notTrusted, "the revocation list is of an unknown version")
      }
      guard try AlgorithmIdentifier(derEncoded: &nodes) == outer else {
        throw Problem(.notTrusted, "the revocation list names two signature algorithms")
      }
      let issuer = try DistinguishedName(node: nodes.next())
      let thisUpdate = try Self.time(nodes.next())
      var ahead = nodes
      var nextUpdate: Instant?
      if let node = ahead.next(),
        node.identifier == .utcTime || node.identifier == .generalizedTime
      {
        nextUpdate = try Self.time(node)
        nodes = ahead
      }
      var revoked: [Certificate.SerialNumber: Instant] = [:]
      ahead = nodes
      if let node = ahead.next(), node.identifier == .sequence {
        nodes = ahead
        for entry in try SignedData.members(node, .sequence) {
          try DER.sequence(entry, identifier: .sequence) { nodes in
            let serial = Array(try ArraySlice<UInt8>(derEncoded: &nodes))
            revoked[Certificate.SerialNumber(bytes: serial)] = try Self.time(nodes.next())
            if let extensions = nodes.next() { try Self.refuseCritical(extensions) }
          }
        }
      }
      try DER.optionalExplicitlyTagged(&nodes, tagNumber: 0, tagClass: .contextSpecific) {
        try Self.refuseCritical($0)
      }
      return (issuer, thisUpdate, nextUpdate, revoked)
    }
  }

  /// A critical extension makes a list a delta, indirect or partial one: none of them says that a
  /// certificate is not revoked.
  private static func refuseCritical(_ node: ASN1Node) throws {
    for member in try SignedData.members(node, .sequence) {
      guard try !Certificate.Extension(derEncoded: member).critical else {
        throw Problem(.notTrusted, "the revocation list is not a whole one of its issuer")
      }
    }
  }

  private static func time(_ node: ASN1Node?) throws -> Instant {
    guard let node else { throw Problem(.notTrusted, "the revocation list is cut off") }
    guard node.identifier == .utcTime else {
      return try Instant(GeneralizedTime(derEncoded: node))
    }
    let time = try UTCTime(derEncoded: node)
    return try Instant(
      GeneralizedTime(
        year: time.year, month: time.month, day: time.day, hours: time.hours,
        minutes: time.minutes, seconds: time.seconds, fractionalSeconds: 0))
  }

  /// What lists say of a chain, leaf first, at a time.
  ///
  /// - Throws: `Problem` with `notTrusted` for a certificate that was revoked by then, or a list
  ///   whose signature is wrong.
  static func check(
    _ chain: [Certificate], at time: Instant, against lists: [RevocationList]
  ) throws -> VerifiedTimestamp.Revocation {
    var isCovered = true
    for (certificate, issuer) in zip(chain, chain.dropFirst()) {
      // A list that was issued before the stamp cannot speak of the time of the stamp.
      let covering = lists.filter { $0.issuer == issuer.subject && $0.thisUpdate >= time }
      if covering.isEmpty { isCovered = false }
      for list in lists.filter({ $0.issuer == issuer.subject }) {
        guard
          issuer.publicKey.isValidSignature(
            list.signature, for: list.signedBytes, signatureAlgorithm: list.algorithm)
        else {
          throw Problem(
            .notTrusted, "the signature on the revocation list of \"\(issuer.subject)\" is wrong")
        }
        if let since = list.revoked[certificate.serialNumber], since <= time {
          throw Problem(
            .notTrusted, "the certificate of \"\(certificate.subject)\" was revoked at \(since)")
        }
      }
    }
    return isCovered ? .notRevoked : .unknown
  }
}

extension Certificate.SignatureAlgorithm {
  /// The signature algorithm of a revocation list; `nil` for one that is not taken.
  fileprivate init?(ofList identifier: AlgorithmIdentifier) {
    for hash in [HashAlgorithm.sha256, .sha384, .sha512]
    where identifier.algorithm != ObjectIdentifiers.rsa {
      if let algorithm = Certificate.SignatureAlgorithm(identifier, hash: hash) {
        self = algorithm
        return
      }
    }
    return nil
  }
}
