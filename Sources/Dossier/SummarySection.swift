import Model

extension ReleaseReport {
  /// The first screen: what was released, what was decided, and the figures that decide.
  var summary: HTML {
    .element("header") {
      HTML.element("p", [.init("class", "kicker")]) {
        "Release dossier · \(dossier.organisation) · "
        Parts.time(dossier.madeAt)
      }
      HTML.element("h1") { "\(release.application) \(release.version)" }
      HTML.element("div", [.init("class", "verdicts")]) {
        for decision in dossier.latestDecisions { verdict(decision.value) }
        if dossier.decisions.isEmpty {
          Parts.badge(.gap, "No gate was asked about this release.")
        }
      }
      HTML.element("dl", [.init("class", "figures")]) {
        for figure in figures {
          HTML.element("div") {
            HTML.element("dt") { figure.name }
            HTML.element("dd") {
              HTML.element("strong") { figure.value }
              HTML.element("span") { figure.detail }
            }
          }
        }
      }
      HTML.element("p", [.init("class", "scope")]) {
        "This report tells what was recorded about one release. It does not say that an "
        "organisation complies with a law: "
        HTML.element("a", [.init("href", "#limits")]) { "what this report does not show" }
        "."
      }
    }
  }

  private func verdict(_ decision: Decision) -> HTML {
    let policy = "\(decision.policy.name) version \(decision.policy.version)"
    let words =
      switch decision.outcome {
      // Somebody opened the gate, or it only reports: it let the release in, and nothing was met.
      case .allowed where decision.isOpened: "went in without meeting policy \(policy)"
      case .allowed: "met policy \(policy), which is mapped to the citations below"
      case .refused: "does not meet policy \(policy)"
      case .error: "could not be judged by policy \(policy), which refuses"
      case .waiting: "waits for approvals that policy \(policy) asks for"
      }
    return .element("div", [.init("class", "verdict \(decision.mark.rawValue)")]) {
      HTML.element("p", [.init("class", "outcome")]) {
        HTML.element("span", [.init("aria-hidden", "true"), .init("class", "shape")]) {
          decision.mark.shape
        }
        HTML.element("strong") { "\(decision.environment): \(decision.outcome.rawValue)" }
        " · \(words)."
      }
      if !decision.bypasses.isEmpty {
        HTML.element("ul") {
          for bypass in decision.bypasses {
            HTML.element("li") {
              HTML.element("strong") { bypass.kind.rawValue }
              ": \(bypass.sentence)"
            }
          }
        }
      }
      if !decision.reasons.isEmpty {
        HTML.element("ul") { for reason in decision.reasons { HTML.element("li") { reason } } }
      }
    }
  }

  private struct Figure {
    let name: String
    let value: String
    let detail: String
  }

  private var figures: [Figure] {
    var figures: [Figure] = []
    if let decision = dossier.latestDecisions.last?.value {
      let required = decision.controls.filter(\.isRequired)
      let others = decision.controls.count - required.count
      figures.append(
        Figure(
          name: "Required controls",
          value: "\(required.count { $0.state == .met }) of "
            + "\(required.count) met", detail: "\(others) more shown, \(decision.environment)"))
      figures.append(
        Figure(
          name: "Approvals",
          value: "\(decision.approvals.count(where: \.isMet)) of \(decision.approvals.count) roles",
          detail: "\(decision.rejectedApprovals.count) did not count"))
    }
    figures += [testFigure, scanFigure, requestFigure]
    figures.append(
      Figure(
        name: "Look at first", value: Parts.count(concerns.count, "matter", "matters"),
        detail: "listed below"))
    return figures
  }

  /// The latest report of each suite: an earlier one counts under "look at first".
  private var testFigure: Figure {
    let latest = Self.latest(dossier.tests) { $0.suite }
    let totals = latest.map(\.totals)
    let passed = totals.reduce(0) { $0 + $1.passed }
    let all = totals.reduce(0) { $0 + $1.all }
    return Figure(
      name: "Tests", value: "\(Parts.grouped(passed)) of \(Parts.grouped(all)) passed",
      detail: Parts.count(latest.count, "suite", "suites")
        + earlier(dossier.tests.count - latest.count))
  }

  private var scanFigure: Figure {
    let latest = Self.latest(dossier.scans) { $0.scope }
    let critical = latest.reduce(0) { $0 + $1.totals.critical }
    let high = latest.reduce(0) { $0 + $1.totals.high }
    let hasExample = latest.contains { $0.source.feed?.isExample ?? false }
    return Figure(
      name: "Findings", value: "\(critical) critical, \(high) high",
      detail: Parts.count(latest.count, "scan", "scans")
        + earlier(dossier.scans.count - latest.count) + (hasExample ? ", EXAMPLE FEED" : ""))
  }

  private func earlier(_ count: Int) -> String { count > 0 ? ", \(count) earlier" : "" }

  private static func latest<Value: Hashable & Sendable>(
    _ all: [Recorded<Value>], of name: (Value) -> String
  ) -> [Value] {
    var latest: [(name: String, fact: Recorded<Value>)] = []
    for fact in all {
      let key = name(fact.value)
      if let place = latest.firstIndex(where: { $0.name.utf8.elementsEqual(key.utf8) }) {
        if latest[place].fact.entry.index < fact.entry.index { latest[place].fact = fact }
      } else {
        latest.append((key, fact))
      }
    }
    return latest.map(\.fact.value)
  }

  private var requestFigure: Figure {
    let requests = dossier.rollouts.map(\.value.requests)
    let lost = requests.reduce(0) { $0 + $1.lost }
    let served = requests.reduce(0) { $0 + $1.served }
    return Figure(
      name: "Requests lost", value: "\(Parts.grouped(lost)) of \(Parts.grouped(served + lost))",
      detail: Parts.count(dossier.rollouts.count, "rollout", "rollouts"))
  }
}
