import ArgumentParser
import Journey

/// Explains one control.
struct ControlsExplain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain a control: what is asked of which evidence, and what that shows.",
    discussion: """
      Example:
        pratique controls explain hipaa.164.312.d --policy policy.yaml
      """)

  @OptionGroup var source: ControlSource
  @Argument(help: "The control's id.")
  var control: String

  func run() async throws {
    let page = try await source.book().page(control)
    try source.options.terminal.result(page, Self.lines(page))
  }

  private static func lines(_ page: ControlPage) -> [String] {
    let control = page.control
    var lines = [
      "\(control.control): \(control.title)", "  \(control.citation), of \(page.framework)",
    ]
    lines += page.meaning.map { "  \($0)" }
    if let level = control.level { lines.append("  level: \(level)") }
    if let owner = control.owner { lines.append("  owner: \(owner)") }
    lines.append("  evidence: \(page.producer)")
    for (word, names) in [
      ("required in", control.required), ("shown in", control.shown),
      ("the same is asked by", page.crossReferences),
    ] where !names.isEmpty {
      lines.append("  \(word): \(names.joined(separator: ", "))")
    }
    return lines + page.checks.flatMap(Self.lines)
  }

  private static func lines(_ check: ControlPage.Check) -> [String] {
    var lines = [
      "  check \(check.check): \(check.kinds.joined(separator: " or ")), of the \(check.subject)"
        + (check.maximumAgeDays.map { ", at most \($0) days old" } ?? "")
    ]
    if let about = check.about { lines.append("    where \(about)") }
    lines.append(
      check.series.map { "    the latest for each \($0) decides" } ?? "    the latest decides")
    for (word, conditions) in [("each", check.each), ("together", check.together)] {
      for condition in conditions {
        lines.append("    \(word): \(condition.that)")
        if let unmet = condition.unmet {
          lines.append("      else \(condition.otherwise): \(unmet)")
        }
      }
    }
    lines.append("    to mend it: \(check.fix)" + (check.owner.map { " (\($0))" } ?? ""))
    return lines
  }
}
