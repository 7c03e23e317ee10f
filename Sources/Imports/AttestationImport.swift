import Attestation
public import Model
import Reading
import X509

/// Verifies the attestations of others, and says what they are once they hold.
public struct AttestationImport: Sendable {
  /// What an import is about: nothing else is taken.
  public struct Expectation: Sendable {
    /// The application.
    public let application: String
    /// The subjects that an attestation must speak of, one of them at least.
    public let subjects: [Subject]
    /// The id under which it is imported.
    public let run: String
    /// When.
    public let time: Instant

    /// Names what is expected.
    public init(application: String, subjects: [Subject], run: String, time: Instant) {
      self.application = application
      self.subjects = subjects
      self.run = run
      self.time = time
    }
  }

  /// Verifies an RFC 3161 response over bytes by certificates in PEM, the root last, and gives the
  /// time and who vouches for it.
  public typealias TimestampVerifier =
    @Sendable (_ response: [UInt8], _ stamped: [UInt8], _ chain: [String]) async throws -> (
      time: Instant, authority: String
    )

  let signers: ForeignSigners
  let policy: Digest
  let verifyTimestamp: TimestampVerifier

  /// Takes the pinned file of foreign signers.
  ///
  /// - Throws: `Problem` with `judgingFailed`.
  public init(pinned bytes: [UInt8], verifyTimestamp: @escaping TimestampVerifier) throws {
    signers = try ForeignSigners(pinned: bytes)
    policy = .sha256(bytes)
    self.verifyTimestamp = verifyTimestamp
  }

  /// Verifies every attestation in a file.
  ///
  /// - Returns: for each what it is, the subjects that it and the expectation share, and its bytes.
  /// - Throws: `Problem` with `notTrusted` or `badInput` for the first that does not hold: all of a
  ///   file is taken, or nothing.
  public func verify(
    _ file: [UInt8], expecting expected: Expectation
  ) async throws -> [(attestation: ImportedAttestation, subjects: [Subject], bytes: [UInt8])] {
    var verified: [(attestation: ImportedAttestation, subjects: [Subject], bytes: [UInt8])] = []
    for (bytes, value) in try AttestationFile.attestations(file) {
      if let refusal = AttestationFile.refusal(of: value) { throw refusal }
      do {
        let one = try await verify(value, bytes, expected)
        guard !verified.contains(where: { $0.attestation.statement == one.0.statement }) else {
          throw Problem(.badInput, "the file holds the same statement twice")
        }
        verified.append((one.0, one.1, bytes))
      } catch let error as ReadingError {
        throw Problem(.badInput, "the attestation cannot be read: \(error)")
      }
    }
    return verified
  }

  private func verify(
    _ value: JSONValue, _ bytes: [UInt8], _ expected: Expectation
  ) async throws -> (ImportedAttestation, [Subject]) {
    let isBundle = SigstoreBundle.isBundle(value)
    let bundle = isBundle ? try SigstoreBundle(value) : nil
    let envelope = try bundle?.envelope ?? Envelope(json: bytes)
    guard envelope.payloadType.utf8.elementsEqual(Envelope.statementType.utf8) else {
      throw Problem(
        .badInput, "the envelope holds \"\(envelope.payloadType)\", not an in-toto statement")
    }
    // Read only from the payload whose signature is verified below, before anything is said of it.
    let statement = try ForeignStatement(json: envelope.payload)
    let allowed = signers.signers.filter {
      $0.maySay(statement.predicateType, of: expected.application, at: expected.time)
        && ($0.certificate != nil) == isBundle
    }
    guard !allowed.isEmpty else {
      throw Problem(
        .notTrusted,
        "no foreign signer may attest \"\(statement.predicateType)\" of \(expected.application)"
          + (isBundle ? " by a certificate" : " with a key"),
        advice: "The file of foreign signers, which the trust root pins, says who may.")
    }
    let shown =
      if let bundle {
        try await BundleCheck(bundle: bundle, verifyTimestamp: verifyTimestamp).verify(allowed)
      } else {
        try Self.keys(of: envelope, allowed)
      }
    let subjects = expected.subjects.filter { wanted in
      statement.subjects.contains { $0.isSame(as: wanted) }
    }
    guard !subjects.isEmpty else {
      throw Problem(
        .notTrusted,
        "the attestation holds, and is about something else: none of its"
          + " \(statement.subjects.count + statement.unknownSubjects) subjects was asked for",
        advice: "Name what it shall count for with --release, --commit or --subject.")
    }
    let form = isBundle ? .sigstoreBundle : AttestationForm.of(statement)
    return (
      ImportedAttestation(
        application: expected.application, run: expected.run, time: expected.time,
        form: form.rawValue, predicateType: statement.predicateType, signers: shown.signers,
        signedBy: shown.signedBy, timeSource: shown.timeSource, verified: shown.verified,
        unverified: shown.unverified, facts: PredicateFacts.of(statement), policy: policy,
        attestation: .sha256(bytes), statement: .sha256(envelope.payload)), subjects
    )
  }

  /// The pinned keys that signed an envelope.
  private static func keys(
    of envelope: Envelope, _ allowed: [ForeignSigners.Signer]
  ) throws -> ShownSignature {
    let found = try allowed.flatMap { signer in
      let verifying = envelope.verifyingKeys(among: try signer.publicKeys())
      return verifying.map { ImportedAttestation.Signer(signer: signer.id, sort: .key, key: $0.id) }
    }
    guard !found.isEmpty else {
      throw Problem(
        .notTrusted, "no key of a foreign signer who may attest this made a valid signature on it")
    }
    let sorted = found.sorted { ($0.signer, $0.key.hex) < ($1.signer, $1.key.hex) }
    return ShownSignature(
      signers: sorted, signedBy: nil, timeSource: nil,
      verified: ["the envelope is signed with a pinned key"],
      unverified: ["nothing shows when it was signed"])
  }
}

/// What the signatures of an attestation have shown.
struct ShownSignature {
  let signers: [ImportedAttestation.Signer]
  let signedBy: Instant?
  let timeSource: String?
  let verified: [String]
  let unverified: [String]
}
