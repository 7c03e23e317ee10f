extension ScannerTool {
  /// From which severity on a finding, or one of unknown severity, fails the step itself; the
  /// evidence is recorded all the same, and the gate judges it either way.
  static let stopAt = ToolParameter("stop-at", .choice(["low", "medium", "high", "critical"]))

  /// Every tool, one a step that comes with the program.
  public static let all: [ScannerTool] = [
    .trivyImage, .trivySBOM, .trivyLicenses, .trivySecrets, .trivyConfig, .semgrep, .hadolint,
    .checkov, .cfnLint, .wapiti, .schemathesis, .openSCAP, .zap, .sonar, .snyk,
  ]
}
