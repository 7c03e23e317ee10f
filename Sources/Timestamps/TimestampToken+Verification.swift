import Foundation
public import Model
import SwiftASN1
@_spi(FixedExpiryValidationTime) import X509

/// A timestamp that was verified.
public struct VerifiedTimestamp: Hashable, Sendable, Encodable {
  /// When, by the authority's clock.
  public let time: Instant
  /// How far the authority's clock may be off, in milliseconds; `nil` where it does not say.
  public let accuracyMilliseconds: Int64?
  /// Subject of the certificate that signed.
  public let authority: String
  /// Subject of the root that vouches for it.
  public let root: String
  /// The authority's policy, an object identifier.
  public let policy: String
  /// The authority's serial number of the stamp, hexadecimal.
  public let serialNumber: String
  /// What the revocation lists say of the chain.
  public let revocation: Revocation

  /// What is known of revocation.
  public enum Revocation: String, Sendable, Encodable {
    /// Lists of every issuer of the chain name none of its certificates.
    case notRevoked = "not-revoked"
    /// There is no list for at least one certificate of the chain.
    case unknown
  }
}

extension TimestampToken {
  /// Whether it says that it stamps these bytes; nothing else is looked at.
  public func isOf(_ bytes: [UInt8]) -> Bool { info.imprint == .sha256(bytes) }

  /// Checks that the token stamps these bytes, that its certificate signed it, and that the
  /// certificate was good for that at the time of the stamp.
  ///
  /// - Parameters:
  ///   - roots: who is trusted.
  ///   - certificates: further certificates in PEM that a chain may be made of.
  ///   - revocationLists: CRLs in PEM that were kept with the token or fetched since.
  /// - Throws: `Problem` with `notTrusted` that says what does not hold.
  public func verify(
    stamps bytes: [UInt8], roots: TimestampRoots, certificates further: String = "",
    revocationLists: String = ""
  ) async throws -> VerifiedTimestamp {
    guard info.imprint == .sha256(bytes) else {
      throw Problem(.notTrusted, "the timestamp is of other bytes")
    }
    let known =
      signedData.certificates
      + (try TimestampRoots.certificates(pem: further, file: nil)) + roots.certificates
    guard let leaf = known.first(where: signedData.signer.isOf) else {
      throw Problem(.notTrusted, "the certificate that signed the timestamp is not there")
    }
    try checkSignature(by: leaf)
    let chain = try await chain(of: leaf, intermediates: known, roots: roots)
    let lists = try RevocationList.read(pem: revocationLists)
    return VerifiedTimestamp(
      time: info.time, accuracyMilliseconds: info.accuracyMilliseconds,
      authority: String(describing: leaf.subject),
      root: chain.last.map { String(describing: $0.subject) } ?? "", policy: info.policy,
      serialNumber: info.serialNumber,
      revocation: try RevocationList.check(chain, at: info.time, against: lists))
  }

  private func checkSignature(by leaf: Certificate) throws {
    let signer = signedData.signer
    guard signer.hash.hash(signedData.content) == signer.messageDigest else {
      throw Problem(.notTrusted, "the timestamp's content is not what was signed")
    }
    guard
      leaf.publicKey.isValidSignature(
        signer.signature, for: signer.signedBytes, signatureAlgorithm: signer.signatureAlgorithm)
    else { throw Problem(.notTrusted, "the timestamp's signature is wrong") }
  }

  /// The chain from the signing certificate to a root, all of it valid at the time of the stamp.
  private func chain(
    of leaf: Certificate, intermediates: [Certificate], roots: TimestampRoots
  ) async throws -> [Certificate] {
    let time = Date(timeIntervalSince1970: Double(info.time.milliseconds) / 1000)
    // Said in its own words first: it is what goes wrong most.
    guard leaf.notValidBefore <= time, time <= leaf.notValidAfter else {
      throw Problem(
        .notTrusted,
        "the timestamp's time \(info.time) is not within its certificate's validity")
    }
    try TimeStampingPurpose.check(leaf)
    var verifier = Verifier(rootCertificates: CertificateStore(roots.certificates)) {
      RFC5280Policy(fixedExpiryValidationTime: time)
      TimeStampingPurpose()
    }
    switch await verifier.validate(leaf: leaf, intermediates: CertificateStore(intermediates)) {
    case .validCertificate(let chain): return Array(chain)
    case .couldNotValidate:
      throw Problem(
        .notTrusted,
        "the certificate of \"\(leaf.subject)\" does not lead to a trusted root through certificates"
          + " that were valid at \(info.time)",
        advice: "Give the root of the authority that is to be trusted.")
    }
  }
}

/// The certificate may sign timestamps and nothing else (RFC 3161, section 2.3).
private struct TimeStampingPurpose: VerifierPolicy {
  let verifyingCriticalExtensions: [ASN1ObjectIdentifier] = [
    .X509ExtensionID.extendedKeyUsage
  ]

  mutating func chainMeetsPolicyRequirements(
    chain: UnverifiedCertificateChain
  ) -> PolicyEvaluationResult {
    do {
      try Self.check(chain.leaf)
      return .meetsPolicy
    } catch {
      return .failsToMeetPolicy(reason: "the purpose is not time stamping alone")
    }
  }

  static func check(_ certificate: Certificate) throws {
    let id = ASN1ObjectIdentifier.X509ExtensionID.extendedKeyUsage
    guard let found = certificate.extensions[oid: id], found.critical,
      let usage = try? ExtendedKeyUsage(found), Array(usage) == [.timeStamping]
    else {
      throw Problem(
        .notTrusted,
        "the certificate of \"\(certificate.subject)\" is not for time stamping alone, critically")
    }
    if let usage = try? certificate.extensions.keyUsage,
      !usage.digitalSignature, !usage.nonRepudiation
    {
      throw Problem(.notTrusted, "the certificate of \"\(certificate.subject)\" may not sign")
    }
  }
}
