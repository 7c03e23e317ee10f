public import Model

/// A spill: values that should not be here, and every copy of them that was found. It is written
/// down before anything is moved, without the values, so that it can be carried on by whoever comes
/// after a crash.
public struct Spill: Codable, Sendable {
  /// Where a spill stands.
  public enum State: String, Codable, Sendable {
    /// Copies are known; not all lie in quarantine yet.
    case found
    /// Files and images are out of everybody's way; the ledger's payloads are still there.
    case quarantined
    /// Some payloads must stay because of a legal hold or a rule; the quarantine is kept with them.
    case held
    /// Nothing that this program holds has the values any more.
    case purged
  }

  /// A file or folder below the ledger's folder.
  public struct Copy: Codable, Hashable, Sendable {
    /// Its path below the ledger's folder.
    public private(set) var path: String
    /// Since when it has been there, as far as the file system knows.
    public let since: Instant
    /// Whether others than the ledger's owner could read it.
    public let isOpen: Bool
    /// Whether its very name has a value.
    let isNamedSo: Bool

    init(path: String, since: Instant, isOpen: Bool, isNamedSo: Bool) {
      self.path = path
      self.since = since
      self.isOpen = isOpen
      self.isNamedSo = isNamedSo
    }

    /// The same, without the value in its name.
    var nameless: Copy {
      guard isNamedSo else { return self }
      var copy = self
      copy.path = path.split(separator: "/").prefix(1).joined() + "/[a name that has a value]"
      return copy
    }
  }

  /// An entry of the ledger.
  public struct Entry: Codable, Hashable, Sendable {
    /// Its index.
    public let index: Int64
    /// Its kind.
    public let kind: EvidenceKind
    /// When it was recorded.
    public let time: Instant
    /// The run that recorded it.
    public let run: String?
    /// The environment that it speaks of.
    public let environments: [String]
  }

  /// The spill's name: it sorts by time.
  public let id: String
  /// When it was found.
  public let time: Instant
  /// What sorts of identifiers the values are, as whoever reported it says.
  public let kinds: [String]
  /// How many values were looked for.
  public let values: Int
  /// Entries whose payload has a value, or refers to a content that has.
  public internal(set) var entries: [Entry] = []
  /// Contents of the blob store that have a value.
  public internal(set) var contents: [Digest] = []
  /// Files of runs and of the spool.
  public internal(set) var files: [Copy] = []
  /// Images with a layer or a configuration that has a value, by manifest.
  public internal(set) var images: [Copy] = []
  /// What could not be looked at, and why.
  public internal(set) var unread: [String] = []
  /// Where it stands.
  public internal(set) var state = State.found
  /// Entries that record the erasure of payloads.
  public internal(set) var erasures: [Int64] = []
  /// Why payloads must stay, one sentence each.
  public internal(set) var held: [String] = []

  init(id: String, time: Instant, kinds: [String], values: Int) {
    self.id = id
    self.time = time
    self.kinds = kinds
    self.values = values
  }

  /// Whether no copy was found.
  public var isEmpty: Bool {
    entries.isEmpty && contents.isEmpty && files.isEmpty && images.isEmpty
  }
}

extension Spill {
  /// What is recorded of it.
  func report(reason: String, person: String, role: Role, time: Instant) -> SpillReport {
    SpillReport(
      spill: id, state: state.rawValue, kinds: kinds, values: values, reason: reason,
      entries: entries.map(\.index), contents: contents.count, files: files.count,
      images: images.count, runs: Set(entries.compactMap(\.run)).sorted(), since: since,
      erasures: erasures, held: held, unread: unread.count, person: person, role: role, time: time)
  }

  /// Since when a copy was there.
  var since: Instant {
    (entries.map(\.time) + files.map(\.since) + images.map(\.since)).min() ?? time
  }
}
