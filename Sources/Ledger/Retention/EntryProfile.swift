public import Attestation
public import Model

/// What the rules of erasure, holds and retention know of an entry.
public struct EntryProfile: Hashable, Sendable {
  /// Counted from zero.
  public var index: Int64
  /// The evidence's kind.
  public var kind: EvidenceKind
  /// Pseudonym of whoever recorded it.
  public var actor: String
  /// When it was recorded.
  public var time: Instant
  /// The subjects' digests.
  public var subjects: Set<Digest>
  /// The salted digest of the envelope, as the leaf has it.
  public var envelope: Digest
  /// Applications that the payload itself names.
  public var applications: Set<String> = []
  /// Environments that the payload itself names.
  public var environments: Set<String> = []
  /// The run that the payload names.
  public var run: String?
  /// Logs, reports and policies in the blob store that the payload refers to.
  public var contents: Set<Digest> = []
  /// SHA-256 of the envelope; `nil` when the payload is not there.
  public var payload: Digest?
  /// Whether the payload itself lies in the blob store, under that digest.
  public var isBlob = false

  /// All that it refers to in the blob store, its own payload included where that lies there.
  public var references: Set<Digest> {
    guard isBlob, let payload else { return contents }
    return contents.union([payload])
  }

  /// What a leaf says; everything that only the payload says is unknown.
  public init(index: Int64, leaf: Leaf) {
    self.index = index
    kind = leaf.kind
    actor = leaf.actor
    time = leaf.time
    subjects = Set(leaf.subjects)
    envelope = leaf.envelope
  }

  /// What a leaf and its payload say.
  ///
  /// - Parameters:
  ///   - payload: SHA-256 of the envelope.
  ///   - isBlob: whether the envelope lies in the blob store.
  public init(
    index: Int64, leaf: Leaf, statement: Statement, payload: Digest, isBlob: Bool
  ) {
    self.init(index: index, leaf: leaf)
    self.payload = payload
    self.isBlob = isBlob
    let facts = EntryFacts(statement)
    run = facts.run
    applications = Set([facts.application].compactMap(\.self))
    // Subjects are named after the application: `commit:portal`, `image:portal`.
    for subject in statement.subjects {
      guard let colon = subject.name.firstIndex(of: ":") else { continue }
      guard ["commit", "image"].contains(subject.name[..<colon]) else { continue }
      applications.insert(String(subject.name[subject.name.index(after: colon)...]))
    }
    environments = Set([facts.environment].compactMap(\.self))
    contents = Self.contents(of: statement, kind: leaf.kind)
  }

  /// Kinds whose payloads are known to refer to no log, report or policy.
  private static let selfContained: Set<EvidenceKind> = [
    .logKey, .erasure, .erasureRequest, .legalHold, .recoveryEpoch, .reorganisation, .sourceCheck,
    .run, .intent, .provenance, .release, .approval, .decision, .rollout,
  ]

  /// Whether a payload of a kind may refer to a log, report or policy in the blob store.
  static func mayRefer(_ kind: EvidenceKind) -> Bool { !selfContained.contains(kind) }

  private static func contents(of statement: Statement, kind: EvidenceKind) -> Set<Digest> {
    if selfContained.contains(kind) { return [] }
    if let fields = try? statement.predicate(as: Contents.self), !fields.digests.isEmpty {
      return fields.digests
    }
    switch kind {
    case .step, .testResult, .vulnerabilityScan, .staticAnalysis, .inventory, .trustRoot: return []
    // Of a kind that this version does not know, every digest may be a content's.
    default: return (try? statement.predicate(as: AnyDigests.self))?.digests ?? []
    }
  }
}

/// The fields by which predicates of known kinds refer to contents.
private struct Contents: Decodable {
  let digests: Set<Digest>

  private enum Name: String, CodingKey {
    case log, source, policies
    case standardSource = "urn:pratique:source"
  }
  private struct File: Decodable { let digest: Digest }
  private struct Source: Decodable { let report: Digest }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Name.self)
    var digests = (try? fields.decode([File].self, forKey: .policies))?.map(\.digest) ?? []
    if let file = try? fields.decode(File.self, forKey: .log) { digests.append(file.digest) }
    for name in [Name.source, .standardSource] {
      if let source = try? fields.decode(Source.self, forKey: name) {
        digests.append(source.report)
      }
    }
    self.digests = Set(digests)
  }
}

/// Every text of the form of a SHA-256 digest, however deep it stands.
private struct AnyDigests: Decodable {
  var digests: Set<Digest> = []

  private struct Name: CodingKey {
    let stringValue: String
    let intValue: Int? = nil
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    if let fields = try? decoder.container(keyedBy: Name.self) {
      for name in fields.allKeys {
        if let inner = try? fields.decode(AnyDigests.self, forKey: name) {
          digests.formUnion(inner.digests)
        }
      }
    } else if var list = try? decoder.unkeyedContainer() {
      while !list.isAtEnd { digests.formUnion(try list.decode(AnyDigests.self).digests) }
    } else if let text = try? decoder.singleValueContainer().decode(String.self) {
      if let digest = Digest(text) ?? Digest(.sha256, hex: text) { digests.insert(digest) }
    }
  }
}
