import Model

extension ScannerTool {
  /// Semgrep with rules of the commit: nothing is fetched, nothing is told to its maker.
  public static let semgrep = ScannerTool(
    action: "semgrep/scan", name: "semgrep", programs: ["semgrep"],
    // Without these even the question for its version asks the network.
    environment: ["SEMGREP_ENABLE_VERSION_CHECK": "0", "SEMGREP_SEND_METRICS": "off"],
    installation: "Install it in an environment of its own: pipx install semgrep.",
    parameters: [
      ToolParameter("rules", .path, isRequired: true), ToolParameter("path", .path), stopAt,
    ], subject: .source, format: "semgrep", gives: [Given(.staticAnalysis, scope: "code")],
    rules: .parameter("rules"),
    // Without a list of its own Semgrep leaves out tests and whatever else its makers thought of.
    preparations: [.remove([".semgrepignore"]), .empty(".semgrepignore")], endings: [0: .ran]
  ) { request in
    ToolPlan(
      arguments: [
        "scan", "--config", try request.requiredPath("rules"), "--metrics=off",
        "--disable-version-check", "--json", "--output", "\(request.folder)/semgrep.json",
        "--no-git-ignore", "--disable-nosem", "--max-target-bytes=0", "--quiet", "--",
        request.texts["path"] ?? ".",
      ], report: .file("semgrep.json"))
  }

  /// hadolint on one Containerfile.
  public static let hadolint = ScannerTool(
    action: "hadolint/check", name: "hadolint", programs: ["hadolint"],
    installation: "Install it as its maker says, at hadolint/hadolint on GitHub.",
    parameters: [ToolParameter("file", .path, isRequired: true), stopAt], subject: .source,
    format: "hadolint", gives: [Given(.staticAnalysis, scope: "misconfiguration")],
    rules: .program,
    preparations: [.remove([".hadolint.yaml", ".hadolint.yml"])],
    endings: [0: .clean, 1: .findings]
  ) { request in
    ToolPlan(
      arguments: [
        "--no-color", "--format", "json", "--failure-threshold", "style",
        "--disable-ignore-pragma", "--config", "\(request.folder)/none.yaml", "--",
        request.texts["file"] ?? "",
      ], report: .standardOutput, files: ["none.yaml": "ignored: []\n"])
  }

  /// Checkov with one framework, of which it writes one document.
  public static let checkov = ScannerTool(
    action: "checkov/check", name: "checkov", programs: ["checkov"],
    installation: "Install it in an environment of its own: pipx install checkov.",
    parameters: [
      ToolParameter(
        "framework",
        .choice([
          "ansible", "arm", "bicep", "cloudformation", "dockerfile", "github_actions",
          "gitlab_ci", "kubernetes", "openapi", "serverless", "terraform", "terraform_plan",
        ]), isRequired: true),
      ToolParameter("path", .path), stopAt,
    ], subject: .source, format: "checkov",
    gives: [Given(.staticAnalysis, scope: "misconfiguration")], rules: .package("checkov"),
    preparations: [.remove([".checkov.yaml", ".checkov.yml", ".checkov.baseline"])],
    endings: [0: .clean, 1: .findings]
  ) { request in
    ToolPlan(
      arguments: [
        "--directory", request.texts["path"] ?? ".", "--framework",
        request.texts["framework"] ?? "", "--output", "json", "--skip-download",
        "--download-external-modules", "false",
      ], report: .standardOutput,
      environment: ["CKV_IGNORE_HIDDEN_DIRECTORIES": "false", "LOG_LEVEL": "WARNING"])
  }

  /// cfn-lint on one template. What its metadata asks to leave out is told all the same.
  public static let cfnLint = ScannerTool(
    action: "cfn-lint/check", name: "cfn-lint", programs: ["cfn-lint"],
    installation: "Install it in an environment of its own: pipx install cfn-lint.",
    parameters: [ToolParameter("template", .path, isRequired: true), stopAt], subject: .source,
    format: "cfn-lint", gives: [Given(.staticAnalysis, scope: "misconfiguration")],
    rules: .package("cfn_lint"),
    preparations: [.remove([".cfnlintrc", ".cfnlintrc.yaml", ".cfnlintrc.yml"])],
    // One bit each for errors, warnings and remarks; 0 may be a template without resources.
    endings: [
      0: .clean, 2: .findings, 4: .findings, 6: .findings, 8: .findings, 10: .findings,
      12: .findings, 14: .findings,
    ]
  ) { request in
    ToolPlan(
      arguments: [
        "--format", "json", "--non-zero-exit-code", "informational", "--include-checks", "I",
        "--mandatory-checks", "E", "W", "I", "--", request.texts["template"] ?? "",
      ], report: .standardOutput)
  }
}
