import ArgumentParser
import Journey

/// Says how far the checks of catalogs reach.
struct ControlsCoverage: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coverage",
    abstract: "Say how much of each framework evidence decides, and what nobody asks yet.",
    discussion: """
      Example:
        pratique controls coverage --policy policy.yaml
      """)

  @OptionGroup var source: ControlSource

  func run() async throws {
    let coverage = try await source.book().coverage()
    try source.options.terminal.result(coverage, coverage.flatMap(Self.lines))
  }

  private static func lines(_ catalog: ControlCoverage) -> [String] {
    var lines = [
      "\(catalog.framework)\(catalog.isProposed ? " (proposed, not in force)" : "")",
      "  \(catalog.controls) controls: \(catalog.byEvidence) decided by evidence,"
        + " \(catalog.byEvidenceAndPerson) by evidence and a person, \(catalog.byPerson) by a"
        + " person, \(catalog.inherited) inherited",
    ]
    if !catalog.unchecked.isEmpty {
      lines.append(
        "  \(catalog.unchecked.count) without a check: "
          + catalog.unchecked.prefix(5).joined(separator: ", ")
          + (catalog.unchecked.count > 5 ? " and more" : ""))
    }
    if catalog.unverified > 0 {
      lines.append("  \(catalog.unverified) citations not verified against the text")
    }
    return lines
      + catalog.environments.map {
        "  \($0.environment): \($0.required) required, \($0.shown) shown, \($0.unasked) not asked"
      }
  }
}
