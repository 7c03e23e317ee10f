/// Values that should not have been in the ledger's folder, and what became of their copies: the
/// predicate of kind `phi-spill`. It never carries a value.
public struct SpillReport: Hashable, Sendable, Codable {
  /// The spill's name.
  public let spill: String
  /// `quarantined`, `held` or `purged`.
  public let state: String
  /// What sorts of identifiers the values are.
  public let kinds: [String]
  /// How many values were looked for.
  public let values: Int
  /// What happened, in the person's words.
  public let reason: String
  /// Entries whose payload had a value, or referred to a content that had.
  public let entries: [Int64]
  /// How many contents of the blob store had one.
  public let contents: Int
  /// How many files of runs and of the spool had one.
  public let files: Int
  /// How many images had one.
  public let images: Int
  /// The runs that recorded the entries.
  public let runs: [String]
  /// Since when the first copy was there.
  public let since: Instant
  /// Entries that record the erasure of payloads.
  public let erasures: [Int64]
  /// Why payloads must stay, one sentence each.
  public let held: [String]
  /// How many things could not be looked at.
  public let unread: Int
  /// Pseudonym of whoever dealt with it.
  public let person: String
  /// The role in which they acted.
  public let role: Role
  /// When.
  public let time: Instant

  /// States what became of a spill.
  public init(
    spill: String, state: String, kinds: [String], values: Int, reason: String, entries: [Int64],
    contents: Int, files: Int, images: Int, runs: [String], since: Instant, erasures: [Int64],
    held: [String], unread: Int, person: String, role: Role, time: Instant
  ) {
    self.spill = spill
    self.state = state
    self.kinds = kinds
    self.values = values
    self.reason = reason
    self.entries = entries
    self.contents = contents
    self.files = files
    self.images = images
    self.runs = runs
    self.since = since
    self.erasures = erasures
    self.held = held
    self.unread = unread
    self.person = person
    self.role = role
    self.time = time
  }
}
