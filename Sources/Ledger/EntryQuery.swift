public import Model

/// Which entries an audit asks for: those to which all that is stated applies.
public struct EntryQuery: Hashable, Sendable {
  /// The application that the statement speaks of.
  public var application: String?
  /// The environment that the statement speaks of.
  public var environment: String?
  /// Id of the run that made it.
  public var run: String?
  /// Id of a control that the statement speaks of.
  public var control: String?
  /// A digest that is one of its subjects.
  public var subject: Digest?
  /// The evidence's kind.
  public var kind: EvidenceKind?
  /// Pseudonym of the actor.
  public var actor: String?
  /// Recorded at this time or later, by the recorder's clock. That clock may have jumped: a period
  /// is answered by time, whatever the order of the entries.
  public var from: Instant?
  /// Recorded before this time.
  public var to: Instant?

  /// States a query; without anything stated it asks for all entries.
  public init(
    application: String? = nil, environment: String? = nil, run: String? = nil,
    control: String? = nil, subject: Digest? = nil, kind: EvidenceKind? = nil,
    actor: String? = nil, from: Instant? = nil, to: Instant? = nil
  ) {
    self.application = application
    self.environment = environment
    self.run = run
    self.control = control
    self.subject = subject
    self.kind = kind
    self.actor = actor
    self.from = from
    self.to = to
  }
}

/// What an index must say of an entry.
public struct IndexedEntry: Hashable, Sendable {
  /// Counted from zero.
  public let index: Int64
  /// Random, 16 bytes.
  public let entryID: [UInt8]
  /// The evidence's kind.
  public let kind: EvidenceKind
  /// Pseudonym of the actor.
  public let actor: String
  /// When it was recorded.
  public let time: Instant
  /// The subjects' digests, sorted, each once.
  public let subjects: [Digest]
  /// What the statement says; none when the payload was erased, `nil` when it cannot be read.
  public private(set) var facts: EntryFacts?

  /// The same entry, its payload erased.
  var withoutFacts: IndexedEntry {
    var entry = self
    entry.facts = EntryFacts()
    return entry
  }

  /// What follows from a leaf and the facts of its statement.
  public init(index: Int64, leaf: Leaf, facts: EntryFacts?) {
    self.index = index
    entryID = leaf.entryID
    kind = leaf.kind
    actor = leaf.actor
    time = leaf.time
    subjects = leaf.subjects
    self.facts = facts
  }

  /// What follows from an entry.
  ///
  /// - Throws: `Problem` with `ledgerDamaged` for a leaf that is not of its form.
  public init(_ entry: StoredEntry) throws {
    let facts: EntryFacts? =
      switch entry.payload {
      case .present(let envelope, _): EntryFacts(envelope: envelope)
      case .erased: EntryFacts()
      case .lost: nil
      }
    self.init(index: entry.index, leaf: try Leaf(bytes: entry.leaf), facts: facts)
  }
}
