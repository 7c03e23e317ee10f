import Attestation
import Model

/// The tree's right edge, the trust roots and the log keys as they are known when a page is joined
/// to those before it; it goes from page to page, in order.
struct JoinedPages: Sendable {
  /// What became of a page when it was joined.
  struct Page: Sendable {
    /// What remains to be checked, with the trust roots and keys by which to do it.
    let check: EntryCheck
    /// The page's signed heads, with the roots that they must have.
    let heads: [(head: HashedPage.Head, root: TreeHash)]
    /// What was found so far.
    let report: LedgerReport
    /// Entries without a payload.
    let gone: IndexRanges
    /// Entries that changed the trust root or the log key, or meant to.
    let authorities: [Int64]
    /// The tree's right edge after the page.
    let edge: CompactRange
    /// The size of the last signed head so far.
    let lastHead: Int64
  }

  let scope: VerificationScope
  /// The tree's right edge.
  private(set) var edge = CompactRange()
  /// The versions of the trust root so far.
  private(set) var trust = TrustHistory()
  /// The keys that sign checkpoints.
  private(set) var keys: LogKeyHistory
  /// The size of the last signed head so far.
  private var lastHead: Int64 = 0

  init(scope: VerificationScope, founding key: NoteKey) {
    self.scope = scope
    keys = LogKeyHistory(founding: key)
  }

  /// Joins the next page to the tree, and admits what it changes of the trust root and of the log
  /// key.
  ///
  /// - Throws: what reading stored hashes throws.
  mutating func join(_ page: HashedPage, _ store: some LedgerStore) async throws -> Page {
    var report = page.report
    let heads = page.heads.map { ($0, edge.root(with: $0.tail)) }
    if !page.isEmpty {
      var above: [(place: NodePlace, hash: TreeHash)] = []
      for subtree in page.subtrees {
        edge.append(subtree.hash, level: subtree.level) { above.append(($0, $1)) }
      }
      let places = above.map(\.place)
      let stored = try await store.read { reader in try places.map { try reader.node($0) } }
      for (node, hash) in zip(above, stored) where node.hash != hash {
        report.add(
          "the stored hash at level \(node.place.level), place \(node.place.index) is wrong",
          at: edge.size - 1)
      }
    }
    for head in page.heads {
      if let previous = head.previous, previous != lastHead {
        report.add(
          "the checkpoint of size \(head.size) follows one of size \(previous), but stands behind"
            + " one of size \(lastHead)")
      }
      lastHead = head.size
    }
    var authorities: [Int64] = []
    if scope == .full {
      for row in page.rows where EvidenceKind.authorities.contains(row.leaf.kind) {
        authorities.append(row.index)
        report.add(await admit(row, store))
      }
    }
    return Page(
      check: check(store), heads: heads, report: report, gone: page.gone, authorities: authorities,
      edge: edge, lastHead: lastHead)
  }

  /// Goes on behind pages that an earlier verification checked.
  mutating func resume(
    after prefix: VerifiedPrefix, authorities rows: [HashedPage.Row], _ store: some LedgerStore
  ) async {
    edge = prefix.edge
    lastHead = prefix.lastHead
    // What is wrong with them was found then.
    for row in rows { _ = await admit(row, store) }
  }

  /// What the erasures among further entries name: those appended since the verification began.
  mutating func claims(of rows: [EntryRow], _ store: some LedgerStore) async -> [Range<Int64>] {
    var claims: [Range<Int64>] = []
    for row in rows {
      guard let leaf = try? Leaf(bytes: row.leaf) else { continue }
      let row = HashedPage.Row(index: row.index, leaf: leaf, payload: row.payload)
      if EvidenceKind.authorities.contains(leaf.kind) { _ = await admit(row, store) }
      guard leaf.kind == .erasure else { continue }
      var check = check(store)
      await check.take(row, store: store)
      claims += check.claims
    }
    return claims
  }

  private func check(_ store: some LedgerStore) -> EntryCheck {
    EntryCheck(scope: scope, keys: keys, blobs: store.blobs, trust: trust)
  }

  /// Admits what an entry changes, by the rules before it.
  private mutating func admit(_ row: HashedPage.Row, _ store: some LedgerStore) async
    -> LedgerReport
  {
    var check = check(store)
    if row.leaf.kind == .trustRoot {
      await check.admit(row, to: &trust)
    } else {
      await check.admit(row, to: &keys, trust: trust, store: store)
    }
    return check.report
  }
}

extension EvidenceKind {
  /// The kinds by which other entries are judged.
  static let authorities: Set<EvidenceKind> = [.trustRoot, .logKey]
}
