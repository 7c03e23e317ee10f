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
    try source.options.terminal.result(
      coverage, coverage.flatMap(Self.lines) + Self.total(coverage))
  }

  /// `16 decided by evidence, 30 by evidence and a person`: what there is none of is not said.
  private static func reach(_ catalogs: [ControlCoverage]) -> String {
    func sum(_ part: (ControlCoverage) -> Int) -> Int { catalogs.reduce(0) { $0 + part($1) } }
    let parts = [
      (sum(\.byEvidence), "decided by evidence"),
      (sum(\.byEvidenceAndPerson), "by evidence and a person"), (sum(\.byPerson), "by a person"),
      (sum(\.inherited), "inherited"),
    ]
    return "\(sum(\.controls)) controls: "
      + parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
  }

  private static func asked(_ environment: ControlCoverage.Environment) -> String {
    let parts = [
      (environment.required, "required"), (environment.shown, "shown"),
      (environment.unasked, "not asked"),
    ]
    return "  \(environment.environment): "
      + parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
  }

  private static func lines(_ catalog: ControlCoverage) -> [String] {
    var lines = [
      "\(catalog.framework)\(catalog.isProposed ? " (proposed, not in force)" : "")",
      "  " + reach([catalog]),
    ]
    if !catalog.unchecked.isEmpty {
      lines.append(
        "  \(catalog.unchecked.count) without a check: "
          + catalog.unchecked.prefix(5).joined(separator: ", ")
          + (catalog.unchecked.count > 5 ? " and more" : ""))
    }
    if catalog.unverified > 0 {
      lines.append(
        "  \(catalog.unverified == catalog.controls ? "all" : "\(catalog.unverified)") citations not"
          + " verified against the text")
    }
    return lines + catalog.environments.map(asked)
  }

  private static func total(_ catalogs: [ControlCoverage]) -> [String] {
    guard catalogs.count > 1 else { return [] }
    let environments = catalogs[0].environments.indices.map { place in
      let all = catalogs.map { $0.environments[place] }
      return ControlCoverage.Environment(
        environment: all[0].environment, required: all.reduce(0) { $0 + $1.required },
        shown: all.reduce(0) { $0 + $1.shown }, unasked: all.reduce(0) { $0 + $1.unasked })
    }
    return ["All \(catalogs.count) catalogs", "  " + reach(catalogs)] + environments.map(asked)
  }
}
