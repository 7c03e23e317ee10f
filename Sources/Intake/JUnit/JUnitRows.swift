import Reading

/// What a child of `<testcase>` says of its outcome.
enum JUnitOutcome: Hashable {
  case failure, error, skipped
  /// The test failed, and passed when it was run again.
  case flaky
  /// Nothing about the outcome.
  case silent

  init?(element: String) {
    switch element {
    case "failure": self = .failure
    case "error": self = .error
    case "skipped", "disabled", "ignored": self = .skipped
    case "flakyFailure", "flakyError": self = .flaky
    case "rerunFailure", "rerunError", "system-out", "system-err", "properties", "property",
      "warning", "attachments", "success":
      self = .silent
    default: return nil
    }
  }

  /// Whether the element may stand anywhere without a test's outcome being lost.
  var isHarmless: Bool { self == .silent }
}

/// How many rows of each outcome, and how many elements, since some tools count those.
struct JUnitCounts: Equatable {
  var rows = 0
  var failed = 0
  var errors = 0
  var skipped = 0
  var failureElements = 0
  var errorElements = 0
  /// Rows that stand for a suite that broke, and not for a test.
  var broken = 0

  mutating func add(_ other: JUnitCounts) {
    rows += other.rows
    failed += other.failed
    errors += other.errors
    skipped += other.skipped
    failureElements += other.failureElements
    errorElements += other.errorElements
    broken += other.broken
  }

  static func + (left: JUnitCounts, right: JUnitCounts) -> JUnitCounts {
    var sum = left
    sum.add(right)
    return sum
  }
}

/// One test case as it is read.
struct JUnitCase {
  let name: String
  var status: String?
  var result: String?
  var outcomes: [JUnitOutcome] = []
  var isSuite = false

  init(name: String, status: String?, result: String?) {
    self.name = name
    self.status = status
    self.result = result
  }

  /// A suite that broke outside its tests.
  init(suite: String, outcome: String) {
    name = "\(suite) (suite)"
    outcomes = JUnitOutcome(element: outcome).map { [$0] } ?? []
    isSuite = true
  }

  private static let passes: Set<String> = [
    "run", "passed", "pass", "success", "successful", "succeeded", "completed", "ok", "executed",
  ]
  private static let skips: Set<String> = [
    "disabled", "notrun", "skipped", "skip", "ignored", "suppressed", "pending", "filtered",
  ]
  private static let failures: Set<String> = [
    "failed", "failure", "fail", "error", "errored", "broken", "timeout",
  ]

  private var words: [String] { [status, result].compactMap { $0?.lowercased() } }

  /// Refuses a status that is not understood, and one that its children contradict.
  func check(_ error: (String) -> ReadingError) throws {
    let hasFailed = outcomes.contains(.failure) || outcomes.contains(.error)
    for word in words where !word.isEmpty {
      guard Self.passes.union(Self.skips).union(Self.failures).contains(word) else {
        throw error("the status \"\(word)\" of the test \(name) is not understood")
      }
      if Self.failures.contains(word), !hasFailed {
        throw error("the test \(name) says \"\(word)\" and holds neither a failure nor an error")
      }
    }
  }

  /// This row by its worst outcome.
  var counts: JUnitCounts {
    var counts = JUnitCounts(rows: 1, broken: isSuite ? 1 : 0)
    counts.failureElements = outcomes.count { $0 == .failure }
    counts.errorElements = outcomes.count { $0 == .error }
    if counts.errorElements > 0 {
      counts.errors = 1
    } else if counts.failureElements > 0 {
      counts.failed = 1
    } else if outcomes.contains(.skipped) || words.contains(where: Self.skips.contains) {
      counts.skipped = 1
    }
    return counts
  }
}

/// One suite as it is read, with the counters that it states.
struct JUnitSuite {
  static let counters = ["tests", "failures", "errors", "skipped", "disabled", "ignored"]

  let name: String
  let declared: [String: Int]
  /// Whether the suite is one of Catch2's, which counts assertions where others count tests.
  let countsAssertions: Bool
  /// Rows that stand directly in the suite.
  var own = JUnitCounts()
  /// Rows of suites inside it.
  var below = JUnitCounts()

  /// Why the counters and the rows cannot both be true; `nil` when they can.
  var disagreement: String? {
    let views = below == JUnitCounts() ? [own] : [own + below, own]
    func check(_ counter: String, _ meanings: (JUnitCounts) -> [Int]) -> String? {
      guard let stated = declared[counter] else { return nil }
      guard !views.contains(where: { meanings($0).contains(stated) }) else { return nil }
      return "the suite \"\(name)\" states \(counter)=\"\(stated)\", its rows say "
        + "\(meanings(own + below).first ?? 0)"
    }
    return testsDisagreement(views)
      ?? check("failures") { [$0.failed, $0.failureElements] }
      ?? check("errors") { [$0.errors, $0.errorElements] }
      ?? skippedDisagreement(views)
  }

  /// Tests are rows. A test that passes and then breaks while it is taken down is counted twice by
  /// pytest, but then it is an error; Catch2 counts assertions, of which each failed one is a row's
  /// child.
  private func testsDisagreement(_ views: [JUnitCounts]) -> String? {
    guard let stated = declared["tests"] else { return nil }
    let fits = views.contains { view in
      countsAssertions
        ? stated >= view.failureElements + view.errorElements
        : stated >= view.rows - view.broken
          && stated <= view.rows + (name == "pytest" ? view.errorElements : 0)
    }
    return fits
      ? nil
      : "the suite \"\(name)\" states tests=\"\(stated)\", its rows say \((own + below).rows)"
  }

  /// `skipped`, `disabled` and `ignored` may each count all skipped rows, or share them.
  private func skippedDisagreement(_ views: [JUnitCounts]) -> String? {
    let stated = ["skipped", "disabled", "ignored"].compactMap { declared[$0] }
    guard !stated.isEmpty else { return nil }
    let sum = stated.reduce(0, +)
    let fits = views.contains { view in
      sum == view.skipped
        || stated.allSatisfy { $0 == view.skipped || $0 == 0 }
          && stated.contains(view.skipped)
    }
    return fits
      ? nil
      : "the suite \"\(name)\" states \(stated.max() ?? 0) skipped tests, its rows say "
        + "\((own + below).skipped)"
  }
}
