public import Model

/// One advisory of the Open Source Vulnerability format, schema 1: what is matched by, and no more.
public struct Advisory: Sendable {
  /// A point in the order of versions.
  public enum Event: Hashable, Sendable {
    /// From this version on; `0` is before all versions.
    case introduced(String)
    /// Mended from this version on.
    case fixed(String)
    /// This version is the last one.
    case lastAffected(String)
    /// What is said holds only before this version.
    case limit(String)
  }

  /// Events on one line of versions.
  public struct Range: Hashable, Sendable {
    /// How the versions are ordered.
    public enum Kind: String, Sendable, CaseIterable {
      case ecosystem = "ECOSYSTEM"
      case semantic = "SEMVER"
      /// Commits: kept, and never matched with a version.
      case git = "GIT"
    }

    /// How the versions are ordered.
    public let kind: Kind
    /// The events, as written.
    public let events: [Event]
  }

  /// One package that it speaks of.
  public struct Affected: Sendable {
    /// Where the package comes from.
    public let ecosystem: Ecosystem
    /// The package's name.
    public let name: String
    /// Affected versions by ranges.
    public let ranges: [Range]
    /// Affected versions by name.
    public let versions: Set<String>
    /// What is said of its severity for this package alone.
    public let severity: StatedSeverity
  }

  /// The advisory's id.
  public let id: String
  /// Other ids of the same vulnerability, CVEs first.
  public let aliases: [String]
  /// One line.
  public let summary: String
  /// When it was last changed.
  public let modified: Instant
  /// When it was published.
  public let published: Instant?
  /// When it was taken back; a withdrawn advisory matches nothing.
  public let withdrawn: Instant?
  /// What is said of its severity.
  public let severity: StatedSeverity
  /// The packages.
  public let affected: [Affected]
  /// Packages of ecosystems that are not known here.
  public let otherEcosystems: Int
}

/// A severity as an advisory states it: by vectors, by a word, or not at all.
public struct StatedSeverity: Hashable, Sendable {
  /// CVSS vectors, as written.
  public var vectors: [String] = []
  /// A word, where one is stated that is known.
  public var word: Severity?

  /// The severity, score and vector that it comes to. What is not stated stays unknown.
  ///
  /// A vector of version 3 is preferred to one of version 2. Vectors of version 4 are kept and not
  /// scored: without a word their severity is unknown.
  public var rating: (severity: Severity, cvssTenths: Int?, vector: String?) {
    let scored = vectors.compactMap { text in CVSSVector(text).map { (text, $0) } }
    let best = scored.max { ($0.1.version, $0.1.baseTenths) < ($1.1.version, $1.1.baseTenths) }
    guard let (text, vector) = best else { return (word ?? .unknown, nil, vectors.first) }
    return (max(word ?? vector.severity, vector.severity), vector.baseTenths, text)
  }
}
