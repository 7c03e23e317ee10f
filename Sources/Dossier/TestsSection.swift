import Model

extension ReleaseReport {
  /// Totals of every test report; failed tests by name.
  var tests: HTML {
    Parts.section("tests", "Tests") {
      if dossier.tests.isEmpty {
        HTML.element("p") { Parts.badge(.gap, "No test report is recorded.") }
      } else {
        Parts.table(
          "Test reports",
          ["Suite", "Result", "Passed", "Failed", "Errors", "Skipped", "Tool", "Report", "Entry"],
          dossier.tests.map(row))
        for test in dossier.tests where !test.value.failedTests.isEmpty {
          HTML.element("h3") {
            "Failed in \(test.value.suite), "
            Parts.entry(test.entry.index)
          }
          HTML.element("ul") {
            for name in test.value.failedTests { HTML.element("li") { name } }
          }
        }
      }
    }
  }

  private func row(_ test: Recorded<TestResult>) -> [HTML] {
    let totals = test.value.totals
    let numbers = [totals.passed, totals.failed, totals.errors, totals.skipped]
    return [
      .text(test.value.suite),
      Parts.badge(test.value.result == "PASSED" ? .good : .bad, test.value.result.lowercased()),
    ] + numbers.map { .text(Parts.grouped($0)) } + [
      tool(test.value.source), Parts.code(test.value.source.report.description),
      Parts.entry(test.entry.index),
    ]
  }

  func tool(_ source: ReportSource) -> HTML { .text("\(source.tool) \(source.toolVersion)") }
}
