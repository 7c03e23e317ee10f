public import Model
import Reading

/// What a check asks of a piece of evidence: a closed set.
public enum Rule: Hashable, Sendable, Codable {
  /// It is there and current. Whether it is adequate, a person judges.
  case present
  /// The commit is signed by a named person with a trusted key.
  case commitSigned
  /// The image was built from the release's commit.
  case builtFromCommit
  /// Tests of that suite ran and passed: at least so many, and these by name.
  case testsPassed(suite: String, minimum: Int, named: [String])
  /// A scan of that scope found at most so many findings of that severity or worse. Findings of
  /// unknown severity count as such findings.
  case findingsAtMost(scope: String, severity: Severity, maximum: Int, feedMaximumAgeDays: Int?)
  /// The bill of materials names at least so many components, each with a version.
  case inventoryComplete(minimum: Int)
  /// Exactly so many people hold that role.
  case roleHeld(role: Role, count: Int)
  /// Every step of the pipeline that ran left evidence, and none of them failed at last.
  case stepsPassed
  /// The release serves in that environment.
  case rolledOut(environment: String)

  /// The names under which catalogs ask for rules.
  static let names = [
    "present", "commit-signed", "built-from-commit", "tests-passed", "findings-at-most",
    "inventory-complete", "role-held", "steps-passed", "rolled-out",
  ]

  /// Reads a rule with its parameters.
  init(name: String, parameters: YAMLNode?, at node: YAMLNode) throws {
    func fields(_ known: [String]) throws -> FieldReader {
      let empty = YAMLNode(content: .mapping([]), position: node.position)
      return try FieldReader(parameters ?? empty, "the rule \"\(name)\"", known: known)
    }
    switch name {
    case "present":
      _ = try fields([])
      self = .present
    case "commit-signed":
      _ = try fields([])
      self = .commitSigned
    case "built-from-commit":
      _ = try fields([])
      self = .builtFromCommit
    case "steps-passed":
      _ = try fields([])
      self = .stepsPassed
    case "tests-passed":
      let fields = try fields(["suite", "minimum", "named"])
      self = .testsPassed(
        suite: try fields.requiredString("suite"),
        minimum: try fields.integer("minimum", in: 1...1_000_000) ?? 1,
        named: try fields.strings("named"))
    case "findings-at-most":
      let fields = try fields(["scope", "severity", "maximum", "feed-maximum-age-days"])
      let severity = try fields.choice("severity", of: Severity.allCases.map(\.rawValue))
        .flatMap(Severity.init)
      guard let severity, severity > .none else {
        throw ReadingError("\"severity\" must be low, medium, high or critical", at: node.position)
      }
      self = .findingsAtMost(
        scope: try fields.requiredString("scope"), severity: severity,
        maximum: try fields.integer("maximum", in: 0...1_000_000) ?? 0,
        feedMaximumAgeDays: try fields.integer("feed-maximum-age-days", in: 1...3650))
    case "inventory-complete":
      self = .inventoryComplete(
        minimum: try fields(["minimum"]).integer("minimum", in: 1...1_000_000) ?? 1)
    case "role-held":
      let fields = try fields(["role", "count"])
      self = .roleHeld(
        role: Role(rawValue: try fields.requiredString("role")),
        count: try fields.integer("count", in: 1...1000) ?? 1)
    case "rolled-out":
      self = .rolledOut(
        environment: try fields(["environment"]).requiredString("environment"))
    default:
      throw ReadingError("\"\(name)\" is not a rule", at: node.position)
    }
  }

  /// The kinds of evidence that the rule can judge.
  var kinds: [EvidenceKind] {
    switch self {
    case .present:
      [
        .trustRoot, .sourceCheck, .testResult, .vulnerabilityScan, .staticAnalysis, .inventory,
        .provenance, .step,
      ]
    case .commitSigned: [.sourceCheck]
    case .builtFromCommit: [.provenance]
    case .testsPassed: [.testResult]
    case .findingsAtMost: [.vulnerabilityScan, .staticAnalysis]
    case .inventoryComplete: [.inventory]
    case .roleHeld: [.trustRoot]
    case .stepsPassed: [.step]
    case .rolledOut: [.rollout]
    }
  }
}
