import Attestation
import Model
import Reading

/// A person of a trust file: who they are, from when to when, and with which keys.
struct TrustFilePerson {
  /// A key, and what limits it beside what the person may do.
  struct Key {
    let publicKey: PublicKey
    let kinds: [EvidenceKind]?
    let applications: [String]?
    let environments: [String]?
    let from: Instant?
    let to: Instant?
  }

  let person: TrustRoot.Person
  let name: String
  let emails: [String]
  let keys: [Key]
  /// Kinds that the keys may sign beside those of every person.
  let furtherKinds: [EvidenceKind]

  var id: String { person.id }
  var roles: [Role] { person.roles }
  var sponsor: String? { person.sponsor }

  /// Kinds of evidence that a person's key may sign, where the trust file does not say less. Which
  /// roles may do what with them, policies say.
  static let usualKinds: [EvidenceKind] = [
    .approval, .trustRoot, EvidenceKind(rawValue: "commit"), .personStatement, .scopeStatement,
    .waiver, .vex, .breakGlass, .breakGlassReview, .observation,
  ]

  /// What a person may do that not everybody may: `erase`, `hold`, `recover` (open a recovery epoch),
  /// `reorganise`, `acquire` (take a vendor's software in).
  private static let powers: [String: [EvidenceKind]] = [
    "erase": [.erasure, .erasureRequest, .phiSpill], "hold": [.legalHold],
    "recover": [.recoveryEpoch],
    "reorganise": [.reorganisation], "acquire": [.acquisition],
  ]

  /// Reads a person; paths of keys go through `resolve`.
  init(_ node: YAMLNode, resolve: (String) -> String) throws {
    let fields = try FieldReader(
      node, "a person",
      known: [
        "id", "name", "emails", "roles", "keys", "may", "employer", "sponsor", "start", "end",
      ])
    let roles = try fields.list("roles").map { Role(rawValue: try TrustFile.identifier($0)) }
    guard !roles.isEmpty else { throw ReadingError("a person needs a role", at: node.position) }
    person = TrustRoot.Person(
      id: try TrustFile.identifier(fields.required("id")), roles: roles,
      employer: try fields.node("employer").map(TrustFile.identifier),
      sponsor: try fields.node("sponsor").map(TrustFile.identifier),
      start: try Self.instant(fields, "start"), end: try Self.instant(fields, "end"))
    guard person.employer == nil || person.sponsor != nil else {
      throw ReadingError(
        "\"\(person.id)\" has an employer, and needs a sponsor: who here answers for them",
        at: node.position)
    }
    if let start = person.start, let end = person.end, end <= start {
      throw ReadingError("\"\(person.id)\" ends before they start", at: node.position)
    }
    name = try fields.requiredString("name")
    emails = try fields.strings("emails")
    furtherKinds = try fields.list("may").flatMap(Self.power)
    let allowed = Self.usualKinds + furtherKinds
    keys = try fields.list("keys").map { try Self.key($0, allowed: allowed, resolve: resolve) }
  }

  /// A key as its path alone, or as a mapping that limits it.
  static func key(
    _ node: YAMLNode, allowed: [EvidenceKind], resolve: (String) -> String
  ) throws -> Key {
    guard case .mapping = node.content else {
      return Key(
        publicKey: try InputFile.publicKey(resolve(FieldReader.string(node))), kinds: nil,
        applications: nil, environments: nil, from: nil, to: nil)
    }
    let fields = try FieldReader(
      node, "a key", known: ["file", "kinds", "applications", "environments", "from", "to"])
    let kinds = try fields.list("kinds").map { node in
      let kind = EvidenceKind(rawValue: try FieldReader.string(node))
      guard allowed.contains(kind) else {
        let nearest = NearestWord.to(kind.rawValue, in: allowed.map(\.rawValue).sorted())
        throw ReadingError(
          "this key may not sign evidence of kind \"\(kind.rawValue)\""
            + (nearest.map { "; did you mean \"\($0)\"?" } ?? ""), at: node.position)
      }
      return kind
    }
    func limit(_ key: String) throws -> [String]? {
      guard let node = fields.node(key) else { return nil }
      let words = try fields.strings(key)
      guard !words.isEmpty else {
        throw ReadingError("\"\(key)\" names none; leave it out for all", at: node.position)
      }
      return words
    }
    let key = Key(
      publicKey: try InputFile.publicKey(resolve(fields.requiredString("file"))),
      kinds: fields.node("kinds") == nil ? nil : kinds, applications: try limit("applications"),
      environments: try limit("environments"), from: try instant(fields, "from"),
      to: try instant(fields, "to"))
    if let from = key.from, let to = key.to, to <= from {
      throw ReadingError("the key ends before it begins to count", at: node.position)
    }
    return key
  }

  private static func power(_ node: YAMLNode) throws -> [EvidenceKind] {
    let word = try FieldReader.string(node)
    guard let kinds = powers[word] else {
      let nearest = NearestWord.to(word, in: powers.keys.sorted())
      throw ReadingError(
        "\"\(word)\" is nothing that a person may be allowed"
          + (nearest.map { "; did you mean \"\($0)\"?" }
            ?? "; expected erase, hold, recover, reorganise or acquire"),
        at: node.position)
    }
    return kinds
  }

  /// A time, or a date, which means its first moment in UTC.
  static func instant(_ fields: FieldReader, _ key: String) throws -> Instant? {
    guard let text = try fields.string(key) else { return nil }
    guard let instant = Instant(text) ?? Instant("\(text)T00:00:00Z") else {
      throw ReadingError(
        "\"\(text)\" is no time; it looks like 2026-11-23 or 2026-11-23T11:30:00Z",
        at: try fields.required(key).position)
    }
    return instant
  }

  /// The keys as a trust root has them: none of somebody who has left, and none after the day on
  /// which they leave.
  func trustKeys(from: Instant, known: [Digest: Instant]) -> [TrustRoot.Key] {
    if let end = person.end, end <= from { return [] }
    return keys.map {
      $0.trustKey(
        of: id, usual: Self.usualKinds + furtherKinds, from: from, known: known, until: person.end)
    }
  }
}

extension TrustFilePerson.Key {
  /// The key as a trust root has it.
  func trustKey(
    of holder: String, usual: [EvidenceKind], from: Instant, known: [Digest: Instant],
    until: Instant? = nil
  ) -> TrustRoot.Key {
    TrustRoot.Key(
      publicKey, holder: holder, kinds: kinds ?? usual, applications: applications,
      environments: environments, validFrom: self.from ?? known[publicKey.id] ?? from,
      validTo: [to, until].compactMap(\.self).min())
  }
}
