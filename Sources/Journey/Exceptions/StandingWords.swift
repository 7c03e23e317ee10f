import Attestation
import Ledger
import LedgerSQLite
public import Model

/// A person's word beside the way through a gate, and its entry.
public struct RecordedWord<Value: Encodable & Sendable>: Sendable, Encodable {
  /// What was said.
  public let value: Value
  /// Where it stands.
  public let entry: RecordedEvidence
}

extension LedgerHome {
  /// Signs and records a word.
  func recordWord<Value: Encodable & Sendable>(
    _ act: PersonalAct, by acting: ActingPerson, time: TimeSource,
    _ make: (_ person: Signatory, _ trust: TrustRoot, _ now: Instant) throws -> Value
  ) async throws -> RecordedWord<Value> {
    let (value, entry) = try await record(act, by: acting, time: time, make)
    return RecordedWord(value: value, entry: entry)
  }

  /// All words of a kind on an application whose signature counts, in the ledger's order.
  func words<Value: Codable & Sendable>(
    _ kind: EvidenceKind, of application: String
  ) async throws -> [RecordedWord<Value>] {
    let digests = Subject.application(application).digests
    let indices = try await ledger.read { snapshot in
      try snapshot.indices(subjects: digests).filter { index in
        try snapshot.leaf(index).map { try Leaf(bytes: $0).kind == kind } ?? false
      }
    }
    let history = try await trustHistory()
    return try await ledger.entries(indices).compactMap { entry in
      let leaf = try Leaf(bytes: entry.leaf)
      // What was not admitted counts for no gate either.
      guard let statement = try? EntryReader.statement(entry, leaf: leaf, history: history),
        let value = try? statement.predicate(as: Value.self)
      else { return nil }
      return RecordedWord(
        value: value,
        entry: RecordedEvidence(
          kind: kind, index: entry.index,
          envelope: .sha256(try EntryReader.bytes(entry, leaf: leaf))))
    }
  }
}
