/// Where an image was put, and what was read back from there: the predicate of evidence of kind
/// `publication`.
public struct Publication: Hashable, Sendable, Codable {
  /// Something that was attached to the image in the registry.
  public struct Attachment: Hashable, Sendable, Codable {
    /// The tag under which it lies, as cosign names it.
    public let tag: String
    /// Its manifest.
    public let manifest: Digest
    /// The predicate types of what it holds, one an envelope; a single word for a signature.
    public let contents: [String]

    /// States an attachment.
    public init(tag: String, manifest: Digest, contents: [String]) {
      self.tag = tag
      self.manifest = manifest
      self.contents = contents
    }
  }

  /// The application's name.
  public let application: String
  /// The run that put it there.
  public let run: String
  /// When it had been read back.
  public let time: Instant
  /// Registry and repository, such as `registry.example:5000/portal`.
  public let repository: String
  /// The manifest's digest: what was pushed, and what was read back.
  public let manifest: Digest
  /// A tag that was set on it beside the digest.
  public let tag: String?
  /// Whether the registry had it already.
  public let wasThere: Bool
  /// Whether the connection was encrypted; only an address of this machine may do without.
  public let isEncrypted: Bool
  /// What was attached to it.
  public let attached: [Attachment]
  /// The tool that pushed.
  public let tool: StepReport.Tool

  /// States what was put where.
  public init(
    application: String, run: String, time: Instant, repository: String, manifest: Digest,
    tag: String?, wasThere: Bool, isEncrypted: Bool, attached: [Attachment] = [],
    tool: StepReport.Tool
  ) {
    self.application = application
    self.run = run
    self.time = time
    self.repository = repository
    self.manifest = manifest
    self.tag = tag
    self.wasThere = wasThere
    self.isEncrypted = isEncrypted
    self.attached = attached
    self.tool = tool
  }
}
