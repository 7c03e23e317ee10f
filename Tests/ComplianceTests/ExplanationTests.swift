import Compliance
import Foundation
import Model
import Reading
import Testing

@Suite("Explanations")
struct ExplanationTests {
  /// Words that would do harm where they are shown as they are.
  private static let harmful =
    "\u{1b}[2J\u{202e}<script>alert(1)</script> [x](javascript:y) | @everyone `a`\nb"

  private func explanation(_ change: (inout Fixture) -> Void = { _ in }) throws -> Explanation {
    var fixture = Fixture()
    change(&fixture)
    return Explanation(try fixture.decide(), bundle: try fixture.bundle())
  }

  private func lines(_ explanation: Explanation) -> [String] {
    ExplanationText(explanation) { "<\($0)>" }.lines
  }

  @Test("first the verdict, then what was bypassed, then the way, then what is met")
  func order() throws {
    let lines = lines(
      try explanation {
        $0.replace(.tests(skipped: 2))
        $0.remove(.inventory)
      })
    let places = ["REFUSED", "SKIPPED", "To green: 3 steps, the fewest that do", "MISSING", "Met,"]
      .map { start in lines.firstIndex { $0.hasPrefix(start) } ?? -1 }
    #expect(places == places.sorted() && !places.contains(-1), "\(lines)")
    #expect(lines.count < 45)
  }

  @Test("what one person's word takes out of scope is one line, and not among what is met")
  func outOfScope() throws {
    var fixture = try Fixture.lacking {
      $0.remove(.testResult)
      $0.remove(.inventory)
    }
    for (reason, controls) in [("no reports here", ["tested", "listed"]), ("another word", [])] {
      try fixture.say(
        .scopeStatement,
        ScopeStatement(
          verdict: .outOfScope, controls: controls, application: "patient-portal", reason: reason,
          expires: Fixture.instant("2026-12-01T00:00:00Z"), person: "ben", role: Fixture.official,
          time: Fixture.instant("2026-06-01T10:00:00Z")), by: "ben")
    }
    let explanation = Explanation(try fixture.decide(), bundle: try fixture.bundle())
    #expect(explanation.decision.exceptions.count == 2)
    let lines = lines(explanation)
    let scope = lines.filter { $0.hasPrefix("OUT OF SCOPE") }
    #expect(scope.count == 1)
    #expect(scope.first?.contains("each of 2 controls (") == true)
    #expect(scope.first?.contains("no reports here") == true)
    #expect(!lines.contains { $0.contains("Met,") && $0.contains("OUT OF SCOPE") })
    let markdown = ExplanationMarkdown(explanation) { $0 }.text
    #expect(markdown.components(separatedBy: "**OUT OF SCOPE**").count == 2)
  }

  @Test("what a policy only shows is counted by framework, and named where it is not met")
  func shown() throws {
    let lines = lines(try explanation())
    let first = try #require(lines.firstIndex { $0.hasPrefix("Shown, not required: ") })
    let shown = Array(lines[first...])
    #expect(shown.count == 3, "\(shown)")
    #expect(shown[1].hasPrefix("  What the tests ask: NEEDS A PERSON judged, person; "), "\(shown)")
    #expect(shown[1].contains("MISSING"))
    #expect(shown[2].contains("pratique gate 1.0.0 --environment production"))
  }

  @Test("five scans, and the clean one last: all are seen")
  func fiveScans() throws {
    let finding = Finding(rule: "CVE-1", severity: .critical, title: "t")
    let explanation = try explanation { fixture in
      fixture.remove(.vulnerabilityScan)
      for run in 1...4 { fixture.pieces.append(.scan([finding], run: "run-\(run)")) }
      fixture.pieces.append(.scan(run: "run-5"))
    }
    #expect(lines(explanation).joined().contains("F 4 #14 (failed before: #10 #11 #12 #13)"))
  }

  @Test("what evidence says moves no cursor and writes no Markdown")
  func harmless() throws {
    let explanation = try explanation {
      $0.pieces.append(
        Fixture.Piece.step("a", "b", .skipped).with("reason", as: .string(Self.harmful)))
    }
    for line in lines(explanation) {
      #expect(
        line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202e && $0 != "\u{9b}" })
    }
    let text = ExplanationMarkdown(explanation) { $0 }.text
    #expect(text.contains("alert"))
    for words in ["<script", "[x](", "@everyone", "\u{1b}", "\u{202e}", "`a`"] {
      #expect(!text.contains(words), "\(words)")
    }
  }

  @Test("a shut gate is a failure in SARIF, whatever its controls are")
  func sarif() throws {
    for change in [
      { $0.remove(.inventory) }, { _ in },
      { $0.pieces.append(Fixture.Piece.scan().with("totals", as: .null)) },
    ] as [(inout Fixture) -> Void] {
      let explanation = try explanation(change)
      let log = ExplanationSARIF(explanation, version: "1").json
      let run = try #require(log["runs"]?[0])
      let results = try #require(run["results"]?.array)
      #expect(results.first?["ruleId"] == .string("gate"))
      #expect(results.first?["kind"] == .string("fail"))
      #expect(results.first?["level"] == .string("error"))
      let rules = run["tool"]?["driver"]?["rules"]?.array?.compactMap { $0["id"]?.string } ?? []
      #expect(Set(rules).count == rules.count)
      for result in results {
        #expect(rules.contains(result["ruleId"]?.string ?? ""))
        // SARIF 2.1.0, section 3.27.10: a level other than none only for a failure.
        #expect(result["kind"] == .string("fail") || result["level"] == .string("none"))
        #expect(result["message"]?["text"]?.string?.isEmpty == false)
      }
      #expect(
        results.count == 1 + explanation.decision.bypasses.count
          + explanation.decision.controls.count)
    }
    let green = Explanation(try Fixture.approved().decide(), bundle: nil)
    let log = ExplanationSARIF(green, version: "1").json
    #expect(log["runs"]?[0]?["results"]?[0]?["kind"] == .string("pass"))
  }

  @Test("in JSON the steps stand beside the whole decision")
  func json() throws {
    let json = try JSONValue(encoding: explanation { $0.remove(.inventory) })
    #expect(json["steps"]?[0]?["act"] == .string("run"))
    #expect(json["isShortest"] == .bool(true))
    #expect(json["decision"]?["outcome"] == .string("refused"))
  }
}
