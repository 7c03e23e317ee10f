import Compliance
import Testing

/// What checks ask of the facts in people's statements. The question is put on 1 January 2030.
@Suite("Functions of facts")
struct FactFunctionTests {
  /// Whether an expression about these facts is true, by the example of a catalog made for it: the
  /// good example has the facts, the bad one has none and so must fail.
  private func isTrue(_ expression: String, _ facts: String) throws -> Bool {
    let catalog = """
      catalog: facts
      version: "1"
      framework: What the tests ask
      controls:
        - id: fact
          citation: F 1
          title: a fact
          scope: organisation
          automation: person
          producer: the test
          checks:
            - id: stated
              kind: person-statement
              subject: organisation
              each: '\(expression)'
              fix: state it
              examples:
                good: [{evidence: [{predicate: {role: r, facts: {\(facts)}}}]}]
                bad: [{evidence: [{predicate: {role: r, facts: {}}}]}]

      """
    let test = try CatalogTest.run(Array(catalog.utf8), file: "facts.yaml")
    let faults = test.checks.flatMap(\.faults)
    // Whatever the facts are, without them nothing is met, and nothing ends with an error.
    #expect(faults.allSatisfy { $0.hasPrefix("good example") && $0.contains("not-met") })
    return faults.isEmpty
  }

  @Test(
    "a fact that meets what is asked",
    arguments: [
      (#"evidence.facts.says("a", "yes")"#, #"a: "yes""#),
      (#"evidence.facts.atMost("a", 2)"#, #"a: "2""#),
      (#"evidence.facts.atMost("a", 0.5)"#, #"a: "0.5""#),
      (#"evidence.facts.atLeast("a", 6)"#, #"a: "6.5""#),
      (#"evidence.facts.reaches("a", "b")"#, #"a: "12", b: "12""#),
      (#"evidence.facts.isDay("a")"#, #"a: "2028-02-29""#),
      (#"evidence.facts.isTime("a")"#, #"a: "2028-02-29T10:00:00+01:00""#),
      (#"evidence.facts.notBefore("a", "b")"#, #"a: "2029-05-01", b: "2029-05-01""#),
      (#"evidence.facts.lasts("a", time)"#, #"a: "2030-01-01""#),
      // The sixtieth day after discovery; and while nothing is said, that day is not over.
      (#"evidence.facts.inTime("a", "b", days(60), time)"#, #"a: "2029-03-01", b: "2029-04-30""#),
      (#"evidence.facts.inTime("a", "b", days(60), time)"#, #"a: "2029-11-02""#),
      (
        #"evidence.facts.inTime("a", "b", duration("72h"), time)"#,
        #"a: "2029-03-01T08:00:00Z", b: "2029-03-04T08:00:00Z""#
      ),
      (
        #"evidence.facts.inTime("a", "b", days(60), time, "c")"#,
        #"a: "2029-03-01", b: "2029-05-30", c: "30""#
      ),
      // 1 March is the sixtieth day of a common year, 29 February that of a leap year.
      (
        #"evidence.facts.inYearAfter("a", "b", 60, time)"#, #"a: "2026-05-02", b: "2027-03-01""#
      ),
      (
        #"evidence.facts.inYearAfter("a", "b", 60, time)"#, #"a: "2027-12-31", b: "2028-02-29""#
      ),
      (#"evidence.facts.inYearAfter("a", "b", 60, time)"#, #"a: "2029-05-02""#),
    ])
  func met(expression: String, facts: String) throws {
    #expect(try isTrue(expression, facts))
  }

  @Test(
    "a fact that does not, is of another form, or is not there",
    arguments: [
      (#"evidence.facts.says("a", "yes")"#, #"a: "Yes""#),
      (#"evidence.facts.atMost("a", 2)"#, #"a: "2.1""#),
      (#"evidence.facts.atMost("a", 2)"#, #"a: "-1""#),
      (#"evidence.facts.atMost("a", 2)"#, #"a: "1e0""#),
      (#"evidence.facts.atMost("a", 2)"#, #"a: "none""#),
      (#"evidence.facts.atMost("a", 2)"#, #"a: """#),
      (#"evidence.facts.atMost("a", 2)"#, #"a: "1.""#),
      (#"evidence.facts.atMost("a", 2)"#, #"b: "1""#),
      (#"evidence.facts.atLeast("a", 6)"#, #"a: "5.9""#),
      (#"evidence.facts.reaches("a", "b")"#, #"a: "11", b: "12""#),
      (#"evidence.facts.reaches("a", "b")"#, #"a: "11""#),
      (#"evidence.facts.isDay("a")"#, #"a: "2029-02-29""#),
      (#"evidence.facts.isDay("a")"#, #"a: "2028-02-29T10:00:00Z""#),
      (#"evidence.facts.notBefore("a", "b")"#, #"a: "2029-04-30", b: "2029-05-01""#),
      (#"evidence.facts.lasts("a", time)"#, #"a: "2029-12-31""#),
      (#"evidence.facts.inTime("a", "b", days(60), time)"#, #"a: "2029-03-01", b: "2029-05-01""#),
      (#"evidence.facts.inTime("a", "b", days(60), time)"#, #"a: "2029-03-01", b: "2029-02-28""#),
      (#"evidence.facts.inTime("a", "b", days(60), time)"#, #"a: "2029-03-01", b: "soon""#),
      (#"evidence.facts.inTime("a", "b", days(60), time)"#, #"a: "2029-10-01""#),
      (
        #"evidence.facts.inTime("a", "b", duration("72h"), time)"#,
        #"a: "2029-03-01T08:00:00Z", b: "2029-03-04T08:00:01Z""#
      ),
      (
        #"evidence.facts.inTime("a", "b", days(60), time, "c")"#,
        #"a: "2029-03-01", b: "2029-03-02", c: "long""#
      ),
      (
        #"evidence.facts.inYearAfter("a", "b", 60, time)"#, #"a: "2026-05-02", b: "2027-03-02""#
      ),
      (
        #"evidence.facts.inYearAfter("a", "b", 60, time)"#, #"a: "2027-12-31", b: "2028-03-01""#
      ),
      (#"evidence.facts.inYearAfter("a", "b", 60, time)"#, #"a: "2027-05-02""#),
    ])
  func unmet(expression: String, facts: String) throws {
    #expect(try !isTrue(expression, facts))
  }
}
