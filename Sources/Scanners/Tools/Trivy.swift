import Model

extension ScannerTool {
  private static let trivyInstallation =
    "Install Trivy as its maker says, at aquasecurity/trivy on GitHub, and check its signature."
  private static let trivyProgram = ["trivy"]
  /// No question to the network, no notice; nothing that lies where it is started is read.
  private static let offline = [
    "--quiet", "--skip-version-check", "--offline-scan", "--config", "", "--ignorefile", "",
  ]

  /// Vulnerabilities and secrets of the image, in one reading.
  public static let trivyImage = ScannerTool(
    action: "trivy/image", name: "trivy", programs: trivyProgram, installation: trivyInstallation,
    subject: .image, format: "trivy",
    gives: [
      Given(.vulnerabilityScan, scope: "vulnerability"), Given(.staticAnalysis, scope: "secret"),
    ], needsFeed: true, endings: [0: .ran]
  ) { request in
    try imagePlan(
      request,
      [
        "--scanners", "vuln,secret", "--list-all-pkgs", "--skip-db-update",
        "--skip-java-db-update", "--secret-config", "",
      ], "json")
  }

  /// The image's bill of materials.
  public static let trivySBOM = ScannerTool(
    action: "trivy/sbom", name: "trivy", programs: trivyProgram, installation: trivyInstallation,
    subject: .image, format: "cyclonedx", gives: [Given(.inventory)], endings: [0: .ran]
  ) { try imagePlan($0, ["--skip-db-update"], "cyclonedx") }

  /// Licences of what is in the image.
  public static let trivyLicenses = ScannerTool(
    action: "trivy/licenses", name: "trivy", programs: trivyProgram,
    installation: trivyInstallation, parameters: [stopAt], subject: .image, format: "trivy",
    gives: [Given(.staticAnalysis, scope: "license")], rules: .program, endings: [0: .ran]
  ) { try imagePlan($0, ["--scanners", "license"], "json") }

  /// Secrets in the commit's files, in its tests and documents too, where Trivy does not look by
  /// itself.
  public static let trivySecrets = ScannerTool(
    action: "trivy/secrets", name: "trivy", programs: trivyProgram,
    installation: trivyInstallation, parameters: [ToolParameter("path", .path), stopAt],
    subject: .source, format: "trivy", gives: [Given(.staticAnalysis, scope: "secret")],
    rules: .program, preparations: [.plantSecret], endings: [0: .ran]
  ) { request in
    let settings = "\(request.folder)/secrets.yaml"
    return ToolPlan(
      arguments: ["fs", "--scanners", "secret", "--secret-config", settings]
        + cache(request) + ["--format", "json", "--output", output(request)]
        + [request.texts["path"] ?? "."],
      report: .file(reportName),
      files: [
        "secrets.yaml": """
        disable-allow-rules: [tests, examples, vendor, usr-dirs, locale-dir, markdown, node.js, \
        golang, python, rubygems, wordpress, anaconda-log]

        """
      ])
  }

  /// Dockerfiles, Kubernetes, Terraform and CloudFormation, by the checks that come with Trivy.
  public static let trivyConfig = ScannerTool(
    action: "trivy/config", name: "trivy", programs: trivyProgram,
    installation: trivyInstallation,
    parameters: [ToolParameter("path", .path, isRequired: true), stopAt], subject: .source,
    format: "trivy", gives: [Given(.staticAnalysis, scope: "misconfiguration")], rules: .program,
    preparations: [.disarm(["trivy:ignore", "tfsec:ignore"])], endings: [0: .ran]
  ) { request in
    ToolPlan(
      arguments: ["fs", "--scanners", "misconfig", "--skip-check-update"]
        + cache(request) + ["--format", "json", "--output", output(request)]
        + [request.texts["path"] ?? "."], report: .file(reportName))
  }

  private static let reportName = "trivy.json"

  private static func output(_ request: ToolRequest) -> String {
    "\(request.folder)/\(reportName)"
  }

  /// A cache of the run's own: one that was left by others could bring other checks.
  private static func cache(_ request: ToolRequest) -> [String] {
    offline + ["--cache-dir", request.feed ?? "\(request.folder)/cache"]
  }

  private static func imagePlan(
    _ request: ToolRequest, _ arguments: [String], _ format: String
  ) throws -> ToolPlan {
    ToolPlan(
      arguments: ["image", "--input", request.image ?? ""] + arguments + cache(request)
        + ["--format", format, "--output", output(request)], report: .file(reportName))
  }
}
