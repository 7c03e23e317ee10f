import Attestation
import Compliance
import Imports
import Model
import Reading

/// The file from which a ledger's trust root is made: people, machines, keys, policy.
public struct TrustFile: Sendable {
  /// A machine whose key is made with the ledger.
  struct Machine: Sendable {
    let id: String
    let onBehalfOf: String
    let roles: [Role]
  }

  /// The organisation's identifier.
  public let organisation: String
  /// The ledger's origin name.
  public let origin: String
  let people: [TrustFilePerson]
  let machine: Machine
  /// Machines with keys of their own, such as those of a CI system.
  let otherMachines: [TrustFileMachine]
  let changeApproval: [TrustRoot.Requirement]
  let recovery: TrustRoot.Recovery?
  /// Path of the file that says whose foreign attestations are taken.
  let foreignSignersPath: String?
  /// Path of the organisation's policy file.
  let policyPath: String
  /// Paths of the policy files of applications that ask more.
  let applicationPolicies: [(application: String, path: String)]
  /// Whose software may come in without its source.
  let vendors: [TrustFileVendor]

  /// Kinds of evidence that the pipeline's key may sign.
  static let machineKinds: [EvidenceKind] = [
    .trustRoot, .sourceCheck, .step, .run, .intent, .testResult, .vulnerabilityScan,
    .staticAnalysis, .phiScan, .inventory, .coverage, .exploitability, .infrastructurePlan,
    .provenance, .release, .decision, .rollout, .recheck, .publication, .artifact, .acquisition,
    .importedAttestation,
  ]

  /// Reads a trust file; paths in it are relative to its folder.
  ///
  /// - Throws: `Problem` with `badInput` or `notFound`, file, line and column.
  public static func read(path: String) throws -> TrustFile {
    let bytes = try InputFile.read(path)
    let folder = PathText.parent(of: path)
    func resolve(_ name: String) -> String { PathText.resolve(name, in: folder) }
    return try InputFile.locating(path) {
      try TrustFile(YAMLReader.read(bytes), resolve: resolve)
    }
  }

  private init(_ node: YAMLNode, resolve: (String) -> String) throws {
    let fields = try FieldReader(
      node, "a trust file",
      known: [
        "organisation", "origin", "people", "machine", "changes", "recovery", "policy", "policies",
        "vendors", "machines", "foreign-signers",
      ])
    organisation = try Self.identifier(fields.required("organisation"))
    origin = try fields.string("origin") ?? "\(organisation).ledger"
    people = try fields.list("people").map { try TrustFilePerson($0, resolve: resolve) }
    let machine = try FieldReader(
      fields.required("machine"), "a machine", known: ["id", "on-behalf-of", "roles"])
    self.machine = Machine(
      id: try Self.identifier(machine.required("id")),
      onBehalfOf: try machine.requiredString("on-behalf-of"),
      roles: try machine.list("roles").map { Role(rawValue: try Self.identifier($0)) })
    changeApproval = try fields.list("changes").map { node in
      let rule = try FieldReader(node, "a requirement", known: ["role", "count"])
      return TrustRoot.Requirement(
        role: Role(rawValue: try rule.requiredString("role")),
        count: try rule.integer("count", in: 1...100) ?? 1)
    }
    otherMachines = try fields.list("machines").map { try TrustFileMachine($0, resolve: resolve) }
    foreignSignersPath = try fields.string("foreign-signers").map(resolve)
    let personKeys = people.flatMap(\.keys).map(\.publicKey)
    recovery = try fields.node("recovery").map {
      try RecoveryReader.read($0, people: personKeys, resolve: resolve)
    }
    policyPath = resolve(try fields.requiredString("policy"))
    applicationPolicies = try fields.list("policies").map { node in
      let policy = try FieldReader(
        node, "an application's policy", known: ["application", "policy"])
      return (
        try Self.identifier(policy.required("application")),
        resolve(try policy.requiredString("policy"))
      )
    }
    vendors = try fields.list("vendors").map { try TrustFileVendor($0, resolve: resolve) }
    try check(fields.node)
  }

  private func check(_ node: YAMLNode) throws {
    let ids =
      people.map(\.id) + [machine.id] + otherMachines.map(\.id) + vendors.map(\.id)
    for (place, id) in ids.enumerated() where ids[..<place].contains(id) {
      throw ReadingError("\"\(id)\" stands twice", at: node["people"]?.position)
    }
    guard people.contains(where: { $0.id == machine.onBehalfOf }) else {
      throw ReadingError(
        "the machine acts for \"\(machine.onBehalfOf)\", who is not among the people",
        at: node["machine"]?.position)
    }
    for other in otherMachines where !people.contains(where: { $0.id == other.onBehalfOf }) {
      throw ReadingError(
        "the machine \"\(other.id)\" acts for \"\(other.onBehalfOf)\", who is not among the people",
        at: node["machines"]?.position)
    }
    guard !machine.roles.isEmpty else {
      throw ReadingError("the machine needs a role", at: node["machine"]?.position)
    }
    let held = Set(people.flatMap(\.roles))
    for rule in changeApproval {
      guard held.contains(rule.role) else {
        throw ReadingError(
          "a change needs the role \"\(rule.role.rawValue)\", which nobody holds",
          at: node["changes"]?.position)
      }
    }
    let applications = applicationPolicies.map(\.application)
    guard Set(applications).count == applications.count else {
      throw ReadingError("an application has two policies", at: node["policies"]?.position)
    }
    for person in people {
      guard let sponsor = person.sponsor else { continue }
      guard sponsor != person.id, people.contains(where: { $0.id == sponsor }) else {
        throw ReadingError(
          "the sponsor of \(person.id), \"\(sponsor)\", is nobody else of the people",
          at: node["people"]?.position)
      }
    }
    guard !changeApproval.isEmpty else {
      throw ReadingError("\"changes\" must say who approves a change of trust", at: node.position)
    }
  }

  static func identifier(_ node: YAMLNode) throws -> String {
    let text = try FieldReader.string(node)
    guard Actor.isIdentifier(text) else {
      throw ReadingError(
        "\"\(text)\" is no identifier: use a-z, 0-9, '.', '_' and '-'", at: node.position)
    }
    return text
  }

  /// The trust root that the file describes.
  ///
  /// - Parameters:
  ///   - policies: the organisation's, then those of the applications, in the file's order.
  ///   - current: the trust root in force, whose keys keep the time from which they count.
  func trustRoot(
    version: Int, machineKey: PublicKey, logKey: PublicKey, policies: [PolicyReference],
    from: Instant, current: TrustRoot? = nil, foreignSigners: Digest? = nil
  ) -> TrustRoot {
    let known = Dictionary((current?.keys ?? []).map { ($0.id, $0.validFrom) }) { min($0, $1) }
    let own = zip(applicationPolicies, policies.dropFirst()).map {
      TrustRoot.ApplicationPolicy(application: $0.application, policy: $1.digest)
    }
    var pinned: [PolicyReference] = []
    for policy in policies where !pinned.contains(policy) { pinned.append(policy) }
    return TrustRoot(
      organisation: organisation, version: version, people: people.map(\.person),
      machines: [
        .init(id: machine.id, onBehalfOf: machine.onBehalfOf, roles: machine.roles)
      ] + otherMachines.map { .init(id: $0.id, onBehalfOf: $0.onBehalfOf, roles: [.pipeline]) },
      keys: people.flatMap { $0.trustKeys(from: from, known: known) } + [
        .init(machineKey, holder: machine.id, kinds: Self.machineKinds, validFrom: from),
        .init(
          logKey, holder: machine.id, kinds: [EvidenceKind(rawValue: "checkpoint")],
          validFrom: from),
      ] + otherMachines.flatMap { $0.trustKeys(from: from, known: known) },
      changeApproval: changeApproval, policies: pinned,
      applicationPolicies: own.isEmpty ? nil : own, recovery: recovery,
      vendors: vendors.isEmpty ? nil : vendors.map { $0.vendor(from: from, current: current) },
      foreignSigners: foreignSigners)
  }

  /// Every policy that the file names, the organisation's first, each compared with it.
  ///
  /// - Throws: `Problem` with `badInput` or `notFound`; `badInput` for an application's policy that
  ///   loosens anything.
  func policyBundles() throws -> [PolicyBundle] {
    let least = try PolicyFiles.read(path: policyPath)
    return try [least]
      + applicationPolicies.map { _, path in
        let own = try PolicyFiles.read(path: path)
        if let problem = Tightening(of: least, by: own).problem(.badInput) {
          throw Problem(problem.code, problem.message, at: path, advice: problem.advice)
        }
        return own
      }
  }

  /// The bytes of the file that says whose foreign attestations are taken, held to its form; `nil`
  /// when the trust file names none.
  func foreignSigners() throws -> [UInt8]? {
    try foreignSignersPath.map { path in
      let folder = PathText.parent(of: path)
      let bytes = try InputFile.read(path)
      return try InputFile.locating(path) {
        try ForeignSigners(YAMLReader.read(bytes)) {
          try InputFile.read(PathText.resolve($0, in: folder))
        }.bytes()
      }
    }
  }

  /// The names behind the pseudonyms.
  var registry: Registry {
    Registry(people: people.map { .init(id: $0.id, name: $0.name, emails: $0.emails) })
  }
}
