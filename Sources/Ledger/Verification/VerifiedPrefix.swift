import Attestation
import Model

/// What is known after the first pages were checked: it goes from page to page, in order.
struct VerifiedPrefix: Sendable {
  private let scope: VerificationScope
  /// The tree's right edge.
  private(set) var range = CompactRange()
  /// The versions of the trust root so far.
  private(set) var trust = TrustHistory()
  /// The keys that sign checkpoints.
  private(set) var keys: LogKeyHistory
  /// Payloads that are gone, and those that an erasure names.
  private(set) var erasures = ErasureAccount()
  /// What was counted, and what is wrong.
  private(set) var report = LedgerReport()

  init(scope: VerificationScope, founding key: NoteKey) {
    self.scope = scope
    keys = LogKeyHistory(founding: key)
  }

  /// Takes the next page: joins it to the tree, and admits what it changes of the trust root and of
  /// the log key.
  ///
  /// - Returns: what remains to be checked of the page, with the trust roots by which to do it, and
  ///   its signed heads with the roots that they must have.
  /// - Throws: what reading stored hashes throws.
  mutating func merge(
    _ page: HashedPage, store: some LedgerStore
  ) async throws -> (EntryCheck, [(HashedPage.Head, TreeHash)]) {
    report.add(page.report)
    for gone in page.gone.ranges { erasures.gone.insert(gone) }
    let heads = page.heads.map { ($0, range.root(with: $0.tail)) }
    if !page.isEmpty {
      var above: [(place: NodePlace, hash: TreeHash)] = []
      for subtree in page.subtrees {
        range.append(subtree.hash, level: subtree.level) { above.append(($0, $1)) }
      }
      let places = above.map(\.place)
      let stored = try await store.read { reader in try places.map { try reader.node($0) } }
      for (node, hash) in zip(above, stored) where node.hash != hash {
        report.add(
          "the stored hash at level \(node.place.level), place \(node.place.index) is wrong",
          at: range.size - 1)
      }
    }
    if scope == .full {
      var check = EntryCheck(scope: scope, keys: keys, blobs: store.blobs, trust: trust)
      for row in page.rows {
        if row.leaf.kind == .trustRoot { await check.admit(row, to: &trust) }
        if row.leaf.kind == .logKey {
          await check.admit(row, to: &keys, trust: trust, store: store)
        }
      }
      report.add(check.report)
    }
    return (EntryCheck(scope: scope, keys: keys, blobs: store.blobs, trust: trust), heads)
  }

  /// Takes the erasures among entries that were appended since the verification began.
  mutating func takeErasures(_ rows: [EntryRow], store: some LedgerStore) async {
    for row in rows {
      guard let leaf = try? Leaf(bytes: row.leaf) else { continue }
      let row = HashedPage.Row(index: row.index, leaf: leaf, payload: row.payload)
      var check = EntryCheck(scope: .full, keys: keys, blobs: store.blobs, trust: trust)
      if leaf.kind == .trustRoot { await check.admit(row, to: &trust) }
      if leaf.kind == .erasure { await check.take(row, store: store) }
      for claim in check.claims { erasures.claimed.insert(claim) }
    }
  }

  /// Takes what was found of a page.
  mutating func fold(_ check: EntryCheck) {
    report.add(check.report)
    for claim in check.claims { erasures.claimed.insert(claim) }
  }
}
