import Attestation
import Model
import SwiftASN1
import X509

/// A Sigstore bundle, held against the foreign signers who may have made it.
struct BundleCheck {
  let bundle: SigstoreBundle
  let verifyTimestamp: AttestationImport.TimestampVerifier

  /// - Throws: `Problem` with `notTrusted`: why the first signer whose identity fits is not shown,
  ///   or that none fits.
  func verify(_ allowed: [ForeignSigners.Signer]) async throws -> ShownSignature {
    let key = try leafKey()
    let message = Envelope.preAuthenticationEncoding(
      type: bundle.envelope.payloadType, payload: bundle.envelope.payload)
    guard key.verify(bundle.envelope.signatures[0].signature, of: message) else {
      throw Problem(.notTrusted, "the envelope is not signed with the certificate's key")
    }
    let claims = try FulcioClaim.all(of: bundle.certificate)
    let identity = try CertificateCheck.identity(of: bundle.certificate)
    var failure: Problem?
    for signer in allowed {
      guard let wanted = signer.certificate else { continue }
      let root = try TrustedRoot(json: Array(wanted.trustedRoot.utf8))
      let check = CertificateCheck(certificate: bundle.certificate, root: root)
      guard wanted.isOf(identity), let issuer = claims["issuer"],
        issuer.utf8.elementsEqual(wanted.issuer.utf8)
      else { continue }
      do {
        try Self.compare(claims, with: wanted)
        return try await verify(signer, wanted, root, check, identity, claims, key)
      } catch let problem as Problem { failure = failure ?? problem }
    }
    throw failure
      ?? Problem(
        .notTrusted, "the certificate's identity and issuer are those of no foreign signer",
        advice: "It names \(identity), by \(claims["issuer"] ?? "nobody").")
  }

  private func verify(
    _ signer: ForeignSigners.Signer, _ wanted: ForeignSigners.Identity, _ root: TrustedRoot,
    _ check: CertificateCheck, _ identity: String, _ claims: [String: String], _ key: PublicKey
  ) async throws -> ShownSignature {
    var times: [(time: Instant, source: String)] = []
    var verified = ["the envelope is signed with the certificate's key"]
    var unverified: [String] = []
    var isLogged = false
    for entry in bundle.entries {
      guard let shown = try entry.verify(bundle, logs: root.logs) else {
        unverified.append("an entry of a log that the trusted root does not name")
        continue
      }
      if let time = shown.time { times.append((time, "transparency log, signed promise")) }
      if shown.isIncluded {
        isLogged = true
        verified.append("the log's entry is of this signature, and in the log by its checkpoint")
      }
    }
    if wanted.needsLog, !isLogged {
      throw Problem(
        .notTrusted, "no proof that the signature is in a transparency log, which is required")
    }
    for stamp in bundle.timestamps {
      times.append(try await time(of: stamp, root))
    }
    guard !times.isEmpty else {
      throw Problem(
        .notTrusted,
        "nothing that is trusted shows when it was signed, and its certificate counts"
          + " for minutes")
    }
    // Every time must fit: one that does not speaks against the bundle.
    for (time, _) in times { try await check.verify(at: time) }
    verified.append("the certificate leads to the trusted root, valid at the time of signing")
    let issuers = root.authorities.flatMap(\.certificates)
    if try CertificateTimestamp.isShown(
      by: bundle.certificate, issuers: issuers, logs: root.certificateLogs)
    {
      verified.append("a log of certificates that is trusted has seen the certificate (SCT)")
    } else {
      unverified.append("the certificate holds no transparency timestamp (SCT) of a trusted log")
    }
    verified.append("its identity, issuer and claims are those that are pinned")
    let latest = times.max { $0.time < $1.time }
    return ShownSignature(
      signers: [
        .init(
          signer: signer.id, sort: .certificate, key: key.id, identity: identity,
          issuer: claims["issuer"], claims: claims.filter { $0.key != "issuer" })
      ], signedBy: latest?.time, timeSource: latest?.source, verified: verified,
      unverified: unverified)
  }

  private func time(
    of stamp: [UInt8], _ root: TrustedRoot
  ) async throws -> (time: Instant, source: String) {
    var failure: Problem?
    for authority in root.timestampAuthorities {
      do {
        let chain = try authority.certificates.map { try $0.serializeAsPEM().pemString }
        let shown = try await verifyTimestamp(
          stamp, bundle.envelope.signatures[0].signature, chain)
        guard authority.counts(at: shown.time) else {
          throw Problem(.notTrusted, "the time-stamping authority does not count at \(shown.time)")
        }
        return (shown.time, "timestamp of \(shown.authority)")
      } catch let problem as Problem { failure = failure ?? problem }
    }
    throw failure
      ?? Problem(.notTrusted, "the trusted root names no authority for the bundle's timestamp")
  }

  private static func compare(
    _ claims: [String: String], with wanted: ForeignSigners.Identity
  ) throws {
    for (name, value) in wanted.claims.sorted(by: { $0.key < $1.key }) {
      guard let found = claims[name], found.utf8.elementsEqual(value.utf8) else {
        throw Problem(
          .notTrusted,
          "the certificate's \"\(name)\" is \(claims[name].map { "\"\($0)\"" } ?? "not there"),"
            + " not \"\(value)\"")
      }
    }
  }

  private func leafKey() throws -> PublicKey {
    var serializer = DER.Serializer()
    try bundle.certificate.publicKey.serialize(into: &serializer)
    do {
      return try PublicKey(subjectPublicKeyInfo: serializer.serializedBytes)
    } catch {
      throw Problem(.notTrusted, "the certificate's key is neither Ed25519 nor P-256")
    }
  }
}
