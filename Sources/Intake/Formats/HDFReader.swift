import Model
import Reading

/// Reads Heimdall Data Format: InSpec's `exec` JSON and what converters write in its form.
struct HDFReader {
  private struct Control {
    let finding: Finding
    var statuses: [String]
    let isNotApplicable: Bool
    let waiver: String?
  }

  private var controls: [String: Control] = [:]
  private var order: [String] = []

  static func read(_ root: ReportNode) throws -> IntakeReader.Parsed {
    var reader = HDFReader()
    var tools: [IntakeReport.Tool] = []
    for profile in try root.required("profiles") {
      tools.append(
        .init(name: try profile.requiredString("name"), version: try profile.string("version")))
      for control in try profile.required("controls") { try reader.add(control) }
    }
    guard !reader.controls.isEmpty else {
      throw root.error("it holds no control: nothing was checked")
    }
    return try reader.parsed(tools, root)
  }

  private mutating func add(_ node: ReportNode) throws {
    let id = try node.requiredString("id")
    let statuses = try node.elements("results").map { try $0.requiredString("status") }
    // A profile that builds on another names its controls again; the results stand in one of them.
    if controls[id] != nil {
      controls[id]?.statuses += statuses
      return
    }
    let impact = try node.member("impact")
    guard let number = impact.json.number, (0...1).contains(number) else {
      throw impact.error("expected an impact from 0 to 1")
    }
    let location = try node.optional("source_location")
    let waiver = try node.optional("waiver_data")
    order.append(id)
    controls[id] = Control(
      finding: Finding(
        rule: FirstLine.of(id), severity: Self.severity(number),
        title: FirstLine.of(try node.string("title") ?? id), file: try location?.string("ref"),
        line: try location?.line("line")), statuses: statuses, isNotApplicable: number == 0,
      waiver: try waiver?.string("justification"))
  }

  /// The bands of InSpec.
  private static func severity(_ impact: Double) -> Severity {
    switch impact {
    case 0.9...: .critical
    case 0.7..<0.9: .high
    case 0.4..<0.7: .medium
    case 0.01..<0.4: .low
    default: .none
    }
  }

  private func parsed(
    _ tools: [IntakeReport.Tool], _ root: ReportNode
  ) throws -> IntakeReader.Parsed {
    var collector = FindingCollector(shownScopes: [.misconfiguration])
    var counter = CheckCounter()
    var notes: [String] = []
    for id in order {
      guard let control = controls[id] else { continue }
      let finding = control.finding
      if let waiver = control.waiver {
        counter.skipped += 1
        collector.suppress(finding, .misconfiguration, context: id)
        notes.append("The control \(finding.rule) is waived: \(waiver).")
        continue
      }
      for status in control.statuses where !Self.known.contains(status) {
        throw root.error("\"\(status)\" of the control \(finding.rule) is no status of HDF's")
      }
      if control.isNotApplicable {
        counter.skipped += 1
      } else if control.statuses.isEmpty || control.statuses.contains("error") {
        counter.errors += 1
        collector.add(finding, .misconfiguration, context: id)
        notes.append(
          control.statuses.isEmpty
            ? "The control \(finding.rule) has no result: whether it holds is not known."
            : "The check of \(finding.rule) broke off: whether it holds is not known.")
      } else if control.statuses.contains("failed") {
        counter.failed += 1
        collector.add(finding, .misconfiguration, context: id)
      } else if control.statuses.contains("passed") {
        counter.passed += 1
      } else {
        counter.skipped += 1
      }
    }
    collector.report.checks = counter.totals
    try compare(root, counter)
    return IntakeReader.Parsed(
      tools: tools, content: .findings(collector.report), notes: notes)
  }

  private static let known: Set<String> = ["passed", "failed", "skipped", "error"]

  /// InSpec may state totals; they must be those of the rows.
  private func compare(_ root: ReportNode, _ counter: CheckCounter) throws {
    guard let stated = try root.optional("statistics")?.optional("controls"),
      let total = try stated.count("total")
    else { return }
    guard total == counter.totals.all else {
      throw stated.error("it states \(total) controls, its rows say \(counter.totals.all)")
    }
  }
}
