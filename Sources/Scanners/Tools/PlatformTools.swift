import Model

extension ScannerTool {
  /// OpenSCAP: judges this machine, or a folder that holds a machine's files, by a profile.
  public static let openSCAP = ScannerTool(
    action: "openscap/evaluate", name: "openscap", programs: ["oscap"],
    installation: "Install Debian's package: apt-get install openscap-scanner.",
    parameters: [
      ToolParameter("content", .path, isRequired: true), ToolParameter("profile", .name),
      ToolParameter("root", .path), stopAt,
    ], subject: .machine, format: "xccdf",
    gives: [Given(.staticAnalysis, scope: "misconfiguration")], rules: .parameter("content"),
    endings: [0: .clean, 2: .findings]
  ) { request in
    let content = try request.requiredPath("content")
    let profile = request.texts["profile"].map { ["--profile", $0] } ?? []
    let root = request.path("root").map { ["OSCAP_PROBE_ROOT": $0] } ?? [:]
    return ToolPlan(
      arguments: ["xccdf", "eval"] + profile
        + ["--results", "\(request.folder)/openscap.xml", content], report: .file("openscap.xml"),
      environment: root)
  }

  /// Snyk's test of dependencies. It asks its maker's service.
  public static let snyk = ScannerTool(
    action: "snyk/test", name: "snyk", programs: ["snyk"],
    installation: "Install Snyk's program as its maker says, and give the step SNYK_TOKEN.",
    parameters: [stopAt], subject: .source, format: "snyk",
    gives: [Given(.vulnerabilityScan, scope: "vulnerability")],
    preparations: [.remove([".snyk"])], endings: [0: .clean, 1: .findings]
  ) { request in
    ToolPlan(
      arguments: ["test", "--all-projects", "--json-file-output=\(request.folder)/snyk.json"],
      report: .file("snyk.json"), environment: ["SNYK_DISABLE_ANALYTICS": "1"])
  }

  /// SonarQube's scanner, and what its server's quality gate then says.
  public static let sonar = ScannerTool(
    action: "sonar/scan", name: "sonar", programs: ["sonar-scanner"],
    installation: "Install SonarScanner as its maker says, and give the step SONAR_TOKEN.",
    parameters: [
      ToolParameter("server", .server, isRequired: true),
      ToolParameter("project", .name, isRequired: true), ToolParameter("suite", .name),
    ], subject: .source, format: "sonar-quality-gate", gives: [Given(.testResult)],
    preparations: [.remove(["sonar-project.properties"])], endings: [0: .clean]
  ) { request in
    let server = request.texts["server"] ?? "", project = request.texts["project"] ?? ""
    return ToolPlan(
      arguments: [
        "-Dsonar.host.url=\(server)", "-Dsonar.projectKey=\(project)", "-Dsonar.sources=.",
        "-Dsonar.working.directory=\(request.folder)/sonar", "-Dsonar.qualitygate.wait=true",
      ], report: .standardOutput,
      // The token is read by the shell, and stands on no command line.
      fetch: [
        """
        printf 'header = "Authorization: Bearer %s"\\n' "$SONAR_TOKEN" |
          curl --fail --silent --show-error --config - "$1/api/qualitygates/project_status?projectKey=$2"
        """, "sh", server, project,
      ])
  }
}
