public import Model

/// A parameter that a built-in action takes under `with`.
public struct ActionParameter: Hashable, Sendable {
  /// What may be written.
  public enum Form: Hashable, Sendable {
    case text
    /// One of these words.
    case choice([String])
    case integer(ClosedRange<Int>)
    case flag
    /// A list of texts.
    case list
  }

  /// Its name.
  public let name: String
  /// What may be written.
  public let form: Form
  /// Whether it must be given.
  public let isRequired: Bool

  /// Declares a parameter.
  public init(_ name: String, _ form: Form = .text, isRequired: Bool = false) {
    self.name = name
    self.form = form
    self.isRequired = isRequired
  }
}

/// A built-in action as the pipeline file may use it.
public struct ActionSignature: Hashable, Sendable {
  /// Its name, such as `image/build`.
  public let name: String
  /// What it takes.
  public let parameters: [ActionParameter]
  /// Whether it judges: a gate is never skipped when a run goes on, and never retried.
  public let isGate: Bool
  /// Whether it runs another maker's tool on the project's files: then the step may say as which
  /// user, with which secrets, and is isolated only as far as its executor isolates it.
  public let runsTool: Bool

  /// Declares an action.
  public init(
    _ name: String, parameters: [ActionParameter] = [], isGate: Bool = false, runsTool: Bool = false
  ) {
    self.name = name
    self.parameters = parameters
    self.isGate = isGate
    self.runsTool = runsTool
  }
}

/// The words that a pipeline file may use beyond its own.
public struct PipelineVocabulary: Hashable, Sendable {
  /// The built-in actions.
  public var actions: [ActionSignature]
  /// Formats of reports that can be read.
  public var reportFormats: [String]
  /// Kinds of evidence that reports may become.
  public var reportKinds: [EvidenceKind]
  /// Top-level sections that other rooms read.
  public var sections: [String]

  /// The words as given.
  public init(
    actions: [ActionSignature],
    reportFormats: [String] = [
      "asff", "bandit", "cfn-lint", "checkov",
      "cobertura", "csaf", "cyclonedx", "cyclonedx-vex",
      "gitleaks", "grype", "hadolint", "hdf",
      "in-toto-attestation", "in-toto-link", "jacoco", "junit",
      "k6", "lcov", "nessus", "npm-audit",
      "nunit", "openvex", "oscal-assessment-plan", "oscal-assessment-results",
      "oscal-component-definition", "oscal-poam", "osv-scanner", "pip-audit",
      "prowler", "sarif", "semgrep", "snyk",
      "sonar-issues", "sonar-quality-gate", "spdx", "spdx-tag-value",
      "spdx3", "terraform-plan", "trivy", "trx",
      "wapiti", "xccdf", "zap",
    ],
    reportKinds: [EvidenceKind] = [
      .testResult, .vulnerabilityScan, .staticAnalysis, .inventory, .coverage, .exploitability,
      .infrastructurePlan,
    ],
    sections: [String] = []
  ) {
    self.actions = actions
    self.reportFormats = reportFormats
    self.reportKinds = reportKinds
    self.sections = sections
  }
}
