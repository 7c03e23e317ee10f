import ArgumentParser
import Foundation
import Journey
import Model

/// Matches an image, tree or bill of materials with a folder of advisories.
struct MatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "match",
    abstract: "Match an image, folder or bill of materials with a folder of advisories (OSV).",
    discussion: """
      For machines without a scanner. It says its feed's date, and refuses an older one. What is there
      and cannot be checked is refused too, until it is accepted by name. Records nothing; in a
      pipeline the step image/match does.

      Examples:
        pratique match image.tar --feed /var/feeds
        pratique match / --feed /var/feeds --accept-unchecked java-archive
        pratique match sbom.cdx.json --bill-of-materials --feed /var/feeds --json
      """)

  @OptionGroup var feed: FeedOptions
  @Argument(help: "An OCI layout, an image's archive, a folder, or a bill of materials.")
  var target: String
  @Flag(help: "The target is a bill of materials in CycloneDX's JSON.")
  var billOfMaterials = false
  @Option(help: "How many of the image's lowest layers are the base image's.")
  var baseLayers: Int?
  @Option(help: "Fail when there is a finding of this severity or worse, or of none that is known.")
  var failOn: String?
  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if let failOn, Severity(rawValue: failOn) == nil {
      throw ValidationError("\"\(failOn)\" is no severity, from none to critical")
    }
  }

  func run() async throws {
    let matching = try feed.matching()
    let report =
      try billOfMaterials
      ? matching.match(billOfMaterials: InputFile.read(target), of: target)
      : matching.match(target: target, baseLayers: baseLayers).report
    try Terminal(isJSON: json).result(report, Self.lines(report))
    guard let least = failOn.flatMap(Severity.init(rawValue:)) else { return }
    let bad = report.findings.count { $0.severity == .unknown || $0.severity >= least }
    guard bad == 0 else {
      throw Problem(
        .stepFailed, "\(bad) findings of severity \(least.rawValue) or worse, or unknown",
        at: target)
    }
  }

  static func lines(_ report: VulnerabilityMatching.Report) -> [String] {
    [
      "\(report.findings.count) findings in \(report.componentsScanned) packages;"
        + " \(report.advisories) advisories of \(report.feed.updatedAt.date) (\(report.feed.name))"
        + (report.feed.isExample ? ", an EXAMPLE feed" : "")
        + (report.withdrawn > 0 ? "; \(report.withdrawn) withdrawn" : "")
    ] + report.unchecked.map { "UNCHECKED  \($0)" } + report.findings.map(line)
  }

  static func line(_ finding: Finding) -> String {
    let score = finding.cvssTenths.map { " CVSS \($0 / 10).\($0 % 10)" } ?? ""
    let origin = finding.origin.map { $0 == .base ? " (base image)" : " (application)" } ?? ""
    return
      "\(finding.severity.rawValue)\(score)  \(finding.rule)  \(finding.package ?? "")\(origin)"
      + (finding.fixedVersion.map { "  mended by \($0)" } ?? "  no fix is known")
      + (finding.knownExploited.map { "  EXPLOITED since \($0.date)" } ?? "") + "  \(finding.title)"
  }
}

/// The feed, and what is asked of it.
struct FeedOptions: ParsableArguments {
  @Option(
    help:
      "The folder that holds osv/, and where they are there known-exploited.json and epss.csv; otherwise PRATIQUE_FEED."
  )
  var feed: String?
  @Option(help: "Refuse a feed older than so many days.")
  var maximumAgeDays = 7
  @Option(
    help:
      "What may stay unchecked: an ecosystem such as npm, java-archive, rpm, distribution, no-package-url."
  )
  var acceptUnchecked: [String] = []

  func validate() throws {
    guard (0...36_500).contains(maximumAgeDays) else {
      throw ValidationError("--maximum-age-days takes from 0 to 36500")
    }
  }

  func folder() throws -> String {
    guard let folder = feed ?? ProcessInfo.processInfo.environment["PRATIQUE_FEED"] else {
      throw ValidationError("name the folder of the feed with --feed")
    }
    return folder
  }

  func matching() throws -> VulnerabilityMatching {
    try VulnerabilityMatching(
      feed: "\(folder())/osv", maximumAgeDays: maximumAgeDays, accepted: Set(acceptUnchecked),
      at: TimeSource.system.now())
  }
}
