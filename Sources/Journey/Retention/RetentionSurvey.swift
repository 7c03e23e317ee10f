import Attestation
import Foundation
import Ledger
import Model

/// A ledger, gone through from its first entry, for all that decides which payloads may go.
///
/// It is read by its leaves and not by the index, and the leaves are held against the signed
/// checkpoint: a hold that somebody hid from the index, or took out of the store, is not overlooked.
struct RetentionSurvey: Sendable {
  /// Entries read at once.
  private static let page: Int64 = 1_000

  /// What was found; settled.
  private(set) var record = RetentionRecord()
  /// The trust roots.
  private(set) var history = TrustHistory()
  private var range = CompactRange()

  /// How many entries were gone through.
  var size: Int64 { range.size }

  /// The trust root in force.
  ///
  /// - Throws: `Problem` with `notTrusted` when there is none.
  func trust() throws -> TrustRoot {
    guard let root = history.current?.root else {
      throw Problem(.notTrusted, "the ledger has no trust root")
    }
    return root
  }

  /// Goes through what was appended since.
  ///
  /// - Parameter progress: is told the entries gone through, and how many there are.
  /// - Throws: `Problem` with `ledgerDamaged` or `notTrusted` when an entry that decides is not what
  ///   it must be: then nothing may be erased.
  mutating func advance(
    _ ledger: any LedgerStore, progress: @Sendable (_ done: Int64, _ all: Int64) -> Void
  ) async throws {
    let (all, note) = try await ledger.read { (try $0.size(), try $0.checkpoint()) }
    guard let note else {
      throw Problem(.ledgerDamaged, "the ledger has no checkpoint", at: ledger.place)
    }
    guard all > size else { return }
    while size < all {
      try Task.checkCancellation()
      let page = size..<min(size + Self.page, all)
      let rows = try await ledger.read { try $0.rows(page) }
      for row in rows { try await take(row, ledger) }
      guard size == page.upperBound else {
        throw Problem(.ledgerDamaged, "entry \(size) is missing", at: ledger.place)
      }
      progress(size, all)
    }
    let checkpoint = try Checkpoint(note: note, key: ledger.key)
    guard checkpoint.size == size, checkpoint.root == range.root else {
      throw Problem(
        .ledgerDamaged, "the entries do not lead to the signed root", at: ledger.place,
        advice: "Look with: pratique ledger verify")
    }
    record.settle()
  }

  private mutating func take(_ row: EntryRow, _ ledger: any LedgerStore) async throws {
    guard row.index == size else {
      throw Problem(.ledgerDamaged, "entry \(size) is missing", at: ledger.place)
    }
    let leaf = try Leaf(bytes: row.leaf)
    range.append(.leaf(row.leaf)) { _, _ in }
    guard leaf.kind == .trustRoot || RetentionRecord.kinds.contains(leaf.kind) else { return }
    let entry = try await ledger.entry(row)
    if case .erased = entry.payload {
      guard EvidenceKind.permanent.contains(leaf.kind) else { return }
      throw Problem(
        .ledgerDamaged,
        "the payload of entry \(row.index) of kind \"\(leaf.kind.rawValue)\" is gone, and never may"
          + " be", at: ledger.place)
    }
    let envelope = try EntryReader.envelope(entry, leaf: leaf)
    let statement = try Statement(json: envelope.payload)
    if leaf.kind == .trustRoot {
      try history.admit(
        envelope, root: statement.predicate(as: TrustRoot.self), at: row.index, time: leaf.time)
      return
    }
    let keys = try history.signers(
      of: envelope, kind: leaf.kind, application: nil, environment: nil, entry: row.index,
      time: leaf.time)
    guard keys.contains(where: { $0.holder.utf8.elementsEqual(leaf.actor.utf8) }) else {
      throw Problem(
        .notTrusted, "entry \(row.index) names \(leaf.actor) and is signed by somebody else",
        at: ledger.place)
    }
    guard statement.predicateType == leaf.kind.predicateType else {
      throw Problem(.ledgerDamaged, "entry \(row.index) is not of its kind", at: ledger.place)
    }
    try record.take(EntryReader.profile(entry, leaf: leaf, statement: statement), statement)
  }
}

extension EntryReader {
  /// What the rules know of an entry.
  ///
  /// - Throws: `Problem` with `ledgerDamaged` when its payload is there and cannot be read.
  static func profile(_ entry: StoredEntry, isBlob: Bool) throws -> EntryProfile {
    let leaf = try Leaf(bytes: entry.leaf)
    switch entry.payload {
    case .erased, .lost: return EntryProfile(index: entry.index, leaf: leaf)
    case .present:
      do {
        let statement = try Statement(json: envelope(entry, leaf: leaf).payload)
        return try profile(entry, leaf: leaf, statement: statement, isBlob: isBlob)
      } catch let problem as Problem {
        throw problem
      } catch {
        throw Problem(.ledgerDamaged, "entry \(entry.index) cannot be read: \(error)")
      }
    }
  }

  static func profile(
    _ entry: StoredEntry, leaf: Leaf, statement: Statement, isBlob: Bool = false
  ) throws -> EntryProfile {
    let bytes = try bytes(entry, leaf: leaf)
    return EntryProfile(
      index: entry.index, leaf: leaf, statement: statement, payload: .sha256(bytes), isBlob: isBlob)
  }
}

extension LedgerHome {
  /// Tells all entries of a range, as the rules know them, page by page.
  func profiles(
    _ range: Range<Int64>, _ body: (EntryProfile) async throws -> Void
  ) async throws {
    var start = range.lowerBound
    while start < range.upperBound {
      try Task.checkCancellation()
      let page = start..<min(start + 1_000, range.upperBound)
      for row in try await ledger.read({ try $0.rows(page) }) {
        try await body(try await profile(row))
      }
      start = page.upperBound
    }
  }

  /// What the rules know of an entry.
  func profile(_ row: EntryRow) async throws -> EntryProfile {
    var isBlob = false
    if case .blob = row.payload { isBlob = true }
    return try EntryReader.profile(await ledger.entry(row), isBlob: isBlob)
  }
}
