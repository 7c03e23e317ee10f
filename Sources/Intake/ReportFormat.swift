/// The formats of reports that this room reads. Raw values stand in pipelines and in evidence.
public enum ReportFormat: String, Sendable, Codable, CaseIterable {
  /// JUnit XML, in the dialects of the common test runners.
  case junit
  /// NUnit 3 XML.
  case nunit
  /// Visual Studio's test results, XML.
  case trx
  /// Cobertura XML.
  case cobertura
  /// JaCoCo XML.
  case jacoco
  /// LCOV's tracefile.
  case lcov
  /// SARIF 2.1.0.
  case sarif
  /// CycloneDX JSON, 1.4 to 1.7, with components.
  case cyclonedx
  /// CycloneDX JSON that holds vulnerabilities and no components.
  case cyclonedxVEX = "cyclonedx-vex"
  /// SPDX 2.2 and 2.3 as JSON.
  case spdx
  /// SPDX 2.2 and 2.3 as tag and value.
  case spdxTagValue = "spdx-tag-value"
  /// SPDX 3.0 as JSON-LD.
  case spdx3
  /// OpenVEX 0.2.0.
  case openVEX = "openvex"
  /// CSAF 2.0 and 2.1, the profiles VEX and security advisory.
  case csaf
  /// Trivy's own JSON, schema version 2.
  case trivy
  /// Grype's own JSON.
  case grype
  /// Snyk's JSON of open source and containers.
  case snyk
  /// Semgrep's own JSON.
  case semgrep
  /// Issues as SonarQube's web API gives them.
  case sonarIssues = "sonar-issues"
  /// A quality gate's status as SonarQube's web API gives it.
  case sonarQualityGate = "sonar-quality-gate"
  /// OWASP ZAP's traditional report, JSON.
  case zap
  /// Wapiti's JSON.
  case wapiti
  /// Gitleaks' JSON.
  case gitleaks
  /// Checkov's JSON, one framework or several.
  case checkov
  /// cfn-lint's JSON.
  case cfnLint = "cfn-lint"
  /// hadolint's JSON.
  case hadolint
  /// Prowler's JSON: OCSF, or its own of version 3.
  case prowler
  /// AWS Security Finding Format, JSON.
  case asff
  /// Nessus, version 2, XML.
  case nessus
  /// XCCDF results, 1.1 and 1.2, alone or in an ARF collection.
  case xccdf
  /// Heimdall Data Format, JSON.
  case hdf
  /// A Terraform plan as `terraform show -json` writes it.
  case terraformPlan = "terraform-plan"
  /// k6's end-of-test summary, JSON.
  case k6
  /// in-toto links, alone or signed.
  case inTotoLink = "in-toto-link"
  /// in-toto statements: alone, in DSSE envelopes, in Sigstore bundles, one or one a line.
  case inTotoAttestation = "in-toto-attestation"
  /// OSCAL assessment results, JSON.
  case oscalAssessmentResults = "oscal-assessment-results"
  /// OSCAL plan of action and milestones, JSON.
  case oscalPOAM = "oscal-poam"
  /// OSCAL assessment plan, JSON.
  case oscalAssessmentPlan = "oscal-assessment-plan"
  /// OSCAL component definition, JSON.
  case oscalComponentDefinition = "oscal-component-definition"
  /// OSV-Scanner's JSON.
  case osvScanner = "osv-scanner"
  /// Bandit's JSON.
  case bandit
  /// npm's audit report, version 2.
  case npmAudit = "npm-audit"
  /// pip-audit's JSON.
  case pipAudit = "pip-audit"
  /// Any JSON by a mapping that the project declares.
  case custom
}
