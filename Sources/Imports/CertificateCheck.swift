import Foundation
import Model
import SwiftASN1
@_spi(FixedExpiryValidationTime) import X509

/// A signing certificate, judged at the time of the signature.
struct CertificateCheck {
  let certificate: Certificate
  let root: TrustedRoot

  /// - Throws: `Problem` with `notTrusted` unless it was valid at that time, leads to an authority
  ///   that counted then, and is for signing code.
  func verify(at time: Instant) async throws {
    let date = Date(timeIntervalSince1970: Double(time.milliseconds) / 1000)
    // Said in its own words first: it is what goes wrong most.
    guard certificate.notValidBefore <= date, date <= certificate.notValidAfter else {
      throw Problem(
        .notTrusted, "the signature's time \(time) is not within its certificate's validity")
    }
    for authority in root.authorities where authority.counts(at: time) {
      let (roots, others) = Self.parts(authority)
      var verifier = Verifier(rootCertificates: CertificateStore(roots)) {
        RFC5280Policy(fixedExpiryValidationTime: date)
        SigningPurpose()
      }
      let result = await verifier.validate(
        leaf: certificate, intermediates: CertificateStore(others))
      if case .validCertificate = result { return }
    }
    throw Problem(
      .notTrusted,
      "the certificate does not lead to an authority of the trusted root that counted at \(time)")
  }

  private static func parts(
    _ authority: TrustedRoot.Authority
  ) -> (roots: [Certificate], others: [Certificate]) {
    (Array(authority.certificates.suffix(1)), Array(authority.certificates.dropLast()))
  }

  /// The one identity in the certificate.
  ///
  /// - Throws: `Problem` with `notTrusted` for none, several, or one of another sort.
  static func identity(of certificate: Certificate) throws -> String {
    guard let names = try? certificate.extensions.subjectAlternativeNames, names.count == 1,
      let name = names.first
    else { throw Problem(.notTrusted, "the certificate does not name one identity") }
    switch name {
    case .uniformResourceIdentifier(let text), .rfc822Name(let text): return text
    default: throw Problem(.notTrusted, "the certificate's identity is neither a URI nor an e-mail")
    }
  }
}

/// The certificate may sign code (RFC 5280, section 4.2.1.12).
private struct SigningPurpose: VerifierPolicy {
  let verifyingCriticalExtensions: [ASN1ObjectIdentifier] = [
    .X509ExtensionID.extendedKeyUsage, .X509ExtensionID.subjectAlternativeName,
    .X509ExtensionID.keyUsage,
  ]

  mutating func chainMeetsPolicyRequirements(
    chain: UnverifiedCertificateChain
  ) -> PolicyEvaluationResult {
    guard let usage = try? chain.leaf.extensions.extendedKeyUsage,
      usage.contains(.codeSigning)
    else { return .failsToMeetPolicy(reason: "the certificate is not for signing code") }
    if let usage = try? chain.leaf.extensions.keyUsage, !usage.digitalSignature {
      return .failsToMeetPolicy(reason: "the certificate may not sign")
    }
    for issuer in chain.dropFirst() {
      guard let constraints = try? issuer.extensions.basicConstraints,
        case .isCertificateAuthority = constraints
      else { return .failsToMeetPolicy(reason: "an issuer is no authority") }
      if let usage = try? issuer.extensions.keyUsage, !usage.keyCertSign {
        return .failsToMeetPolicy(reason: "an issuer may not sign certificates")
      }
    }
    return .meetsPolicy
  }
}
