import Reading

extension JSONKind {
  /// Tools that look at source code and at configuration.
  static var linters: [JSONKind] {
    [
      .one(
        .semgrep,
        recognise: {
          Look($0).has(
            "results", "errors", "paths",
            reason: "it has \"results\", \"errors\" and \"paths\", as Semgrep's")
        }, read: { try SemgrepReader.read($0) }),
      .one(
        .bandit,
        recognise: {
          Look($0).has(
            "results", "errors", "metrics", "generated_at",
            reason: "it has \"results\", \"errors\" and \"metrics\", as Bandit's")
        }, read: BanditReader.read),
      .one(
        .gitleaks, mayBeList: true, mayBeEmpty: true,
        recognise: {
          Look($0).firstHas(
            "RuleID", "Fingerprint", "StartLine", reason: "its elements are findings of Gitleaks")
        }, read: GitleaksReader.read),
      .one(
        .checkov, mayBeList: true,
        recognise: { root in
          Look(root).has("check_type", "results", reason: "it has \"check_type\", as Checkov's")
            ?? Look(root).firstHas(
              "check_type", "results", reason: "its elements have \"check_type\", as Checkov's")
            ?? Look(root).has(
              "checkov_version", "resource_count", reason: "it has \"checkov_version\"")
        }, read: { try CheckovReader.read($0) }),
      .one(
        .cfnLint, mayBeList: true, mayBeEmpty: true,
        recognise: {
          Look($0).firstHas(
            "Rule", "Location", "Filename", "Level", reason: "its elements are matches of cfn-lint")
        }, read: CfnLintReader.read),
      .one(
        .hadolint, mayBeList: true, mayBeEmpty: true,
        recognise: {
          Look($0).firstHas(
            "code", "column", "file", "level", "line", "message",
            reason: "its elements are those of hadolint")
        }, read: HadolintReader.read),
    ]
  }
}
