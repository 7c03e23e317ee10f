import Foundation
import Journey
import Model
import TestKit
import Testing

@Suite("Reading controls")
struct ControlBookTests {
  private static let catalog = """
    catalog: small
    version: "1"
    framework: What the tests ask
    parameters: {age: 9}
    controls:
      - id: s.tested
        citation: S 1
        title: tests
        scope: release
        automation: evidence
        producer: p
        owner: developer
        text-checked: true
        checks:
          - {id: a, kind: test-result, maximum-age-days: age, each: failures(evidence) == 0, unmet: some failed, fix: mend it}
      - {id: s.said, citation: S 2, title: said, scope: organisation, automation: person, producer: nobody yet}

    """

  private func files(
    _ catalog: String = Self.catalog
  ) throws -> (folder: TemporaryFolder, catalog: String, policy: String) {
    let folder = try TemporaryFolder()
    let policy = """
      policy: small
      version: "1"
      catalogs: [catalog.yaml]
      environments:
        production: {required: [s.tested], shown: all}
      """
    let names = (folder.file("catalog.yaml"), folder.file("policy.yaml"))
    try Data(catalog.utf8).write(to: URL(fileURLWithPath: names.0))
    try Data(policy.utf8).write(to: URL(fileURLWithPath: names.1))
    return (folder, names.0, names.1)
  }

  @Test("controls are listed with what the policy makes of them, and filtered by words that exist")
  func list() throws {
    let files = try files()
    let book = try ControlBook.read(policy: files.policy)
    let lines = try book.list()
    #expect(lines.map(\.control) == ["s.tested", "s.said"])
    #expect(lines.map(\.required) == [["production"], []])
    #expect(lines.map(\.shown) == [[], ["production"]])
    #expect(lines.last?.citation == "S 2 (not verified against the text)")
    var filter = ControlBook.Filter()
    filter.automation = "person"
    #expect(try book.list(filter).map(\.control) == ["s.said"])
    filter.automation = "persons"
    let problem = #expect(throws: Problem.self) { try book.list(filter) }
    #expect(problem?.description.contains("There is: evidence, evidence-and-person") == true)
  }

  @Test("a page says what is asked, and what nobody asks yet; an unknown id has its nearest")
  func page() throws {
    let files = try files()
    let book = try ControlBook.read(catalogs: [files.catalog])
    let page = try book.page("s.tested")
    #expect(page.checks.map(\.maximumAgeDays) == [9])
    #expect(page.checks.first?.each.map(\.that) == ["failures(evidence) == 0"])
    #expect(page.checks.first?.owner == "developer")
    #expect(page.meaning.contains("No environment asks it."))
    #expect(
      try book.page("s.said").meaning.contains(
        "Only a person can say it, and no check asks for a statement yet."))
    let problem = #expect(throws: Problem.self) { try book.page("s.testd") }
    #expect(problem?.code == .notFound && problem?.advice == "Did you mean \"s.tested\"?")
  }

  @Test("coverage counts what evidence decides, what has no check, and what is not asked")
  func coverage() throws {
    let files = try files()
    let coverage = try #require(try ControlBook.read(policy: files.policy).coverage().first)
    #expect(coverage.controls == 2 && coverage.byEvidence == 1 && coverage.byPerson == 1)
    #expect(coverage.unchecked == ["s.said"] && coverage.unverified == 1)
    #expect(coverage.environments.map(\.required) == [1])
    #expect(coverage.environments.map(\.shown) == [1])
    #expect(coverage.environments.map(\.unasked) == [0])
  }

  @Test("examples that come to something else, and what no example can fail, are reported")
  func examples() throws {
    func faults(_ examples: String) throws -> [String] {
      let files = try files(
        Self.catalog.replacingOccurrences(of: "fix: mend it", with: "fix: mend it\(examples)"))
      let result = try #require(try ControlExamples.run([files.catalog]).first)
      return result.faults.flatMap(\.reasons)
    }
    let good = "good: [{evidence: [{predicate: {result: PASSED}}]}]"
    let bad = "bad: [{evidence: [{predicate: {totals: {failed: 1}}}], because: some failed}]"
    #expect(try faults(", examples: {\(good), \(bad)}") == [])
    #expect(try faults("").contains("it has no bad example: nothing shows that it can fail"))
    let stale = "bad: [{evidence: [{age-days: 10}], state: stale}]"
    #expect(
      try faults(", examples: {\(good), \(stale)}")
        == ["no bad example makes \"each\" false: failures(evidence) == 0"])
    let wrong = "bad: [{evidence: [{predicate: {result: FAILED}}]}]"
    #expect(
      try faults(", examples: {\(good), \(wrong)}").first?.contains("it is met instead of not-met")
        == true)
    let unknown = "bad: [{evidence: [{predicate: {totls: {failed: 1}}}]}]"
    #expect(
      try faults(", examples: {\(good), \(unknown)}").first?.contains("did you mean \"totals\"?")
        == true)
  }
}
