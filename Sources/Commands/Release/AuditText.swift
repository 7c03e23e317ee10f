import Journey
import Model

/// An answer to an auditor in lines for people.
struct AuditText {
  let answer: AuditAnswer
  let names: Registry

  init(_ answer: AuditAnswer, names: Registry) {
    self.answer = answer
    self.names = names
  }

  var lines: [String] {
    let request = answer.request
    let only = [
      request.environment.map { "environment \($0)" }, request.control.map { "control \($0)" },
      request.actor.map { "with \(names.name(of: $0))" },
    ].compactMap(\.self)
    var lines = [
      "\(request.application), from \(request.from) up to \(request.to)"
        + (only.isEmpty ? "" : "; only \(only.joined(separator: ", "))"),
      "ledger \(answer.ledger.origin) at \(answer.ledger.size) entries, root \(answer.ledger.root)",
      summary,
    ]
    lines += answer.notes.map { "NOT WHOLE: \($0)" }
    for change in answer.releases { lines += [""] + self.lines(change) }
    if !answer.unreleased.isEmpty { lines += ["", "Recorded, but of nothing that was released:"] }
    for change in answer.unreleased { lines += [""] + self.lines(change) }
    return lines
  }

  private var summary: String {
    let rollouts = answer.releases.flatMap(\.rollouts).map(\.value.outcome)
    let outcomes = Dictionary(grouping: rollouts, by: \.rawValue).sorted { $0.key < $1.key }
      .map { "\($0.value.count) \($0.key)" }
    return "\(answer.releases.count) releases, \(rollouts.count) rollouts"
      + (outcomes.isEmpty ? "" : " (\(outcomes.joined(separator: ", ")))")
      + ", \(answer.unreleased.count) commits or images that were not released"
  }

  private func lines(_ change: AuditedChange) -> [String] {
    var lines: [String] = []
    if let release = change.release {
      lines.append(
        "release \(release.value.version)  bound \(release.entry.time)  \(at(release.entry))")
    } else {
      lines.append("no release")
    }
    if let commit = change.commit { lines.append("  commit     \(commit.hex)") }
    if let image = change.image { lines.append("  image      \(image)") }
    for fact in change.rollouts {
      let rollout = fact.value
      lines.append(
        "  \(pad(rollout.environment)) \(rollout.outcome.rawValue) at \(rollout.finishedAt), \(rollout.requests.served)"
          + " requests served, \(rollout.requests.lost) lost  \(at(fact.entry))")
      if let reason = rollout.reason { lines.append("             \(reason)") }
      if let previous = rollout.previousVersion {
        lines.append("             before it \(previous)")
      }
    }
    lines += change.approvals.map { fact in
      "  \(pad(fact.value.verdict.rawValue)) for \(fact.value.environment) by"
        + " \(names.name(of: fact.value.person)) as \(fact.value.role.rawValue), \(fact.entry.time):"
        + " \(fact.value.reason)  \(at(fact.entry))"
    }
    for fact in change.decisions { lines += self.lines(fact) }
    lines += change.tests.map { fact in
      let totals = fact.value.totals
      let failed = fact.value.failed.isEmpty ? "" : ": \(fact.value.failed.joined(separator: ", "))"
      return
        "  tests      \(fact.value.suite): \(totals.passed) passed, \(totals.failed + totals.errors)"
        + " failed, \(totals.skipped) skipped\(failed)  \(at(fact.entry))"
    }
    lines += change.scans.map { fact in
      let totals = fact.value.totals
      return "  scan       \(fact.value.scope) by \(fact.value.tool): \(totals.critical) critical,"
        + " \(totals.high) high, \(totals.medium) medium, \(totals.low) low,"
        + " \(totals.unknown) unknown  \(at(fact.entry))"
    }
    lines += change.sources.map { fact in
      let source = fact.value
      return "  source     \(source.isSigned ? "signed" : "NOT SIGNED")"
        + " by \(source.signer.map(names.name) ?? "nobody known"), written by"
        + " \(source.author.map(names.name) ?? "somebody not in the registry")  \(at(fact.entry))"
    }
    if let run = change.runs.last, change.release == nil || run.value.state != .succeeded {
      let reason = run.value.reason.map { ": \($0)" } ?? ""
      lines.append(
        "  run        \(run.value.run) \(run.value.state.rawValue)\(reason)  \(at(run.entry))")
    }
    if !change.further.isEmpty {
      let further = change.further.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
      lines.append("  besides    \(further.joined(separator: ", "))")
    }
    if change.isOutOfOrder {
      lines.append("  remark     a clock went back here: the order of the entries is the ledger's")
    }
    return lines
  }

  private func lines(_ fact: AuditedChange.Fact<AuditedChange.Decision>) -> [String] {
    let decision = fact.value
    var lines = [
      "  gate       \(decision.environment): \(decision.outcome.rawValue) by policy"
        + " \(decision.policy.name) \(decision.policy.version), \(fact.entry.time)  \(at(fact.entry))"
    ]
    if let control = answer.request.control {
      lines += decision.controls.filter { $0.control.utf8.elementsEqual(control.utf8) }.map {
        "             \($0.control): \($0.state.rawValue)"
      }
    }
    return lines + decision.reasons.map { "             \($0)" }
  }

  private func at(_ place: AuditedChange.Place) -> String { "#\(place.index)" }

  private func pad(_ text: String) -> String {
    text + String(repeating: " ", count: max(0, 10 - text.count))
  }
}
