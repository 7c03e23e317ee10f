import Model

/// One thing that a reader should know before all the rest.
struct Concern: Hashable {
  let mark: Mark
  let words: String
  let entry: Int64?
}

extension ReleaseReport {
  /// Earlier failures, skips and what weakens the evidence: before everything that went well.
  var attention: HTML {
    Parts.section(
      "first", "Look at this first",
      "Failures, skips, exceptions and whatever weakens the evidence, before all that went well."
    ) {
      if concerns.isEmpty {
        HTML.element("p") {
          Parts.badge(.good, "Nothing")
          " No failure, no skipped or repeated step, no step that was not isolated, no approval "
          "that did not count, no lost request is recorded for this release."
        }
      } else {
        HTML.element("ol", [.init("class", "concerns")]) {
          for concern in concerns {
            HTML.element("li") {
              Parts.badge(concern.mark, concern.words)
              if let index = concern.entry {
                " "
                Parts.entry(index)
              }
            }
          }
        }
      }
    }
  }

  /// Each matter once, the worst first.
  var concerns: [Concern] {
    let all =
      decisionConcerns + sourceConcerns + evidenceConcerns + stepConcerns + rolloutConcerns
      + dossier.notes.map { Concern(mark: .note, words: $0, entry: nil) }
    var seen: Set<Concern> = []
    let once = all.filter { seen.insert($0).inserted }
    return [Mark.bad, .wait, .gap, .note].flatMap { mark in once.filter { $0.mark == mark } }
  }

  private var decisionConcerns: [Concern] {
    let latest = dossier.latestDecisions
    var concerns: [Concern] = []
    for decision in latest {
      concerns += decision.value.refused.map {
        Concern(
          mark: $0.isBlocking ? .bad : .note,
          words: "Evidence of kind \"\($0.kind.rawValue)\" was not admitted: \($0.reason)."
            + ($0.isBlocking
              ? " It keeps \(decision.value.environment) shut."
              : $0.supersededBy.map { " It was answered anew by entry \($0)." } ?? ""),
          entry: $0.index)
      }
      concerns += decision.value.bypasses.map {
        Concern(
          mark: $0.kind == .breakGlass || $0.kind == .observation ? .bad : .note,
          words: $0.sentence, entry: $0.evidence?.index)
      }
      for control in decision.value.controls where control.isRequired && control.state != .met {
        concerns.append(
          Concern(
            mark: control.state.mark,
            words: "\(control.citation) is \(control.state.words) for "
              + "\(decision.value.environment).",
            entry: decision.entry.index))
      }
      for check in decision.value.controls.flatMap(\.checks) {
        concerns += check.earlierFailures.map {
          Concern(
            mark: .bad, words: "Earlier evidence for the check \(check.check) spoke otherwise.",
            entry: $0.index)
        }
      }
      concerns += decision.value.rejectedApprovals.map {
        Concern(
          mark: .note,
          words: "An approval by \(person($0.approval.signer)) did not count: "
            + $0.reason, entry: $0.approval.index)
      }
    }
    for decision in dossier.decisions where decision.value.outcome != .allowed {
      guard !latest.contains(decision) else { continue }
      concerns.append(
        Concern(
          mark: decision.value.outcome.mark,
          words: "An earlier decision on \(decision.value.environment) was "
            + "\"\(decision.value.outcome.rawValue)\".", entry: decision.entry.index))
    }
    concerns += dossier.approvals.filter { $0.value.verdict == .rejected }.map {
      Concern(
        mark: .bad, words: "\(person($0.value.person)) rejected the release: \($0.value.reason)",
        entry: $0.entry.index)
    }
    return concerns
  }

  private var sourceConcerns: [Concern] {
    dossier.sources.filter { !$0.value.isSigned || !$0.value.isCommitterMatched }.map {
      Concern(mark: .bad, words: $0.value.reason, entry: $0.entry.index)
    }
  }

  private var evidenceConcerns: [Concern] {
    var concerns: [Concern] = []
    for test in dossier.tests where test.value.result != "PASSED" {
      concerns.append(
        Concern(
          mark: .bad, words: "The \(test.value.suite) tests ended with \(test.value.result).",
          entry: test.entry.index))
    }
    for scan in dossier.scans {
      if let feed = scan.value.source.feed, feed.isExample {
        concerns.append(
          Concern(
            mark: .note,
            words: "EXAMPLE FEED: the \(scan.value.scope) scan rests on \(feed.name), an example "
              + "made for a demonstration. It knows almost no real vulnerability.",
            entry: scan.entry.index))
      }
      if scan.value.totals.unknown > 0 {
        concerns.append(
          Concern(
            mark: .note,
            words: "\(Parts.count(scan.value.totals.unknown, "finding", "findings")) of the "
              + "\(scan.value.scope) scan: the tool did not say how bad.",
            entry: scan.entry.index))
      }
    }
    return concerns
  }

  private var stepConcerns: [Concern] {
    var concerns: [Concern] = []
    for step in dossier.steps {
      let name = "The step \(step.value.stage)/\(step.value.step)"
      if step.value.outcome != .passed {
        concerns.append(
          Concern(
            mark: step.value.outcome.mark, words: "\(name) was \(step.value.outcome.words).",
            entry: step.entry.index))
      }
      if step.value.attempt > 1 {
        concerns.append(
          Concern(
            mark: .note, words: "\(name) was run again: attempt \(step.value.attempt).",
            entry: step.entry.index))
      }
      if step.value.isolation == .notIsolated {
        concerns.append(
          Concern(
            mark: .note,
            words: "\(name) was not isolated: it ran as the user who owns the signing key.",
            entry: step.entry.index))
      }
    }
    for run in dossier.runs where [.failed, .cancelled, .resumed].contains(run.value.state) {
      concerns.append(
        Concern(
          mark: run.value.state == .failed ? .bad : .wait,
          words: "The run \(run.value.run) was \(run.value.state.rawValue)"
            + (run.value.reason.map { ": \($0)" } ?? "."), entry: run.entry.index))
    }
    return concerns
  }

  private var rolloutConcerns: [Concern] {
    var concerns: [Concern] = []
    for rollout in dossier.rollouts {
      let report = rollout.value
      func add(_ mark: Mark, _ words: String) {
        concerns.append(
          Concern(mark: mark, words: "\(report.environment): \(words)", entry: rollout.entry.index))
      }
      if report.outcome != .released {
        add(
          report.outcome.mark,
          "version \(report.version) was \(report.outcome.words)"
            + (report.reason.map { ": \($0)" } ?? "."))
      }
      if report.requests.lost > 0 {
        add(.bad, "\(Parts.count(report.requests.lost, "request was", "requests were")) lost.")
      }
      if report.requests.serverErrors > 0 {
        let errors = report.requests.serverErrors
        add(
          .note,
          "the application answered \(Parts.count(errors, "request", "requests")) with "
            + "an error of its own.")
      }
      if !report.translations.isEmpty {
        let count = Parts.count(report.translations.count, "thing", "things")
        add(
          .note,
          "\(count) that the manifests ask for is done otherwise or not at all by the target;"
            + " listed with the rollout.")
      }
    }
    for running in dossier.running where running.imageConfig != release.imageConfig {
      concerns.append(
        Concern(
          mark: .bad,
          words: "\(running.environment) was seen to run another image than this "
            + "release's.", entry: nil))
    }
    return concerns
  }
}
