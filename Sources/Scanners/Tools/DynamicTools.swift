import Model

extension ScannerTool {
  /// Proxies that are not there, so that no tool reaches more than this machine.
  private static let offline = [
    "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9",
    "no_proxy": "127.0.0.1,localhost,::1",
  ]

  /// Wapiti: attacks a web application as a stranger would.
  public static let wapiti = ScannerTool(
    action: "wapiti/scan", name: "wapiti", programs: ["wapiti"],
    installation: "Install Debian's package: apt-get install wapiti.",
    parameters: [
      ToolParameter("target", .target, isRequired: true),
      ToolParameter("minutes", .integer(1...600)), ToolParameter("depth", .integer(1...40)),
      stopAt,
    ], subject: .service, format: "wapiti", gives: [Given(.staticAnalysis, scope: "web")],
    endings: [0: .ran]
  ) { request in
    ToolPlan(
      arguments: [
        "--url", try request.target("target"), "--format", "json", "--output",
        "\(request.folder)/wapiti.json", "--flush-session", "--store-session",
        "\(request.folder)/session", "--no-bugreport", "--verbose", "1", "--depth",
        "\(request.numbers["depth"] ?? 10)", "--max-scan-time",
        "\((request.numbers["minutes"] ?? 10) * 60)",
      ], report: .file("wapiti.json"), environment: offline,
      // It ends with 0 and an empty report when nothing answers.
      proof: .init(words: "Wapiti found ", things: "addresses"))
  }

  /// Schemathesis: asks an interface what its description promises.
  public static let schemathesis = ScannerTool(
    action: "schemathesis/test", name: "schemathesis", programs: ["schemathesis", "st"],
    installation: "Install it in an environment of its own: pipx install schemathesis.",
    parameters: [
      ToolParameter("description", .path, isRequired: true),
      ToolParameter("target", .target, isRequired: true),
      ToolParameter("examples", .integer(1...10_000)), ToolParameter("suite", .name),
    ], subject: .service, format: "junit", gives: [Given(.testResult)],
    rules: .parameter("description"), endings: [0: .clean, 1: .findings]
  ) { request in
    ToolPlan(
      arguments: [
        "run", try request.requiredPath("description"), "--url", try request.target("target"),
        "--report", "junit", "--report-junit-path", "\(request.folder)/schemathesis.xml",
        "--no-color", "--generation-deterministic", "--phases", "examples,coverage,fuzzing",
        "--max-examples", "\(request.numbers["examples"] ?? 50)",
      ], report: .file("schemathesis.xml"), environment: offline)
  }

  /// ZAP's quick scan, without unsolicited requests.
  public static let zap = ScannerTool(
    action: "zap/scan", name: "zap", programs: ["zap.sh", "zaproxy"],
    versionArguments: ["-cmd", "-version"],
    installation: "Install ZAP as its maker says, at zaproxy.org.",
    parameters: [ToolParameter("target", .target, isRequired: true), stopAt], subject: .service,
    format: "zap", gives: [Given(.staticAnalysis, scope: "web")], endings: [0: .ran]
  ) { request in
    ToolPlan(
      arguments: [
        "-cmd", "-silent", "-dir", "\(request.folder)/zap", "-quickurl",
        try request.target("target"), "-quickout", "\(request.folder)/zap.json",
      ], report: .file("zap.json"), environment: offline)
  }
}
