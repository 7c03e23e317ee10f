import Attestation
import Model

/// What a page's statements and signatures are checked with, and what was found.
struct EntryCheck: Sendable {
  let scope: VerificationScope
  let blobs: any BlobStore
  /// The keys that sign the checkpoints up to the page's end.
  let keys: LogKeyHistory
  /// The trust roots up to the page's end, each with the index from which it is in force.
  let trust: TrustHistory
  private(set) var report = LedgerReport()
  /// Entries that erasures of the page name.
  private(set) var claims: [Range<Int64>] = []
  /// What the index must say of the page's entries.
  private var indexed: [IndexedEntry] = []

  init(
    scope: VerificationScope, keys: LogKeyHistory, blobs: any BlobStore, trust: TrustHistory
  ) {
    self.scope = scope
    self.keys = keys
    self.blobs = blobs
    self.trust = trust
  }

  /// Checks an entry's payload and, unless hashes alone are asked for, its statement and signature.
  mutating func take(_ row: HashedPage.Row, store: some LedgerStore) async {
    var facts: EntryFacts?
    if case .none = row.payload { facts = EntryFacts() }
    defer { indexed.append(IndexedEntry(index: row.index, leaf: row.leaf, facts: facts)) }
    do {
      guard let bytes = try await payload(row), scope == .full else { return }
      let (envelope, statement) = try Self.statement(bytes, row.leaf)
      facts = EntryFacts(statement)
      // A change of the trust root or of the log key was admitted, or refused, in the ledger's order.
      if [.trustRoot, .logKey, .recoveryEpoch].contains(row.leaf.kind) { return }
      let keys = try trust.signers(
        of: envelope, kind: row.leaf.kind, application: statement.application,
        environment: statement.environment, entry: row.index, time: row.leaf.time)
      guard keys.contains(where: { $0.holder.utf8.elementsEqual(row.leaf.actor.utf8) }) else {
        throw Problem(
          .notTrusted, "the leaf names \(row.leaf.actor), the signature is of \(keys[0].holder)")
      }
      if row.leaf.kind == .erasure {
        let named = try ErasureAccount.claims(of: statement, at: row.index)
        try await store.read { try ErasureAccount.check(named, $0) }
        claims += named.map { $0.index..<$0.index + 1 }
      }
      if row.leaf.kind == .reorganisation {
        let named = try statement.predicate(as: Reorganisation.self)
        try named.checkPredecessors(of: store.key)
      }
      report.envelopes += 1
    } catch {
      report.add(error, at: row.index)
    }
  }

  /// The envelope's bytes; those in blobs are fetched and held against the leaf.
  private mutating func payload(_ row: HashedPage.Row) async throws -> [UInt8]? {
    switch row.payload {
    case .none: return nil
    case .inline(let bytes, _): return bytes
    case .blob(let digest, let salt):
      guard let bytes = try await blobs.get(digest) else {
        throw Problem(.ledgerDamaged, "its payload \(digest) is not in the blob store")
      }
      guard Leaf.saltedDigest(of: bytes, salt: salt) == row.leaf.envelope else {
        throw Problem(.ledgerDamaged, HashedPage.otherPayload)
      }
      return bytes
    }
  }

  /// Reads an envelope's statement, which must say what the leaf says.
  private static func statement(
    _ bytes: [UInt8], _ leaf: Leaf
  ) throws -> (Envelope, Statement) {
    let envelope = try Envelope(json: bytes)
    let statement = try Statement(json: envelope.payload)
    guard statement.predicateType == leaf.kind.predicateType else {
      throw Problem(
        .ledgerDamaged, "the leaf says \"\(leaf.kind.rawValue)\", the statement does not")
    }
    guard Set(statement.subjects.flatMap(\.digests)) == Set(leaf.subjects) else {
      throw Problem(.ledgerDamaged, "the leaf's subjects are not the statement's")
    }
    return (envelope, statement)
  }

  /// Holds the index against the entries that were taken.
  mutating func compareIndex(_ store: some LedgerStore) async throws {
    guard scope == .full else { return }
    let expected = indexed
    indexed = []
    let faults = try await store.read { reader in
      let faults = try reader.indexFaults(expected)
      guard !faults.isEmpty else { return faults }
      // What was erased since it was read has no facts any more.
      let now = try expected.map { entry in
        guard case .none = try reader.row(entry.index).payload else { return entry }
        return entry.withoutFacts
      }
      return try reader.indexFaults(now)
    }
    for fault in faults { report.add(fault) }
  }

  /// Admits a change of the trust root, by the rules of the version before it.
  mutating func admit(_ row: HashedPage.Row, to trust: inout TrustHistory) async {
    do {
      guard let bytes = try await payload(row) else { return }
      let (envelope, statement) = try Self.statement(bytes, row.leaf)
      try trust.admit(
        envelope, root: statement.predicate(as: TrustRoot.self), at: row.index,
        time: row.leaf.time)
      report.envelopes += 1
    } catch {
      report.add(error, at: row.index)
    }
  }

  /// Admits a change of the log key, by the key and the trust root before it.
  mutating func admit(
    _ row: HashedPage.Row, to keys: inout LogKeyHistory, trust: TrustHistory,
    store: some LedgerStore
  ) async {
    do {
      guard let bytes = try await payload(row) else {
        throw Problem(
          .ledgerDamaged, "the change of the log key was erased, which breaks its chain")
      }
      let (envelope, statement) = try Self.statement(bytes, row.leaf)
      try await keys.admit(envelope, statement, at: row.index, leaf: row.leaf, trust: trust, store)
      report.envelopes += 1
    } catch {
      report.add(error, at: row.index)
    }
  }

  /// Holds a signed head against the root that the entries have at its size.
  mutating func take(_ note: String, size: Int64, root: TreeHash) {
    report.checkpoints += 1
    let prefix = "the checkpoint of size \(size) is not valid: "
    do {
      let checkpoint =
        try scope == .full ? keys.checkpoint(note) : Checkpoint(body: SignedNote(note).text)
      // With signatures the key has told whether the name is right; a recovery epoch changes it.
      guard
        scope == .full || checkpoint.origin.utf8.elementsEqual(keys.origin.utf8)
          || checkpoint.origin.utf8.starts(with: "\(keys.origin)/epoch-".utf8)
      else {
        return report.add("\(prefix)it is of \"\(checkpoint.origin)\", not of \"\(keys.origin)\"")
      }
      guard checkpoint.size == size else {
        return report.add("\(prefix)it says \(checkpoint.size)")
      }
      guard checkpoint.root == root else {
        return report.add("\(prefix)its root is not the root of the entries")
      }
    } catch {
      report.add(error, prefix: prefix)
    }
  }
}
