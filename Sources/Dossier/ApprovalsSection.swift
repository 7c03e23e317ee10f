import Model

extension ReleaseReport {
  /// Who said yes or no, in which role, why, and whether it counted.
  var approvals: HTML {
    Parts.section(
      "approvals", "Approvals",
      "Each is signed with the person's own key, and bound to the release's digests, the "
        + "environment, the policy and the evidence that the person was shown."
    ) {
      if dossier.approvals.isEmpty {
        HTML.element("p") { "No approval is recorded." }
      } else {
        Parts.table(
          "Approvals and rejections",
          ["Person", "Role", "Environment", "Verdict", "Reason", "When", "Counted", "Entry"],
          dossier.approvals.map(row))
      }
      for decision in dossier.latestDecisions where !decision.value.approvals.isEmpty {
        Parts.table(
          "Roles that \(decision.value.environment) asks for",
          ["Role", "Needed", "Counted", "Status"],
          decision.value.approvals.map { approval in
            [
              .text(approval.role.rawValue), .text("\(approval.required)"),
              .text("\(approval.counted.count)"),
              Parts.badge(
                approval.isMet ? .good : .gap, approval.isMet ? "enough" : "not enough"),
            ]
          })
      }
    }
  }

  private func row(_ approval: Recorded<Approval>) -> [HTML] {
    let value = approval.value
    return [
      .text(person(value.person)), .text(value.role.rawValue), .text(value.environment),
      Parts.badge(value.verdict == .approved ? .good : .bad, value.verdict.rawValue),
      .text(value.reason), Parts.time(value.time), counted(approval),
      Parts.entry(approval.entry.index),
    ]
  }

  private func counted(_ approval: Recorded<Approval>) -> HTML {
    let index = approval.entry.index
    for decision in dossier.latestDecisions {
      if decision.value.approvals.flatMap(\.counted).contains(where: { $0.index == index }) {
        return Parts.badge(.good, "yes")
      }
      if let rejected = decision.value.rejectedApprovals.first(where: {
        $0.approval.index == index
      }) {
        return Parts.badge(.bad, "no: \(rejected.reason)")
      }
    }
    return Parts.badge(.gap, "not judged")
  }
}
