import Compliance
import Model
import Reading
import Testing

@Suite("Each rule, with a good and a bad example")
struct RuleTests {
  /// One thing made worse, and what the gate must say.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let control: String
    let state: ControlState
    let words: String
    let change: @Sendable (inout Fixture) -> Void

    init(
      _ name: String, _ control: String, _ state: ControlState, _ words: String,
      _ change: @escaping @Sendable (inout Fixture) -> Void
    ) {
      testDescription = name
      self.control = control
      self.state = state
      self.words = words
      self.change = change
    }
  }

  static let high = Finding(rule: "CVE-1", severity: .high, title: "t", package: "p@1")
  static let unknown = Finding(rule: "CVE-2", severity: .unknown, title: "t")
  static let medium = Finding(rule: "CVE-3", severity: .medium, title: "t", cvssTenths: 69)
  static let scored = Finding(rule: "CVE-4", severity: .low, title: "t", cvssTenths: 87)

  static let cases: [Case] = [
    Case("unsigned", "signed", .notMet, "not signed") {
      $0.replace(.source(signer: nil, isSigned: false))
    },
    Case("signed by nobody", "signed", .notMet, "signed") { $0.replace(.source(signer: nil)) },
    Case("signed for another commit", "signed", .notMet, "another commit, dddddddddddd") {
      $0.replace(.source(commit: String(repeating: "d", count: 40)))
    },
    Case("committed by somebody else", "signed", .notMet, "somebody else") {
      $0.replace(.source(isCommitterMatched: false))
    },
    Case("no check of the source", "signed", .missing, "\"source-check\" on the commit") {
      $0.remove(.sourceCheck)
    },
    Case("built from another commit", "built", .notMet, "one source") {
      $0.replace(.provenance(sources: [String(repeating: "d", count: 40)]))
    },
    Case("built from two commits", "built", .notMet, "one source") {
      $0.replace(
        .provenance(sources: [String(repeating: "c", count: 40), String(repeating: "d", count: 40)])
      )
    },
    Case("built from no commit", "built", .notMet, "one source") {
      $0.replace(.provenance(sources: []))
    },
    Case("a provenance of another image, asked of the commit", "built", .notMet, "of another image")
    {
      $0.catalog = Fixture.catalogText.replacing(
        "kind: provenance\n        each",
        with: "kind: provenance\n        subject: commit\n        each")
      var piece = Fixture.Piece.provenance()
      piece.subjects = [Fixture.commit, Fixture.otherImage]
      $0.replace(piece)
    },
    Case("a test failed", "tested", .notMet, "2 passed, 1 failed: suite.test_x") {
      $0.replace(.tests(failed: ["suite.test_x"]))
    },
    Case("a test errs", "tested", .notMet, "1 failed") {
      $0.replace(Fixture.Piece.tests().with("urn:pratique:totals", "errors", as: .integer(1)))
    },
    Case("failed tests are named, but not counted", "tested", .notMet, "1 failed: x") {
      $0.replace(Fixture.Piece.tests().with("failedTests", as: .array([.string("x")])))
    },
    Case("totals are good, the result is not", "tested", .notMet, "passed") {
      $0.replace(Fixture.Piece.tests().with("result", as: .string("FAILED")))
    },
    Case("too few tests", "tested", .notMet, "at least 2") {
      $0.replace(.tests(passed: ["suite.test_no_token"]))
    },
    Case("all tests skipped", "tested", .notMet, "0 passed") {
      $0.replace(.tests(skipped: 2, passed: []))
    },
    Case("a named test did not run", "tested", .notMet, "did not pass: suite.test_wrong_token") {
      $0.replace(.tests(passed: ["suite.test_no_token", "suite.test_else"]))
    },
    Case("a name that only ends alike", "tested", .notMet, "did not pass: test_no_token") {
      $0.replace(.tests(passed: ["suite.not_test_no_token", "suite.test_wrong_token"]))
    },
    Case("a name inside a variant", "tested", .notMet, "did not pass: test_no_token") {
      $0.replace(.tests(passed: ["suite.other[.test_no_token[1]]", "suite.test_wrong_token"]))
    },
    Case("variants of a test", "tested", .met, "2 passed") {
      $0.replace(.tests(passed: ["suite.test_no_token[GET /a.b]", "a.suite.test_wrong_token"]))
    },
    Case("one variant, asked for by its name", "tested", .met, "2 passed") {
      $0.catalog = Fixture.catalogText.replacing(
        "named: [test_no_token", with: "named: ['test_x[1]'")
      $0.replace(.tests(passed: ["suite.test_x[1]", "suite.test_wrong_token"]))
    },
    Case("another variant than the one asked for", "tested", .notMet, "did not pass: test_x[1]") {
      $0.catalog = Fixture.catalogText.replacing(
        "named: [test_no_token", with: "named: ['test_x[1]'")
      $0.replace(.tests(passed: ["suite.test_x[2]", "suite.test_wrong_token"]))
    },
    Case("another suite", "tested", .missing, "(evidence.suite == \"security\")") {
      $0.replace(.tests(suite: "unit"))
    },
    Case("old tests", "tested", .stale, "older than 30 days") {
      $0.replace(Fixture.Piece.tests().at("2026-05-02T11:59:59Z"))
    },
    Case("tests just young enough", "tested", .met, "2 passed") {
      $0.replace(Fixture.Piece.tests().at("2026-05-02T12:00:00Z"))
    },
    Case(
      "a high finding", "scanned", .notMet,
      "1 findings of severity high or worse, or unknown: CVE-1 in p@1 (high)"
    ) {
      $0.replace(.scan([high]))
    },
    Case("a finding of unknown severity", "scanned", .notMet, "CVE-2 (unknown)") {
      $0.replace(.scan([unknown]))
    },
    Case("a medium finding", "scanned", .met, "no findings") { $0.replace(.scan([medium])) },
    Case("a CVSS score of 8.7, called low", "scanned", .notMet, "CVE-4 (high)") {
      $0.replace(.scan([scored]))
    },
    Case(
      "unknown, with a low CVSS score", "scanned", .notMet,
      "1 findings of severity high or worse, or unknown: CVE-5 (unknown)"
    ) {
      $0.replace(.scan([Finding(rule: "CVE-5", severity: .unknown, title: "t", cvssTenths: 10)]))
    },
    Case("high, with a medium CVSS score", "scanned", .notMet, "CVE-6 (high)") {
      $0.replace(.scan([Finding(rule: "CVE-6", severity: .high, title: "t", cvssTenths: 50)]))
    },
    Case("totals that hide a listed finding", "scanned", .notMet, "1 findings") {
      $0.replace(Fixture.Piece.scan([high]).with("totals", "high", as: .integer(0)))
    },
    Case("totals that count what is not listed", "scanned", .notMet, "3 findings") {
      $0.replace(Fixture.Piece.scan().with("totals", "critical", as: .integer(3)))
    },
    Case("a scan that looked at nothing", "scanned", .notMet, "looked at no component") {
      $0.replace(.scan(components: 0))
    },
    Case("no feed", "scanned", .notMet, "which feed") { $0.replace(.scan(feed: nil)) },
    Case("as many findings as may be", "secrets", .met, "1 findings") {
      $0.replace(.secrets([unknown]))
    },
    Case("one finding too many", "secrets", .notMet, "2 findings") {
      $0.replace(.secrets([unknown, medium]))
    },
    Case("another scope", "secrets", .missing, "(evidence.scope == \"secret\")") {
      $0.replace(.secrets(scope: "code"))
    },
    Case("too few components", "listed", .notMet, "1 components, 2 are asked for") {
      $0.replace(.inventory(versions: ["1"]))
    },
    Case("a component without a version", "listed", .notMet, "1 of 3 components have no version") {
      $0.replace(.inventory(versions: ["1", "2", ""]))
    },
    Case("two security officials", "official", .notMet, "2 hold") {
      $0.people.append(.init(id: "eve", roles: [Fixture.official]))
    },
    Case("no security official", "official", .notMet, "0 hold") { fixture in
      fixture.people.removeAll { $0.id == "ben" }
    },
    Case("one person, listed twice", "official", .met, "1 hold") {
      $0.people.append(Fixture.ben)
    },
    Case("an old trust root", "official", .stale, "older than 365 days") {
      $0.trustTime = Fixture.instant("2025-06-01T11:59:59Z")
    },
    Case("a policy that nobody pinned", "pinned", .notMet, "does not pin") { $0.isPinned = false },
    Case("a failed step", "steps", .notMet, "the step lint/python ended as failed") {
      $0.pieces.append(.step("lint", "python", .failed))
    },
    Case("a skipped step", "steps", .notMet, "was skipped: the branch is main") {
      $0.pieces.append(
        Fixture.Piece.step("lint", "python", .skipped)
          .with("reason", as: .string("the branch is main")))
    },
    Case("a step that claims an old time", "steps", .stale, "of 2026-04-01, older than 30 days") {
      $0.pieces.append(.step("lint", "python", finished: "2026-04-01T00:00:00Z"))
    },
    Case("a failed gate", "steps", .met, "each of the 2 steps") {
      $0.pieces.append(.step("gate", "production", .failed, action: "gate"))
    },
    Case("a failed rollout", "steps", .met, "each of the 2 steps") {
      $0.pieces.append(.step("production", "go", .failed, action: "environment/deploy"))
    },
    Case("an action that only begins alike", "steps", .notMet, "failed") {
      $0.pieces.append(.step("production", "go", .failed, action: "gate/way"))
    },
    Case("no step", "steps", .missing, "on the release") { $0.remove(.step) },
    Case("rolled back in staging", "staged", .notMet, "rolled-back: it was unhealthy") {
      $0.replace(.rollout(.rolledBack))
    },
    Case("refused in staging", "staged", .notMet, "refused") { $0.replace(.rollout(.refused)) },
    Case("rolled out elsewhere", "staged", .missing, "(evidence.environment == \"staging\"") {
      $0.replace(.rollout(environment: "test"))
    },
    Case("a rollout that does not name the image", "staged", .missing, "on the image") {
      var piece = Fixture.Piece.rollout()
      piece.subjects = [Fixture.commit]
      $0.replace(piece)
    },
    Case("another application's rollout", "staged", .missing, "speak of something else: 9") {
      $0.replace(.rollout(application: "laboratory"))
    },
    Case("another image's rollout", "staged", .notMet, "image ") {
      $0.replace(.rollout(image: Fixture.otherImage.digests.first))
    },
  ]

  @Test("the good release meets every rule")
  func good() throws {
    for control in try Fixture().decide().controls {
      let expected: ControlState =
        switch control.control {
        case "judged", "person": .needsPerson
        case "nothing", "provider": .missing
        default: .met
        }
      #expect(control.state == expected, "\(control.control)")
      #expect(control.checks.allSatisfy { $0.fix == nil && !$0.evidence.isEmpty })
    }
  }

  @Test("one thing made worse", arguments: cases)
  func worse(example: Case) throws {
    var fixture = Fixture()
    example.change(&fixture)
    let result = try #require(try fixture.result(example.control))
    #expect(result.state == example.state)
    let check = try #require(result.checks.first)
    #expect(check.reason.contains(example.words), "\(check.reason)")
    #expect((check.fix == nil) == (example.state == .met))
    if example.state != .met {
      let decision = try fixture.decide()
      #expect(decision.outcome == .refused)
      #expect(
        decision.reasons.contains { $0.contains(check.reason) && $0.contains(check.fix ?? "-") })
    }
  }
}
