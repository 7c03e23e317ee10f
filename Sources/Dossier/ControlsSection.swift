import Model

extension ReleaseReport {
  /// Every control of every gate, passes too, each with what decided.
  var controls: HTML {
    Parts.section(
      "controls", "Controls and their evidence",
      "What each gate asked at its latest decision. A control is as good as the worst of its checks."
    ) {
      for decision in dossier.latestDecisions { controls(decision) }
      if dossier.decisions.isEmpty { HTML.element("p") { "No gate was asked." } }
    }
  }

  private func controls(_ decision: Recorded<Decision>) -> HTML {
    let value = decision.value
    return .element("div", [.init("class", "gate")]) {
      HTML.element("h3") {
        "\(value.environment): "
        Parts.badge(value.outcome.mark, value.outcome.rawValue)
      }
      HTML.element("p", [.init("class", "small")]) {
        "Policy \(value.policy.name) version \(value.policy.version), "
        Parts.code(value.policy.digest.description)
        ". Judged at "
        Parts.time(value.time)
        " by \(value.timeSource), on all evidence of the ledger's first "
        "\(Parts.grouped(value.ledger.size)) entries, root "
        Parts.code(value.ledger.root.description)
        "; "
        Parts.entry(decision.entry.index)
        "."
      }
      for control in value.controls.filter(\.isRequired) { self.control(control) }
      let shown = value.controls.filter { !$0.isRequired }
      if !shown.isEmpty {
        HTML.element("h4") { "Shown, but not asked for by this gate" }
        for control in shown { self.control(control) }
      }
    }
  }

  private func control(_ control: ControlResult) -> HTML {
    .element("article", [.init("class", "control")]) {
      HTML.element("h4") {
        Parts.badge(control.state.mark, control.state.words)
        " "
        HTML.element("span", [.init("class", "citation")]) { control.citation }
        " \(control.title)"
      }
      HTML.element("p", [.init("class", "small")]) {
        Parts.code(control.control)
        " · speaks of the \(control.scope) · evidence by \(control.producer)"
      }
      HTML.element("ul", [.init("class", "checks")]) {
        for check in control.checks { self.check(check) }
        if control.checks.isEmpty { HTML.element("li") { "No check in the catalog." } }
      }
    }
  }

  private func check(_ check: CheckResult) -> HTML {
    .element("li") {
      Parts.badge(check.state.mark, check.state.words)
      " "
      HTML.element("strong") { check.check }
      " \(check.reason)"
      if let fix = check.fix { HTML.element("p", [.init("class", "fix")]) { "To do: \(fix)" } }
      references("Evidence", check.evidence)
      references("Earlier, and otherwise", check.earlierFailures)
    }
  }

  private func references(_ title: String, _ references: [EvidenceReference]) -> HTML {
    guard !references.isEmpty else { return .nothing }
    return .element("ul", [.init("class", "evidence")]) {
      for reference in references {
        HTML.element("li") {
          "\(title): "
          Parts.evidence(reference)
          ", signed by \(person(reference.signer)), "
          Parts.time(reference.time)
        }
      }
    }
  }
}
