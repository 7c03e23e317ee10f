import Model

extension ReleaseReport {
  /// Totals of every scan with the age of its feed, and the findings; then the inventories.
  var scans: HTML {
    Parts.section(
      "scans", "Scans and inventory",
      "A scan finds only what its feed knows: an old or small feed finds nothing, which proves "
        + "nothing."
    ) {
      if dossier.scans.isEmpty {
        HTML.element("p") { Parts.badge(.gap, "No scan is recorded.") }
      }
      for scan in dossier.scans { self.scan(scan) }
      if !dossier.inventories.isEmpty {
        Parts.table(
          "Inventories", ["Components", "Without a version", "Tool", "Report", "Entry"],
          dossier.inventories.map { inventory in
            [
              .text(Parts.grouped(inventory.value.count)),
              .text(Parts.grouped(inventory.value.withoutVersion)),
              tool(inventory.value.source), Parts.code(inventory.value.source.report.description),
              Parts.entry(inventory.entry.index),
            ]
          })
      }
    }
  }

  private func scan(_ scan: Recorded<ScanResult>) -> HTML {
    let value = scan.value
    let severities = Severity.allCases.reversed()
    return .element("div", [.init("class", "scan")]) {
      HTML.element("h3") { "Scan for: \(value.scope)" }
      feed(value.source.feed, at: scan.entry.time)
      Parts.table(
        "Findings by severity", severities.map(\.rawValue),
        [severities.map { .text(Parts.grouped(value.totals[$0])) }], kind: "totals")
      HTML.element("p", [.init("class", "small")]) {
        tool(value.source)
        if let count = value.componentsScanned {
          " looked at \(Parts.count(count, "component", "components"))"
        }
        "; report "
        Parts.code(value.source.report.description)
        ", "
        Parts.entry(scan.entry.index)
        "."
      }
      findings(value)
    }
  }

  private func feed(_ feed: ReportSource.Feed?, at time: Instant) -> HTML {
    guard let feed else {
      return .element("p", [.init("class", "small")]) {
        "The tool needs no feed, or none is named."
      }
    }
    let age = Parts.duration(milliseconds: max(0, time.milliseconds(since: feed.updatedAt)))
    return .element("p", [.init("class", "small")]) {
      if feed.isExample {
        HTML.element("strong", [.init("class", "example")]) { "EXAMPLE FEED" }
        " "
      }
      "\(feed.name), renewed "
      Parts.time(feed.updatedAt)
      " (\(age) before the scan was recorded), "
      Parts.code(feed.digest.description)
    }
  }

  private func findings(_ scan: ScanResult) -> HTML {
    guard !scan.findings.isEmpty else { return .nothing }
    let all = Severity.allCases.reduce(0) { $0 + scan.totals[$1] }
    return .joined([
      Parts.table(
        "Findings, worst first", ["Severity", "Rule", "What", "Where", "Mended in"],
        scan.findings.map { finding in
          [
            Parts.badge(mark(finding.severity), severity(finding)), Parts.code(finding.rule),
            .text(finding.title), .text(place(finding)),
            .text(finding.fixedVersion ?? "no version yet"),
          ]
        }),
      all > scan.findings.count
        ? .element("p") { "\(all - scan.findings.count) more are in the tool's report." }
        : .nothing,
    ])
  }

  private func mark(_ severity: Severity) -> Mark {
    switch severity {
    case .critical, .high: .bad
    case .medium, .low: .note
    case .none, .unknown: .gap
    }
  }

  private func severity(_ finding: Finding) -> String {
    finding.severity.rawValue
      + (finding.cvssTenths.map { " \($0 / 10).\($0 % 10)" } ?? "")
  }

  private func place(_ finding: Finding) -> String {
    let file = finding.file.map { $0 + (finding.line.map { ":\($0)" } ?? "") }
    return [finding.package, file].compactMap { $0 }.joined(separator: " in ")
  }
}
