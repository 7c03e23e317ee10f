public import Attestation
import Model

/// Whose word counts, and which key signs checkpoints, up to a size of a ledger.
public struct LedgerHistories: Sendable {
  /// The trust roots, each admitted by the one before.
  public fileprivate(set) var trust = TrustHistory()
  /// The log keys, each admitted by the one before, or by the recovery keys.
  public fileprivate(set) var keys: LogKeyHistory
}

extension LedgerStore {
  /// Reads all changes of the trust root and of the log key, in the ledger's order.
  ///
  /// - Parameter size: only the ledger's first so many entries are looked at.
  /// - Throws: `Problem` with `notTrusted`, `ledgerDamaged`, or `notFound` where one was erased.
  public func histories(size: Int64 = .max) async throws -> LedgerHistories {
    let indices = try await read { reader in
      (try reader.indices(kind: .trustRoot) + reader.indices(kind: .logKey)).sorted()
    }.filter { $0 < size }
    var histories = LedgerHistories(keys: LogKeyHistory(founding: key))
    for entry in try await entries(indices) {
      let leaf = try Leaf(bytes: entry.leaf)
      let envelope = try Envelope(json: Self.payload(entry, leaf))
      let statement = try Statement(json: envelope.payload)
      if leaf.kind == .logKey {
        try await histories.keys.admit(
          envelope, statement, at: entry.index, leaf: leaf, trust: histories.trust, self)
      } else {
        try histories.trust.admit(
          envelope, root: statement.predicate(as: TrustRoot.self), at: entry.index, time: leaf.time)
      }
    }
    return histories
  }

  /// The payload of an entry, held against its leaf.
  private static func payload(_ entry: StoredEntry, _ leaf: Leaf) throws -> [UInt8] {
    switch entry.payload {
    case .present(let bytes, let salt):
      guard Leaf.saltedDigest(of: bytes, salt: salt) == leaf.envelope else {
        throw Problem(
          .ledgerDamaged, "the payload of entry \(entry.index) is not the one its leaf names")
      }
      return bytes
    case .erased: throw Problem(.notFound, "the payload of entry \(entry.index) was erased")
    case .lost(let digest):
      throw Problem(
        .ledgerDamaged, "the payload of entry \(entry.index), \(digest), is not in the blob store")
    }
  }
}

extension LogKeyHistory {
  /// Takes a change as its entry brings it; the roots that it names are read from the store.
  mutating func admit(
    _ envelope: Envelope, _ statement: Statement, at index: Int64, leaf: Leaf, trust: TrustHistory,
    _ store: some LedgerStore
  ) async throws {
    let change = try statement.predicate(as: LogKeyChange.self)
    let sizes = [change.after.size, change.trusted?.size].compactMap { $0 }
    let roots = try await store.read { reader in
      let size = try reader.size()
      var roots: [Int64: TreeHash] = [:]
      for one in sizes where one > 0 && one <= size {
        roots[one] = try reader.proofs.root(size: one)
      }
      return roots
    }
    try admit(envelope, change: change, at: index, trust: trust, roots: roots)
    guard trust.version(forEntry: index)?.root.roles(of: leaf.actor).isEmpty == false else {
      throw Problem(.notTrusted, "the leaf names \(leaf.actor), whom the trust root does not")
    }
  }
}
