public import Model

/// What a bundle says of itself; whoever checks it takes nothing of this on trust.
public struct BundleDescription: Hashable, Sendable, Codable {
  /// The form's name.
  public static let form = "pratique-bundle/v1"

  /// What the entries were chosen by.
  public struct Scope: Hashable, Sendable, Codable {
    /// Everything on one release, everything recorded in a period, or everything there is.
    public enum Kind: String, Sendable, Codable { case release, period, all }

    /// Which of them.
    public let kind: Kind
    /// The release's application.
    public let application: String?
    /// The release's version.
    public let version: String?
    /// The release's digests.
    public let digests: [Digest]?
    /// The period's begin.
    public let from: Instant?
    /// The period's end, which is not part of it.
    public let to: Instant?

    private init(
      _ kind: Kind, application: String? = nil, version: String? = nil, digests: [Digest]? = nil,
      from: Instant? = nil, to: Instant? = nil
    ) {
      self.kind = kind
      self.application = application
      self.version = version
      self.digests = digests
      self.from = from
      self.to = to
    }

    /// Everything that speaks of a release.
    public static func release(_ release: Release) -> Scope {
      Scope(
        .release, application: release.application, version: release.version,
        digests: release.digests)
    }

    /// Everything from the first entry of a period to its last.
    public static func period(from: Instant, to: Instant) -> Scope {
      Scope(.period, from: from, to: to)
    }

    /// Everything there is.
    public static let all = Scope(.all)
  }

  /// A contiguous range of entries, all of which are in the bundle.
  public struct Contiguous: Hashable, Sendable, Codable {
    /// Index of the first.
    public let start: Int64
    /// Index after the last.
    public let end: Int64

    /// States a range.
    public init(_ range: Range<Int64>) {
      start = range.lowerBound
      end = range.upperBound
    }
  }

  /// `pratique-bundle/v1`.
  public let format: String
  /// The log's name.
  public let origin: String
  /// Number of entries that the bundle's checkpoint covers.
  public let size: Int64
  /// What the entries were chosen by.
  public let scope: Scope
  /// The contiguous range that is in it; `nil` where single entries were chosen.
  public let range: Contiguous?
  /// Number of entries in the bundle.
  public let entries: Int64
  /// Number of timestamps in the bundle; `nil` for none.
  public let timestamps: Int64?

  /// Describes a bundle.
  public init(
    origin: String, size: Int64, scope: Scope, range: Range<Int64>?, entries: Int64,
    timestamps: Int64? = nil
  ) {
    format = Self.form
    self.origin = origin
    self.size = size
    self.scope = scope
    self.range = range.map(Contiguous.init)
    self.entries = entries
    self.timestamps = timestamps
  }

  /// What the bundle can show about its own completeness, and what it cannot.
  public var completeness: String {
    guard let range else {
      return "Single entries were chosen: this bundle cannot show that nothing was left out of it,"
        + " an entry against the release or a later change of trust included."
    }
    let whole =
      "Entries \(range.start) to \(range.end - 1) are all here: none between them can be missing."
    guard scope.kind == .period else {
      return whole + " What was recorded after the checkpoint is not in it."
    }
    return whole
      + " The period is that of the recorder's clock; entries outside of the range whose clock"
      + " stood wrong cannot be excluded."
  }
}

/// One entry as a bundle carries it.
public struct BundleEntry: Sendable {
  /// Counted from zero.
  public let index: Int64
  /// The leaf's exact bytes.
  public let leaf: [UInt8]
  /// The envelope's exact bytes and the salt; `nil` when the payload was erased.
  public let payload: (envelope: [UInt8], salt: [UInt8])?
  /// The entry's own proof, where it stands outside of a contiguous range.
  public let receipt: Receipt?

  /// States an entry.
  public init(
    index: Int64, leaf: [UInt8], payload: (envelope: [UInt8], salt: [UInt8])?, receipt: Receipt?
  ) {
    self.index = index
    self.leaf = leaf
    self.payload = payload
    self.receipt = receipt
  }
}
