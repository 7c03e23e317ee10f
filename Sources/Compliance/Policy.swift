public import Model
import Reading

/// What an organisation asks before a release may enter an environment.
public struct Policy: Hashable, Sendable, Codable {
  /// What one environment asks.
  public struct Environment: Hashable, Sendable, Codable {
    /// The environment's name.
    public let name: String
    /// Controls that must be met: ids, patterns such as `hipaa.*`, or `all`.
    public let required: [String]
    /// Controls that are shown, whatever they say: ids, patterns or `all`.
    public let shown: [String]
    /// How many people of which roles must approve.
    public let approvals: [ApprovalRule]
    /// Waivers, break-glass, freezes and what else people may do beside the way through the gate;
    /// `nil` where the policy says nothing of them.
    public let exceptions: ExceptionRules?
  }

  /// The policy's name.
  public let policy: String
  /// The policy's version.
  public let version: String
  /// Whether scans that rest on an example feed count: only a demonstration may say so.
  public let acceptsExampleFeeds: Bool
  /// Values for what the catalogs let organisations tune.
  public let parameters: [Catalog.Parameter]
  /// What each environment asks.
  public let environments: [Environment]
  /// How long payloads are kept; `nil` where the policy says nothing of it.
  public let retention: RetentionPolicy?

  /// How many approvals of a role may be asked.
  static let counts = 1...100

  /// Reads a policy file, without its catalogs.
  ///
  /// - Returns: the policy and the paths of its catalogs, relative to its own folder.
  /// - Throws: `Problem` with `badInput`, file, line and column.
  public static func read(_ bytes: [UInt8], file: String) throws -> (Policy, catalogs: [String]) {
    try Problem.locating(file) {
      let fields = try FieldReader(
        YAMLReader.read(bytes), "a policy",
        known: [
          "policy", "version", "catalogs", "accept-example-feeds", "parameters", "environments",
          "retention", "least",
        ])
      let environments = try fields.mapping("environments").map(environment)
      guard !environments.isEmpty else {
        throw ReadingError("a policy needs at least one environment", at: fields.node.position)
      }
      let policy = Policy(
        policy: try fields.requiredString("policy"),
        version: try fields.requiredString("version"),
        acceptsExampleFeeds: try fields.bool("accept-example-feeds") ?? false,
        parameters: try Catalog.Parameter.read(fields.mapping("parameters")),
        environments: environments, retention: try fields.node("retention").map(retention))
      return (policy, try fields.strings("catalogs"))
    }
  }

  private static func retention(_ node: YAMLNode) throws -> RetentionPolicy {
    let fields = try FieldReader(node, "a retention", known: ["years", "days", "kinds"])
    var kinds: [RetentionPolicy.Kind] = []
    for entry in try fields.mapping("kinds") {
      let kind = EvidenceKind(rawValue: entry.key)
      guard !EvidenceKind.permanent.contains(kind) else {
        throw ReadingError(
          "evidence of kind \"\(entry.key)\" is kept for ever: without it the rest could not be"
            + " verified", at: entry.position)
      }
      guard EvidenceKind.all.contains(kind) else {
        let nearest = NearestWord.to(entry.key, in: EvidenceKind.all.map(\.rawValue).sorted())
        throw ReadingError(
          "\"\(entry.key)\" is no kind of evidence"
            + (nearest.map { "; did you mean \"\($0)\"?" } ?? ""), at: entry.position)
      }
      let time = try FieldReader(
        entry.value, "the time of \"\(entry.key)\"", known: ["years", "days"])
      guard let days = try days(time) else {
        throw ReadingError("a time needs \"years\" or \"days\"", at: entry.position)
      }
      kinds.append(.init(kind: kind, days: days))
    }
    return RetentionPolicy(days: try days(fields) ?? RetentionPolicy.standard.days, kinds: kinds)
  }

  private static func days(_ fields: FieldReader) throws -> Int? {
    let years = try fields.integer("years", in: 1...100)
    let days = try fields.integer("days", in: RetentionPolicy.bounds)
    guard years == nil || days == nil else {
      throw ReadingError(
        "a time is said in \"years\" or in \"days\", not in both", at: fields.node.position)
    }
    return years.map(RetentionPolicy.days) ?? days
  }

  private static func environment(_ entry: YAMLNode.Entry) throws -> Environment {
    let fields = try FieldReader(
      entry.value, "the environment \"\(entry.key)\"",
      known: ["required", "shown", "approvals"] + ExceptionRulesReader.keys)
    let approvals = try fields.list("approvals").map(ApprovalRule.init)
    for (place, approval) in approvals.enumerated()
    where approvals[..<place].contains(where: { $0.role == approval.role }) {
      throw ReadingError(
        "the role \"\(approval.role.rawValue)\" stands twice, and one approval would count for both;"
          + " say it once, with \"count\"", at: try fields.list("approvals")[place].position)
    }
    let required = try selection("required", fields)
    guard !required.isEmpty || !approvals.isEmpty else {
      throw ReadingError(
        "the environment \"\(entry.key)\" asks nothing, so its gate would always be open",
        at: entry.position)
    }
    return Environment(
      name: entry.key, required: required, shown: try selection("shown", fields),
      approvals: approvals, exceptions: try ExceptionRulesReader(fields: fields).rules())
  }

  /// Controls by id or pattern; the word `all` may stand alone, without a list.
  private static func selection(_ key: String, _ fields: FieldReader) throws -> [String] {
    if let node = fields.node(key), node.json.string == ControlSelection.all {
      return [ControlSelection.all]
    }
    return try fields.strings(key)
  }
}
