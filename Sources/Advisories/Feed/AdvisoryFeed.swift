public import Model
import Reading

/// Advisories to match by, with the digest and the date of what was read.
public struct AdvisoryFeed: Sendable {
  /// What a feed may say of itself in a `feed.json` beside its advisories.
  public struct Manifest: Hashable, Sendable {
    /// The feed's name.
    public let name: String
    /// When its content was last renewed, also where no advisory changed.
    public let updatedAt: Instant?
    /// Whether it is an example, made for a demonstration.
    public let isExample: Bool
    /// The ecosystems that it covers, also those of which it has no advisory.
    public let ecosystems: [Ecosystem]
  }

  /// Bounds on what is read, so that a feed cannot exhaust the memory.
  public struct Limits: Sendable {
    /// Greatest number of advisories.
    public var advisories = 1_000_000
    /// Greatest number of bytes of one file.
    public var file = 512 << 20
    /// Greatest number of bytes of all files.
    public var total = 4 << 30

    /// The usual bounds.
    public init() {}
  }

  /// Its name, digest, date, and whether it is an example.
  public let source: ReportSource.Feed
  /// Number of advisories that match.
  public let count: Int
  /// Number of advisories that were taken back and match nothing.
  public let withdrawn: Int
  /// Packages of ecosystems that are not known here.
  public let otherEcosystems: Int
  /// What it covers: by its advisories, and by its own word.
  public let ecosystems: Set<Ecosystem>
  private let index: [Key: [Entry]]

  /// An advisory as it speaks of one package.
  struct Entry: Sendable {
    let advisory: Advisory
    let affected: Advisory.Affected
  }

  private struct Key: Hashable {
    let family: Ecosystem.Family
    let name: String
  }

  init(
    _ advisories: [Advisory], source: ReportSource.Feed, declared: [Ecosystem]
  ) {
    self.source = source
    var index: [Key: [Entry]] = [:]
    var ecosystems = Set(declared)
    var count = 0
    for advisory in advisories where advisory.withdrawn == nil {
      count += 1
      for affected in advisory.affected {
        ecosystems.insert(affected.ecosystem)
        index[Key(family: affected.ecosystem.family, name: affected.name), default: []].append(
          Entry(advisory: advisory, affected: affected))
      }
    }
    self.count = count
    withdrawn = advisories.count - count
    otherEcosystems = advisories.reduce(0) { $0 + $1.otherEcosystems }
    self.ecosystems = ecosystems
    self.index = index
  }

  /// What the feed says of a package, whatever its version.
  func entries(_ ecosystem: Ecosystem, _ name: String) -> [Entry] {
    (index[Key(family: ecosystem.family, name: ecosystem.canonical(name))] ?? [])
      .filter { ecosystem.isCovered(by: $0.affected.ecosystem) }
  }

  /// Whether the feed speaks of an ecosystem at all: of one that it does not, nothing is clean.
  func covers(_ ecosystem: Ecosystem) -> Bool {
    ecosystems.contains { ecosystem.isCovered(by: $0) }
  }

  /// Refuses a feed that is older than allowed, or of the future.
  ///
  /// - Throws: `Problem` with `badInput` that names the feed's date.
  public func refuseOlder(thanDays days: Int, at time: Instant) throws {
    let age = time.milliseconds(since: source.updatedAt)
    guard age >= 0 else {
      throw Problem(
        .badInput, "the feed \"\(source.name)\" is of \(source.updatedAt), which lies in the future"
      )
    }
    guard age <= Int64(days) * 86_400_000 else {
      throw Problem(
        .badInput,
        "the feed \"\(source.name)\" is of \(source.updatedAt.date), older than the \(days) days"
          + " that are allowed",
        advice: "Renew it; what an old feed does not name may be known by now.")
    }
  }
}
