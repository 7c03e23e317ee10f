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
  /// Entries on the digest that was asked for, by their leaves.
  private(set) var onSubject: [Int64] = []
  private let subject: Digest?
  private var range = CompactRange()

  /// Begins.
  ///
  /// - Parameter subject: a digest whose entries are noted on the way.
  init(subject: Digest? = nil) { self.subject = subject }

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
    let keys = try await ledger.histories(size: all).keys
    while size < all {
      try Task.checkCancellation()
      let page = size..<min(size + Self.page, all)
      let deciding = try await take(page, ledger)
      for row in deciding { try await take(row, ledger, keys) }
      guard size == page.upperBound else {
        throw Problem(.ledgerDamaged, "entry \(size) is missing", at: ledger.place)
      }
      progress(size, all)
    }
    let checkpoint = try keys.checkpoint(note)
    guard checkpoint.size == size, checkpoint.root == range.root else {
      throw Problem(
        .ledgerDamaged, "the entries do not lead to the signed root", at: ledger.place,
        advice: "Look with: pratique ledger verify")
    }
    record.settle()
  }

  /// Takes the leaves of a page.
  ///
  /// - Returns: the rows that decide; of the others the payload is not even read.
  private mutating func take(
    _ page: Range<Int64>, _ ledger: any LedgerStore
  ) async throws -> [EntryRow] {
    let (range, place, subject) = (range, ledger.place, subject)
    let (edge, rows, found) = try await ledger.read { reader in
      var edge = range
      var deciding: [Int64] = []
      var found: [Int64] = []
      try reader.visit(page) { row in
        guard row.index == edge.size else {
          throw Problem(.ledgerDamaged, "entry \(edge.size) is missing", at: place)
        }
        let bytes = Array(row.leaf)
        let leaf = try Leaf(bytes: bytes)
        edge.append(.leaf(bytes)) { _, _ in }
        if leaf.kind == .trustRoot || RetentionRecord.kinds.contains(leaf.kind) {
          deciding.append(row.index)
        }
        if let subject, leaf.subjects.contains(subject) { found.append(row.index) }
      }
      return (edge, try deciding.map { try reader.row($0) }, found)
    }
    self.range = edge
    onSubject += found
    return rows
  }

  private mutating func take(
    _ row: EntryRow, _ ledger: any LedgerStore, _ keys: LogKeyHistory
  ) async throws {
    let leaf = try Leaf(bytes: row.leaf)
    let entry = try await ledger.entry(row)
    if case .erased = entry.payload {
      guard EvidenceKind.permanent.contains(leaf.kind) else { return }
      throw Problem(
        .ledgerDamaged,
        "the payload of entry \(row.index) of kind \"\(leaf.kind.rawValue)\" is gone, and never may"
          + " be", at: ledger.place)
    }
    let bytes = try EntryReader.bytes(entry, leaf: leaf)
    let envelope = try Envelope(json: bytes)
    let statement = try Statement(json: envelope.payload)
    if leaf.kind == .trustRoot {
      try history.admit(
        envelope, root: statement.predicate(as: TrustRoot.self), at: row.index, time: leaf.time)
      return
    }
    let signers = try history.signers(
      of: envelope, kind: leaf.kind, application: nil, environment: nil, entry: row.index,
      time: leaf.time)
    guard signers.contains(where: { $0.holder.utf8.elementsEqual(leaf.actor.utf8) }) else {
      throw Problem(
        .notTrusted, "entry \(row.index) names \(leaf.actor) and is signed by somebody else",
        at: ledger.place)
    }
    guard statement.predicateType == leaf.kind.predicateType else {
      throw Problem(.ledgerDamaged, "entry \(row.index) is not of its kind", at: ledger.place)
    }
    if keys.isDistrusted(row.index), try Self.loosens(leaf.kind, statement) { return }
    let profile = EntryProfile(
      index: row.index, leaf: leaf, statement: statement, payload: .sha256(bytes), isBlob: false)
    try record.take(profile, statement)
  }
}

extension RetentionSurvey {
  /// Whether an entry may let something go that was kept: what was recorded while somebody else may
  /// have had the log key counts where it keeps, and not where it loosens.
  private static func loosens(_ kind: EvidenceKind, _ statement: Statement) throws -> Bool {
    switch kind {
    case .rollout: true
    case .legalHold: try statement.predicate(as: LegalHold.self).action == .lifted
    default: false
    }
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
      let bytes = try bytes(entry, leaf: leaf)
      do {
        let statement = try Statement(json: Envelope(json: bytes).payload)
        return EntryProfile(
          index: entry.index, leaf: leaf, statement: statement, payload: .sha256(bytes),
          isBlob: isBlob)
      } catch {
        throw Problem(.ledgerDamaged, "entry \(entry.index) cannot be read: \(error)")
      }
    }
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
