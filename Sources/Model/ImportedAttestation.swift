/// What another system has attested and signed: the predicate of kind `imported-attestation`.
///
/// It is recorded after the signatures were verified by the foreign signers that the trust root
/// pins; the attestation's exact bytes lie in the blob store, so that it can be verified again.
public struct ImportedAttestation: Hashable, Sendable, Codable {
  /// Whose signature was verified, and by what.
  public struct Signer: Hashable, Sendable, Codable {
    /// How the signer was recognised.
    public enum Sort: String, Sendable, Codable {
      /// By a public key that is pinned.
      case key
      /// By a certificate whose issuer is pinned, and the identity in it.
      case certificate
    }

    /// The signer's name in the file of foreign signers.
    public let signer: String
    /// By what the signer was recognised.
    public let sort: Sort
    /// SHA-256 of the public key that verified the signature (SubjectPublicKeyInfo).
    public let key: Digest
    /// The identity in the certificate.
    public let identity: String?
    /// Who vouched for the identity (Fulcio's extension 1.3.6.1.4.1.57264.1.8).
    public let issuer: String?
    /// Further claims of the certificate, each held against the file of foreign signers where that
    /// names it.
    public let claims: [String: String]

    /// Names a signer.
    public init(
      signer: String, sort: Sort, key: Digest, identity: String? = nil, issuer: String? = nil,
      claims: [String: String] = [:]
    ) {
      self.signer = signer
      self.sort = sort
      self.key = key
      self.identity = identity
      self.issuer = issuer
      self.claims = claims
    }
  }

  /// The application's name.
  public let application: String
  /// Id under which it was imported.
  public let run: String
  /// When it was imported.
  public let time: Instant
  /// The form that it came in, such as `sigstore-bundle`, `witness` or `tekton-chains`.
  public let form: String
  /// The statement's own predicate type.
  public let predicateType: String
  /// Who signed; at least one.
  public let signers: [Signer]
  /// A time at which the signature is known to have been there; `nil` where nothing shows one.
  public let signedBy: Instant?
  /// Who vouches for that time.
  public let timeSource: String?
  /// What was verified, in sentences.
  public let verified: [String]
  /// What could not be verified and was not asked for, in sentences.
  public let unverified: [String]
  /// What was read from the predicate, such as the builder.
  public let facts: [String: String]
  /// Digest of the file of foreign signers in force.
  public let policy: Digest
  /// The attestation's exact bytes in the blob store.
  public let attestation: Digest
  /// SHA-256 of the signed payload: the same statement in another file is the same statement.
  public let statement: Digest

  /// States what was imported.
  public init(
    application: String, run: String, time: Instant, form: String, predicateType: String,
    signers: [Signer], signedBy: Instant?, timeSource: String?, verified: [String],
    unverified: [String], facts: [String: String], policy: Digest, attestation: Digest,
    statement: Digest
  ) {
    self.application = application
    self.run = run
    self.time = time
    self.form = form
    self.predicateType = predicateType
    self.signers = signers
    self.signedBy = signedBy
    self.timeSource = timeSource
    self.verified = verified
    self.unverified = unverified
    self.facts = facts
    self.policy = policy
    self.attestation = attestation
    self.statement = statement
  }
}
