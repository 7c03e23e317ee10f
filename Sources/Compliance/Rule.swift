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
  /// Every step on record passed at last, and at least one did. Steps that judge or deliver are left
  /// out: decisions and rollouts are evidence of their own. A step that its condition left out
  /// neither passed nor failed; the rule says what it does with one that never did either.
  case stepsPassed(skipped: Skipped)
  /// The trust root pins this very policy by its digest.
  case policyPinned
  /// The release serves in that environment.
  case rolledOut(environment: String)

  /// What becomes of a step that was always skipped.
  public enum Skipped: String, Sendable, Codable, CaseIterable {
    /// It stands in the way, as one that failed does.
    case block
    /// It is named in the answer, and stands in nobody's way.
    case show
  }

  /// The names under which catalogs ask for rules.
  static let names = [
    "present", "commit-signed", "built-from-commit", "tests-passed", "findings-at-most",
    "inventory-complete", "role-held", "steps-passed", "policy-pinned",
    "rolled-out",
  ]

  private static let counts = 1...1_000_000
  private static let maxima = 0...1_000_000
  private static let feedAges = 1...3650
  private static let holders = 1...1000

  /// Whether its numbers are such as a catalog may ask.
  var isWithinBounds: Bool {
    switch self {
    case .testsPassed(_, let minimum, _), .inventoryComplete(let minimum):
      Self.counts.contains(minimum)
    case .findingsAtMost(_, let severity, let maximum, let feedAge):
      severity > .none && Self.maxima.contains(maximum)
        && feedAge.map(Self.feedAges.contains) ?? true
    case .roleHeld(_, let count): Self.holders.contains(count)
    case .present, .commitSigned, .builtFromCommit, .stepsPassed, .policyPinned, .rolledOut: true
    }
  }

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
      let words = Skipped.allCases.map(\.rawValue)
      self = .stepsPassed(
        skipped: try fields(["skipped"]).choice("skipped", of: words).flatMap(Skipped.init)
          ?? .block)
    case "policy-pinned":
      _ = try fields([])
      self = .policyPinned
    case "tests-passed":
      let fields = try fields(["suite", "minimum", "named"])
      self = .testsPassed(
        suite: try fields.requiredString("suite"),
        minimum: try fields.integer("minimum", in: Self.counts) ?? 1,
        named: try fields.list("named").map(Self.testName))
    case "findings-at-most":
      let fields = try fields(["scope", "severity", "maximum", "feed-maximum-age-days"])
      let severity = try fields.choice("severity", of: Severity.allCases.map(\.rawValue))
        .flatMap(Severity.init)
      guard let severity, severity > .none else {
        throw ReadingError("\"severity\" must be low, medium, high or critical", at: node.position)
      }
      self = .findingsAtMost(
        scope: try fields.requiredString("scope"), severity: severity,
        maximum: try fields.integer("maximum", in: Self.maxima) ?? 0,
        feedMaximumAgeDays: try fields.integer("feed-maximum-age-days", in: Self.feedAges))
    case "inventory-complete":
      self = .inventoryComplete(
        minimum: try fields(["minimum"]).integer("minimum", in: Self.counts) ?? 1)
    case "role-held":
      let fields = try fields(["role", "count"])
      self = .roleHeld(
        role: Role(rawValue: try fields.requiredString("role")),
        count: try fields.integer("count", in: Self.holders) ?? 1)
    case "rolled-out":
      self = .rolledOut(
        environment: try fields(["environment"]).requiredString("environment"))
    default:
      throw ReadingError("\"\(name)\" is not a rule", at: node.position)
    }
  }

  private static func testName(_ node: YAMLNode) throws -> String {
    let name = try FieldReader.string(node)
    guard !name.isEmpty else { throw ReadingError("a test needs a name", at: node.position) }
    return name
  }

  /// What the rule asks of evidence beside its kind, in words.
  var object: String? {
    switch self {
    case .testsPassed(let suite, _, _): "suite \"\(suite)\""
    case .findingsAtMost(let scope, _, _, _): "scope \"\(scope)\""
    case .rolledOut(let environment): "environment \"\(environment)\""
    default: nil
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
    case .roleHeld, .policyPinned: [.trustRoot]
    case .stepsPassed: [.step]
    case .rolledOut: [.rollout]
    }
  }
}
