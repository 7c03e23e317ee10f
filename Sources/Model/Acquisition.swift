/// A vendor's artifact that came in without its source: the predicate of evidence of kind
/// `acquisition`. It is recorded only after every signature that it names was verified.
public struct Acquisition: Hashable, Sendable, Codable {
  /// A file that the vendor signed.
  public struct Document: Hashable, Sendable, Codable {
    /// What it is.
    public let matter: TrustRoot.Vendor.Matter
    /// The file's name.
    public let name: String
    /// SHA-256 of the file.
    public let digest: Digest
    /// The vendor's signature of it; `nil` for one that came without.
    public let signature: ArtifactRecord.Signature?

    /// States a document.
    public init(
      matter: TrustRoot.Vendor.Matter, name: String, digest: Digest,
      signature: ArtifactRecord.Signature?
    ) {
      self.matter = matter
      self.name = name
      self.digest = digest
      self.signature = signature
    }
  }

  /// The application's name.
  public let application: String
  /// The id under which it was recorded.
  public let run: String
  /// When.
  public let time: Instant
  /// Pseudonym of the vendor.
  public let vendor: String
  /// The vendor's version.
  public let version: String
  /// What the artifact is, in a word.
  public let form: String
  /// The media type of the artifact's content.
  public let mediaType: String
  /// Bytes of the artifact.
  public let bytes: Int64
  /// What came: the artifact first, which is always signed.
  public let documents: [Document]
  /// The person for whom the machine took it in.
  public let person: String
  /// Why it was taken in, in the person's words.
  public let reason: String

  /// States what came in.
  public init(
    application: String, run: String, time: Instant, vendor: String, version: String, form: String,
    mediaType: String, bytes: Int64, documents: [Document], person: String, reason: String
  ) {
    self.application = application
    self.run = run
    self.time = time
    self.vendor = vendor
    self.version = version
    self.form = form
    self.mediaType = mediaType
    self.bytes = bytes
    self.documents = documents
    self.person = person
    self.reason = reason
  }
}
