import Ledger
import Model

/// The entries that an answer is made of, found through the index in one snapshot.
struct AuditIndex: Sendable {
  /// Entries that speak of one release, or of one commit.
  struct Group: Sendable {
    /// The subjects that they share.
    let subjects: [Digest]
    /// All entries whose subjects are among these, recorded before the period's end, ascending.
    var entries: [(index: Int64, leaf: Leaf)] = []
  }

  /// At most so many entries answer one question.
  static let limit = 1_000_000

  /// Each release.
  private(set) var releases: [Group] = []
  /// Each commit that was not released.
  private(set) var unreleased: [Group] = []

  init(_ request: AuditRequest, _ reader: any LedgerReader) throws {
    var search = Search(request: request, reader: reader)
    let ofRelease: Set<EvidenceKind> = [.release, .decision, .rollout]
    let found = try search.found()
    for (_, leaf) in found where ofRelease.contains(leaf.kind) {
      if let group = try search.group(of: leaf) { releases.append(group) }
    }
    for (_, leaf) in try search.approvals() where try search.isOfApplication(leaf) {
      if let group = try search.group(of: leaf) { releases.append(group) }
    }
    releases.sort { $0.entries[0].index < $1.entries[0].index }
    guard request.environment == nil, request.control == nil else { return }
    let released = Set(releases.flatMap { $0.entries.map(\.index) })
    var known = released
    // The largest set of subjects first: it takes what speaks of one of them alone.
    for (index, leaf) in found.sorted(by: { $0.1.subjects.count > $1.1.subjects.count })
    where !known.contains(index) {
      guard let group = try search.group(of: leaf, without: released) else { continue }
      known.formUnion(group.entries.map(\.index))
      unreleased.append(group)
    }
    unreleased.sort { $0.entries[0].index < $1.entries[0].index }
  }

  private struct Search {
    let request: AuditRequest
    let reader: any LedgerReader
    /// The subjects of the groups that were made.
    private var groups: Set<[Digest]> = []

    init(request: AuditRequest, reader: any LedgerReader) {
      self.request = request
      self.reader = reader
    }

    private func leaves(_ query: EntryQuery) throws -> [(Int64, Leaf)] {
      let indices = try reader.indices(matching: query, limit: AuditIndex.limit, after: nil)
      guard indices.count < AuditIndex.limit else {
        throw Problem(
          .badInput, "more than \(AuditIndex.limit) entries would answer this",
          advice: "Ask for a shorter period.")
      }
      return try indices.map { ($0, try leaf($0)) }
    }

    private func leaf(_ index: Int64) throws -> Leaf {
      guard let bytes = try reader.leaf(index) else {
        throw Problem(.ledgerDamaged, "entry \(index) is missing")
      }
      return try Leaf(bytes: bytes)
    }

    /// What speaks of the application itself.
    func found() throws -> [(Int64, Leaf)] {
      try leaves(
        EntryQuery(
          application: request.application, environment: request.environment,
          control: request.control, actor: request.actor, from: request.from, to: request.to))
    }

    /// Approvals do not name an application: they bind a release's digests.
    func approvals() throws -> [(Int64, Leaf)] {
      guard request.control == nil else { return [] }
      return try leaves(
        EntryQuery(
          environment: request.environment, kind: .approval, actor: request.actor,
          from: request.from, to: request.to))
    }

    func isOfApplication(_ leaf: Leaf) throws -> Bool {
      try leaf.subjects.contains { subject in
        try !reader.indices(
          matching: EntryQuery(
            application: request.application, subject: subject, kind: .release),
          limit: 1, after: nil
        ).isEmpty
      }
    }

    /// The entries on an entry's subjects; `nil` when there is a group of these already.
    mutating func group(of leaf: Leaf, without others: Set<Int64> = []) throws -> Group? {
      guard groups.insert(leaf.subjects).inserted else { return nil }
      var group = Group(subjects: leaf.subjects)
      for index in try reader.indices(subjects: leaf.subjects) where !others.contains(index) {
        let other = try self.leaf(index)
        // A commit can have been built twice: what speaks of the other image is not of this release.
        guard other.time < request.to, other.subjects.allSatisfy(leaf.subjects.contains) else {
          continue
        }
        group.entries.append((index, other))
      }
      return group.entries.isEmpty ? nil : group
    }
  }
}
