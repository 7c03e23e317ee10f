import Reading

extension JSONKind {
  /// Scanners of dependencies, images and running applications.
  static var scanners: [JSONKind] {
    [
      JSONKind(
        format: .trivy,
        recognise: {
          guard $0.has("ArtifactType") || $0.has("Results") else { return nil }
          return Look($0).has(
            "SchemaVersion", reason: "it has \"SchemaVersion\" and results, as Trivy writes them")
        }, read: { try TrivyReader.read($0[0], $1) }),
      .one(
        .grype,
        recognise: {
          Look($0).has(
            "matches", "descriptor", reason: "it has \"matches\" and a \"descriptor\", as Grype's")
        }, read: { try GrypeReader.read($0) }),
      .one(
        .snyk, mayBeList: true,
        recognise: { root in
          let reason = "it has \"ok\" and \"vulnerabilities\", as Snyk's"
          return Look(root).has("ok", "vulnerabilities", reason: reason)
            ?? Look(root).firstHas("ok", "vulnerabilities", reason: reason)
            ?? Look(root).has("ok", "error", reason: "it has \"ok\" and \"error\", as Snyk's")
        }, read: SnykReader.read),
      .one(
        .osvScanner,
        recognise: { root in
          guard !root.has("errors"), let results = root.json.member("results"), results.isArray,
            root.has("experimental_config")
              || results.elements.contains(where: { $0.member("packages") != nil })
          else { return nil }
          return "its results hold \"packages\", as OSV-Scanner's"
        }, read: { try OSVScannerReader.read($0) }),
      .one(
        .npmAudit,
        recognise: {
          Look($0).has(
            "auditReportVersion", "vulnerabilities", reason: "it has \"auditReportVersion\"")
        }, read: NPMAuditReader.read),
      .one(
        .pipAudit,
        recognise: {
          Look($0).has(
            "dependencies", "fixes", reason: "it has \"dependencies\" and \"fixes\", as pip-audit's"
          )
        },
        read: PipAuditReader.read),
      .one(
        .zap,
        recognise: {
          guard $0.json.member("site")?.isArray == true else { return nil }
          return Look($0).has("@version", reason: "it has \"site\" and \"@version\", as ZAP's")
        }, read: { try ZAPReader.read($0) }),
    ]
  }
}
