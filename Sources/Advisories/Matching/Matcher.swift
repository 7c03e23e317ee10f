public import Model

/// Matches an inventory with a feed of advisories.
public struct Matcher: Sendable {
  /// An advisory that speaks of a package in the version that is there.
  public struct Match: Hashable, Sendable {
    /// The package.
    public let package: InventoryPackage
    /// The finding, without a fingerprint.
    public let finding: Finding
  }

  /// What matching comes to.
  public struct Result: Sendable {
    /// The matches, by package and advisory.
    public let matches: [Match]
    /// Packages that the feed could speak of.
    public let checked: Int
    /// Packages of ecosystems of which the feed says nothing: of these nothing is clean.
    public let uncovered: [Ecosystem: Int]
  }

  private let feed: AdvisoryFeed

  /// Matches by a feed.
  public init(feed: AdvisoryFeed) { self.feed = feed }

  /// All matches. A version that cannot be compared counts as affected, and the title says so.
  public func match(_ packages: [InventoryPackage]) -> Result {
    var matches: [Match] = []
    var checked = 0
    var uncovered: [Ecosystem: Int] = [:]
    for package in packages {
      guard feed.covers(package.ecosystem) else {
        uncovered[package.ecosystem, default: 0] += 1
        continue
      }
      checked += 1
      // Several records of one vulnerability (a CVE, a GHSA, an erratum) are one finding.
      var found: [(ids: Set<String>, finding: Finding)] = []
      for entry in feed.entries(package.ecosystem, package.name) {
        let judged = AffectedVersions(entry.affected).judge(package.version)
        guard judged.isAffected else { continue }
        let finding = Self.finding(package, entry, judged)
        let ids = Set([finding.rule] + (finding.aliases ?? []))
        if let place = found.firstIndex(where: { !$0.ids.isDisjoint(with: ids) }) {
          found[place] = (
            found[place].ids.union(ids), Self.merged(found[place].finding, finding)
          )
        } else {
          found.append((ids, finding))
        }
      }
      matches += found.map { Match(package: package, finding: $0.finding) }
    }
    return Result(matches: matches, checked: checked, uncovered: uncovered)
  }

  private static func finding(
    _ package: InventoryPackage, _ entry: AdvisoryFeed.Entry, _ judged: AffectedVersions.Judged
  ) -> Finding {
    let advisory = entry.advisory
    let own = entry.affected.severity
    let stated = own.vectors.isEmpty && own.word == nil ? advisory.severity : own
    let rating = stated.rating
    // The id that most tools know comes first.
    let ids = [advisory.id] + advisory.aliases
    let rule = ids.first { $0.hasPrefix("CVE-") } ?? advisory.id
    let others = ids.filter { $0 != rule }
    return Finding(
      rule: rule, severity: rating.severity,
      title: advisory.summary
        + (judged.isComparable ? "" : " (version \(package.version) cannot be compared)"),
      cvssTenths: rating.cvssTenths, package: package.label, fixedVersion: judged.fixed,
      file: package.file, cvssVector: rating.vector, aliases: others.isEmpty ? nil : others,
      published: advisory.published)
  }

  /// Two records of one vulnerability: the worse severity, all ids, the fix that one of them knows.
  private static func merged(_ one: Finding, _ other: Finding) -> Finding {
    let (first, second) =
      one.rule.hasPrefix("CVE-") || !other.rule.hasPrefix("CVE-") ? (one, other) : (other, one)
    let worse = first.severity >= second.severity ? first : second
    let ids = Set((first.aliases ?? []) + (second.aliases ?? []) + [second.rule])
      .subtracting([first.rule])
    return Finding(
      rule: first.rule, severity: worse.severity, title: first.title,
      cvssTenths: [first.cvssTenths, second.cvssTenths].compactMap { $0 }.max(),
      package: first.package, fixedVersion: first.fixedVersion ?? second.fixedVersion,
      file: first.file, cvssVector: worse.cvssVector ?? first.cvssVector ?? second.cvssVector,
      aliases: ids.isEmpty ? nil : ids.sorted(),
      published: [first.published, second.published].compactMap { $0 }.min())
  }
}
