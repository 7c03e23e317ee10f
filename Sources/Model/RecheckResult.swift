/// What today's feeds say of a release that runs, by the inventory recorded when it was built: the
/// predicate of kind `recheck`. Nothing was rebuilt for it.
public struct RecheckResult: Hashable, Sendable, Codable {
  /// What it comes to.
  public enum Outcome: String, Sendable, Codable, CaseIterable {
    /// No control that its gate requires fails by today's feeds.
    case passing
    /// What fails now failed before today's feeds, too.
    case failing
    /// A control that its gate requires fails by today's feeds, and did not fail without them.
    case newlyFailing = "newly-failing"
  }

  /// The application's name.
  public let application: String
  /// The environment in which the release runs.
  public let environment: String
  /// The release's version.
  public let version: String
  /// The image that runs.
  public let image: Digest
  /// When it was judged.
  public let time: Instant
  /// The inventory that it was judged by, in the blob store.
  public let inventory: Digest
  /// What it comes to.
  public let outcome: Outcome
  /// Ids of required controls that fail by today's feeds and did not fail without them, sorted.
  public let newlyFailing: [String]
  /// Findings of all severities.
  public let totals: FindingTotals
  /// Findings that no earlier scan or recheck of this image names, worst first; at most 200.
  public let newFindings: [Finding]
  /// All findings, worst first; at most 200.
  public let findings: [Finding]
  /// How many packages the feed could speak of.
  public let componentsScanned: Int
  /// The matcher, its report and its feed.
  public let source: ReportSource
  /// Lists of exploited vulnerabilities that the findings were compared with.
  public let comparedWith: [ReportSource.Feed]?

  /// States what today's feeds say.
  public init(
    scan: ScanResult, environment: String, version: String, image: Digest, inventory: Digest,
    outcome: Outcome, newlyFailing: [String], newFindings: [Finding]
  ) {
    application = scan.application
    self.environment = environment
    self.version = version
    self.image = image
    time = scan.time
    self.inventory = inventory
    self.outcome = outcome
    self.newlyFailing = newlyFailing.sorted()
    totals = scan.totals
    self.newFindings = Array(
      newFindings.sorted { ($0.severity, $1.rule) > ($1.severity, $0.rule) }.prefix(200))
    findings = scan.findings
    componentsScanned = scan.componentsScanned ?? 0
    source = scan.source
    comparedWith = scan.comparedWith
  }
}
