import Attestation
import Ledger
public import Model

/// How an erased payload shows: who erased it, when and why.
public struct ErasureNote: Hashable, Sendable, Codable {
  /// The entry that was erased.
  public let entry: Int64
  /// Index of the erasure's own entry.
  public let erasure: Int64
  /// Pseudonym of whoever erased it.
  public let person: String
  /// The role in which they did.
  public let role: Role
  /// When it was recorded.
  public let time: Instant
  /// Why it was allowed to go.
  public let basis: Erasure.Basis
  /// Why, in their words.
  public let reason: String
  /// The request's own number or pseudonym.
  public let requestedBy: String?

  /// In words, after "the payload was".
  public var words: String {
    let cause =
      switch basis {
      case .request: "on request" + (requestedBy.map { " \($0)" } ?? "")
      case .expiry: "because its time was over"
      case .spill: "because of a spill"
      }
    return "erased by \(person) as \(role.rawValue) on \(time.date), \(cause): \(reason)"
      + " (entry \(erasure))"
  }
}

extension LedgerHome {
  /// What is recorded of an entry whose payload is gone: the erasure that names it, rightly signed.
  ///
  /// - Returns: `nil` when no erasure names it: then it was not erased, it is missing.
  /// - Throws: `Problem` when the erasure itself is not what it must be.
  func erasureNote(of index: Int64, leaf: Leaf) async throws -> ErasureNote? {
    let candidates = try await ledger.read { reader in
      try reader.indices(subjects: [leaf.envelope]).filter { candidate in
        guard candidate > index, let bytes = try reader.leaf(candidate) else { return false }
        return try Leaf(bytes: bytes).kind == .erasure
      }
    }
    guard !candidates.isEmpty else { return nil }
    let history = try await trustHistory()
    for entry in try await ledger.entries(candidates) {
      let own = try Leaf(bytes: entry.leaf)
      let statement = try EntryReader.statement(entry, leaf: own, history: history)
      let erasure = try statement.predicate(as: Erasure.self)
      let names = erasure.entries.contains { $0.index == index && $0.envelope == leaf.envelope }
      guard names else { continue }
      return ErasureNote(
        entry: index, erasure: entry.index, person: own.actor, role: own.role, time: own.time,
        basis: erasure.basis, reason: erasure.reason, requestedBy: erasure.requestedBy)
    }
    return nil
  }

  /// The same for many entries, by index.
  func erasureNotes(of entries: [(index: Int64, leaf: Leaf)]) async throws -> [Int64: ErasureNote] {
    var notes: [Int64: ErasureNote] = [:]
    for entry in entries {
      notes[entry.index] = try await erasureNote(of: entry.index, leaf: entry.leaf)
    }
    return notes
  }
}
