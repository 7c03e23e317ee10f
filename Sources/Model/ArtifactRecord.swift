/// What an artifact is, by its content: the predicate of evidence of kind `artifact`.
public struct ArtifactRecord: Hashable, Sendable, Codable {
  /// A signature that lies beside the artifact, and was verified.
  public struct Signature: Hashable, Sendable, Codable {
    /// `dsse`, `sshsig`, `minisign` or `raw`.
    public let form: String
    /// The key that made it.
    public let key: Digest
    /// SHA-256 of the signature's own bytes, which lie in the blob store.
    public let digest: Digest

    /// States a verified signature.
    public init(form: String, key: Digest, digest: Digest) {
      self.form = form
      self.key = key
      self.digest = digest
    }
  }

  /// The application's name.
  public let application: String
  /// The run that recorded it.
  public let run: String
  /// When.
  public let time: Instant
  /// The path in the workspace, or the file's name.
  public let name: String
  /// What it is, in a word: `wheel`, `jar`, `deb`, `firmware-uf2`, `folder`; `unknown` where the
  /// content is of no known form.
  public let form: String
  /// The media type of the content.
  public let mediaType: String
  /// Its digest; of a folder, the digest of its list of files.
  public let digest: Digest
  /// Bytes, of all files of a folder.
  public let bytes: Int64
  /// How many files a folder has; `nil` for a file.
  public let files: Int?
  /// A detached signature of it, where one was asked for.
  public let signature: Signature?

  /// States what an artifact is.
  public init(
    application: String, run: String, time: Instant, name: String, form: String, mediaType: String,
    digest: Digest, bytes: Int64, files: Int?, signature: Signature?
  ) {
    self.application = application
    self.run = run
    self.time = time
    self.name = name
    self.form = form
    self.mediaType = mediaType
    self.digest = digest
    self.bytes = bytes
    self.files = files
    self.signature = signature
  }
}
