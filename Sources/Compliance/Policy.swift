public import Model
import Reading

/// What an organisation asks before a release may enter an environment.
public struct Policy: Hashable, Sendable, Codable {
  /// What one environment asks.
  public struct Environment: Hashable, Sendable, Codable {
    /// The environment's name.
    public let name: String
    /// Ids of controls that must be met.
    public let required: [String]
    /// Ids of controls that are shown, whatever they say.
    public let shown: [String]
    /// How many people of which roles must approve.
    public let approvals: [TrustRoot.Requirement]
  }

  /// The policy's name.
  public let policy: String
  /// The policy's version.
  public let version: String
  /// Whether scans that rest on an example feed count: only a demonstration may say so.
  public let acceptsExampleFeeds: Bool
  /// What each environment asks.
  public let environments: [Environment]

  /// Reads a policy file, without its catalogs.
  ///
  /// - Returns: the policy and the paths of its catalogs, relative to its own folder.
  /// - Throws: `Problem` with `badInput`, file, line and column.
  public static func read(_ bytes: [UInt8], file: String) throws -> (Policy, catalogs: [String]) {
    try Problem.locating(file) {
      let fields = try FieldReader(
        YAMLReader.read(bytes), "a policy",
        known: ["policy", "version", "catalogs", "accept-example-feeds", "environments"])
      let environments = try fields.mapping("environments").map(environment)
      guard !environments.isEmpty else {
        throw ReadingError("a policy needs at least one environment", at: fields.node.position)
      }
      let policy = Policy(
        policy: try fields.requiredString("policy"),
        version: try fields.requiredString("version"),
        acceptsExampleFeeds: try fields.bool("accept-example-feeds") ?? false,
        environments: environments)
      return (policy, try fields.strings("catalogs"))
    }
  }

  private static func environment(_ entry: YAMLNode.Entry) throws -> Environment {
    let fields = try FieldReader(
      entry.value, "the environment \"\(entry.key)\"", known: ["required", "shown", "approvals"])
    let approvals = try fields.list("approvals").map { node in
      let approval = try FieldReader(node, "an approval", known: ["role", "count"])
      return TrustRoot.Requirement(
        role: Role(rawValue: try approval.requiredString("role")),
        count: try approval.integer("count", in: 1...100) ?? 1)
    }
    let required = try fields.strings("required")
    guard !required.isEmpty || !approvals.isEmpty else {
      throw ReadingError(
        "the environment \"\(entry.key)\" asks nothing, so its gate would always be open",
        at: entry.position)
    }
    return Environment(
      name: entry.key, required: required, shown: try fields.strings("shown"),
      approvals: approvals)
  }
}

/// A policy with the catalogs that it draws on: what the trust root pins by digest.
public struct PolicyBundle: Hashable, Sendable, Codable {
  /// The policy.
  public let policy: Policy
  /// Its catalogs.
  public let catalogs: [Catalog]

  /// Binds a policy to its catalogs.
  ///
  /// - Throws: `Problem` with `badInput` when the policy names a control that no catalog has, or
  ///   two catalogs have one control.
  public init(policy: Policy, catalogs: [Catalog]) throws {
    self.policy = policy
    self.catalogs = catalogs
    let ids = catalogs.flatMap(\.controls).map(\.id)
    guard Set(ids).count == ids.count else {
      throw Problem(.badInput, "two catalogs of policy \"\(policy.policy)\" have one control")
    }
    for environment in policy.environments {
      let named = environment.required + environment.shown
      for id in named where !ids.contains(id) {
        let nearest = NearestWord.to(id, in: ids)
        throw Problem(
          .badInput,
          "the environment \"\(environment.name)\" names the control \"\(id)\", which no catalog"
            + " has", advice: nearest.map { "Did you mean \"\($0)\"?" })
      }
      guard Set(named).count == named.count else {
        throw Problem(
          .badInput, "the environment \"\(environment.name)\" names a control twice")
      }
    }
  }

  /// The canonical bytes, by whose digest the trust root pins the policy.
  public func bytes() throws -> [UInt8] { try CanonicalJSON.write(self) }

  /// Reads a pinned bundle.
  ///
  /// - Throws: `Problem` with `judgingFailed` when the bytes are not the pinned ones or not a bundle.
  public init(pinned bytes: [UInt8], as reference: PolicyReference) throws {
    guard Digest.sha256(bytes) == reference.digest else {
      throw Problem(.judgingFailed, "the policy's bytes are not those that the trust root pins")
    }
    do {
      self = try JSONReader.read(bytes).decode()
    } catch {
      throw Problem(
        .judgingFailed, "the pinned policy cannot be read by this version of the program: \(error)")
    }
  }

  /// Name, version and digest.
  public func reference() throws -> PolicyReference {
    PolicyReference(
      name: policy.policy, version: policy.version, digest: .sha256(try bytes()))
  }
}
