public import Attestation
import Foundation
import Model
import Reading

/// The file from which a ledger's trust root is made: people, machines, keys, policy.
public struct TrustFile: Sendable {
  /// A person, with the path of their public key.
  struct Person: Sendable {
    let id: String
    let name: String
    let emails: [String]
    let roles: [Role]
    let keys: [PublicKey]
    /// Kinds that the keys may sign beside those of every person.
    var furtherKinds: [EvidenceKind] = []
  }

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
  let people: [Person]
  let machine: Machine
  let changeApproval: [TrustRoot.Requirement]
  let recovery: TrustRoot.Recovery?
  /// Path of the policy file.
  let policyPath: String

  /// Kinds of evidence that a person's key may sign, where the trust file does not say less. Which
  /// roles may do what with them, policies say.
  static let personKinds: [EvidenceKind] = [
    .approval, .trustRoot, EvidenceKind(rawValue: "commit"), .personStatement, .scopeStatement,
    .waiver, .breakGlass, .breakGlassReview, .observation,
  ]
  /// Kinds of evidence that the pipeline's key may sign.
  static let machineKinds: [EvidenceKind] = [
    .trustRoot, .sourceCheck, .step, .run, .intent, .testResult, .vulnerabilityScan,
    .staticAnalysis, .inventory, .coverage, .exploitability, .infrastructurePlan, .provenance,
    .release, .decision, .rollout,
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
      known: ["organisation", "origin", "people", "machine", "changes", "recovery", "policy"])
    organisation = try Self.identifier(fields.required("organisation"))
    origin = try fields.string("origin") ?? "\(organisation).ledger"
    people = try fields.list("people").map { try Self.person($0, resolve: resolve) }
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
    let personKeys = people.flatMap(\.keys)
    recovery = try fields.node("recovery").map {
      try RecoveryReader.read($0, people: personKeys, resolve: resolve)
    }
    policyPath = resolve(try fields.requiredString("policy"))
    try check(fields.node)
  }

  private func check(_ node: YAMLNode) throws {
    let ids = people.map(\.id) + [machine.id]
    for (place, id) in ids.enumerated() where ids[..<place].contains(id) {
      throw ReadingError("\"\(id)\" stands twice", at: node["people"]?.position)
    }
    guard people.contains(where: { $0.id == machine.onBehalfOf }) else {
      throw ReadingError(
        "the machine acts for \"\(machine.onBehalfOf)\", who is not among the people",
        at: node["machine"]?.position)
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
    guard !changeApproval.isEmpty else {
      throw ReadingError("\"changes\" must say who approves a change of trust", at: node.position)
    }
  }

  private static func person(_ node: YAMLNode, resolve: (String) -> String) throws -> Person {
    let fields = try FieldReader(
      node, "a person", known: ["id", "name", "emails", "roles", "keys", "may"])
    let roles = try fields.list("roles").map { Role(rawValue: try identifier($0)) }
    guard !roles.isEmpty else { throw ReadingError("a person needs a role", at: node.position) }
    return Person(
      id: try identifier(fields.required("id")), name: try fields.requiredString("name"),
      emails: try fields.strings("emails"), roles: roles,
      keys: try fields.strings("keys").map { try InputFile.publicKey(resolve($0)) },
      furtherKinds: try powers(fields))
  }

  /// What a person may do that not everybody may: `erase`, `hold`, `recover` (open a recovery epoch),
  /// `reorganise`.
  private static func powers(_ fields: FieldReader) throws -> [EvidenceKind] {
    let known: [String: [EvidenceKind]] = [
      "erase": [.erasure, .erasureRequest], "hold": [.legalHold], "recover": [.recoveryEpoch],
      "reorganise": [.reorganisation],
    ]
    return try fields.list("may").flatMap { node in
      let word = try FieldReader.string(node)
      guard let kinds = known[word] else {
        let nearest = NearestWord.to(word, in: known.keys.sorted())
        throw ReadingError(
          "\"\(word)\" is nothing that a person may be allowed"
            + (nearest.map { "; did you mean \"\($0)\"?" }
              ?? "; expected erase, hold, recover or reorganise"),
          at: node.position)
      }
      return kinds
    }
  }

  private static func identifier(_ node: YAMLNode) throws -> String {
    let text = try FieldReader.string(node)
    guard Actor.isIdentifier(text) else {
      throw ReadingError(
        "\"\(text)\" is no identifier: use a-z, 0-9, '.', '_' and '-'", at: node.position)
    }
    return text
  }

  /// The trust root that the file describes.
  func trustRoot(
    version: Int, machineKey: PublicKey, logKey: PublicKey, policy: PolicyReference, from: Instant
  ) -> TrustRoot {
    let personKeys = people.flatMap { person in
      person.keys.map {
        TrustRoot.Key(
          $0, holder: person.id, kinds: Self.personKinds + person.furtherKinds, validFrom: from)
      }
    }
    return TrustRoot(
      organisation: organisation, version: version,
      people: people.map { .init(id: $0.id, roles: $0.roles) },
      machines: [
        .init(id: machine.id, onBehalfOf: machine.onBehalfOf, roles: machine.roles)
      ],
      keys: personKeys + [
        .init(machineKey, holder: machine.id, kinds: Self.machineKinds, validFrom: from),
        .init(
          logKey, holder: machine.id, kinds: [EvidenceKind(rawValue: "checkpoint")],
          validFrom: from),
      ], changeApproval: changeApproval, policies: [policy], recovery: recovery)
  }

  /// The names behind the pseudonyms.
  var registry: Registry {
    Registry(people: people.map { .init(id: $0.id, name: $0.name, emails: $0.emails) })
  }
}

/// Reads files that a command names.
public enum InputFile {
  /// The whole file, at most 64 MiB.
  ///
  /// - Throws: `Problem` with `notFound`, or `badInput` for a folder or a file too large.
  public static func read(_ path: String) throws -> [UInt8] {
    var isFolder = ObjCBool(false)
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Problem(.notFound, "there is no such file", at: path)
    }
    guard !isFolder.boolValue else {
      throw Problem(.badInput, "expected a file, found a folder", at: path)
    }
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    if let size = attributes?[.size] as? Int, size > 64 << 20 {
      throw Problem(.badInput, "the file is larger than 64 MiB", at: path)
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Problem(.inputOutput, "the file cannot be read", at: path)
    }
    return Array(data)
  }

  /// The public key in a file.
  ///
  /// - Throws: `Problem` with `notFound` or `badInput`.
  public static func publicKey(_ path: String) throws -> PublicKey {
    let bytes = try read(path)
    do {
      return try PublicKey(text: String(decoding: bytes, as: UTF8.self))
    } catch let problem as Problem {
      throw Problem(problem.code, problem.message, at: path, advice: problem.advice)
    }
  }

  /// Whether a file holds a private key in OpenSSH's own form.
  ///
  /// - Throws: `Problem` with `notFound` or `badInput`.
  public static func isOpenSSH(_ path: String) throws -> Bool {
    PEM.decode(String(decoding: try read(path), as: UTF8.self), label: "OPENSSH PRIVATE KEY") != nil
  }

  /// Puts the file before the place of a reading error.
  static func locating<Value>(_ file: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as ReadingError {
      let place = error.position.map { ":\($0)" } ?? error.pointer.map { " \($0)" } ?? ""
      throw Problem(.badInput, error.message, at: file + place)
    }
  }
}
