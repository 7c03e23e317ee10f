import Attestation
import Blobs
import Foundation
import GRDB
import Model
import Reading
import TestKit
import Testing

@testable import Ledger
@testable import LedgerSQLite

/// A small ledger with one of everything: payloads inline and in the blob store, one of them erased,
/// a change of the trust root, appends alone and together.
struct TamperedLedger {
  let folder: TemporaryFolder
  let ledger: SQLiteLedger
  /// Writes behind the ledger's back, without any of the database's constraints.
  let back: DatabaseQueue
  /// The entries as the index must have them.
  let indexed: [IndexedEntry]
  let trust: TrustHistory
  let keys: LogKeyHistory

  var path: String { folder.file("ledger.sqlite") }
  var blobs: FileBlobStore { FileBlobStore(folder: folder.file("blobs")) }

  init() async throws {
    let writer = try Author()
    folder = writer.folder
    try await writer.write(second: "second")
    ledger = try SQLiteLedger.open(
      at: writer.path, blobs: FileBlobStore(folder: writer.folder.file("blobs")), readOnly: true)
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    back = try DatabaseQueue(path: writer.path, configuration: configuration)
    try await back.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA synchronous = OFF; PRAGMA ignore_check_constraints = ON")
    }
    let size = try await ledger.read { try $0.size() }
    var indexed: [IndexedEntry] = []
    for entry in try await ledger.entries(Array(0..<size)) {
      indexed.append(try IndexedEntry(entry))
    }
    self.indexed = indexed
    let histories = try await ledger.histories()
    trust = histories.trust
    keys = histories.keys
  }

  /// Whether what one page's verification asks of a store finds a fault: the same functions as
  /// `verify` calls, in one connection, so that thousands of alterations can be looked at.
  func isFound(_ db: Database) throws -> Bool {
    let reader = LedgerSnapshot(db: db)
    let size = Int64(indexed.count)
    let page = try HashedPage(0..<size, scope: .hashes, reader: reader)
    if try page.report.faultCount > 0 || reader.size() != size { return true }
    guard try reader.checkpoint().map({ try Checkpoint(body: SignedNote($0).text).size }) == size
    else { return true }
    var last: Int64 = 0
    var check = EntryCheck(scope: .full, keys: keys, blobs: ledger.blobs, trust: trust)
    for head in page.heads {
      if head.previous != last { return true }
      last = head.size
      check.take(head.note, size: head.size, root: CompactRange().root(with: head.tail))
    }
    if check.report.faultCount > 0 { return true }
    return try !reader.indexFaults(indexed).isEmpty || !reader.strayIndexFaults().isEmpty
      || !reader.structureFaults().isEmpty
  }

  /// What `verify` says: the first fault, or the error that ended it; `nil` when nothing is wrong.
  func verify() async -> String? { await Self.verify(ledger) }

  static func verify(_ ledger: SQLiteLedger) async -> String? {
    do {
      return try await ledger.verify().faults.first?.message
    } catch { return (error as? Problem)?.message ?? "an error that is no sentence: \(error)" }
  }

  /// Everything that an export writes.
  static func content(_ ledger: SQLiteLedger) async throws -> [[UInt8]] {
    let (size, note) = try await ledger.read { (try $0.size(), try $0.checkpoint()) }
    var content = [Array(ledger.key.description.utf8), Array((note ?? "").utf8)]
    for entry in try await ledger.entries(Array(0..<min(size, 100))) {
      content.append(entry.leaf)
      if case .present(let envelope, let salt) = entry.payload { content += [envelope, salt] }
      let proof = try await ledger.read { try $0.proofs.inclusion(of: entry.index, in: size) }
      content += proof.map(\.bytes)
    }
    return content
  }
}

/// Writes ledgers, with the same keys again when history is to be written anew.
struct Author {
  let folder: TemporaryFolder
  let logKey: PrivateKey
  let machine: PrivateKey
  let ana: PrivateKey

  var path: String { folder.file("ledger.sqlite") }

  init() throws {
    self.init(
      folder: try TemporaryFolder(), logKey: .generate(), machine: .generate(), ana: .generate())
  }

  private init(folder: TemporaryFolder, logKey: PrivateKey, machine: PrivateKey, ana: PrivateKey) {
    self.folder = folder
    self.logKey = logKey
    self.machine = machine
    self.ana = ana
  }

  /// The same author, who begins again elsewhere.
  func anew() throws -> Author {
    Author(folder: try TemporaryFolder(), logKey: logKey, machine: machine, ana: ana)
  }

  /// Writes the whole ledger; histories differ in the text of the third entry.
  @discardableResult
  func write(second: String, upTo limit: Int = .max) async throws -> SQLiteLedger {
    let ledger = try SQLiteLedger.create(
      at: path, origin: "test.ledger", logKey: logKey.publicKey,
      blobs: FileBlobStore(folder: folder.file("blobs")))
    // Text that does not shrink to nothing, so that the blob's file is worth changing.
    var random = Seeded(seed: 1)
    let noise = String(
      (0..<160).map { _ in Character(Unicode.Scalar(.random(in: 97...122, using: &random))) })
    let large = noise + String(repeating: "x", count: SQLiteLedger.inlineLimit)
    let batches: [[EntryDraft]] = try [
      [draft(.trustRoot, root(1), by: ana)], [draft(.step, ["text": "first"])],
      [draft(.step, ["text": second]), draft(.step, ["application": "app", "run": "r1"])],
      [draft(.step, ["text": large])], [draft(.step, ["text": "to be erased"])],
      [draft(.trustRoot, root(2), by: ana)], [draft(.step, ["text": "after the change"])],
    ]
    for batch in batches.prefix(limit) {
      _ = try await ledger.append(batch, logSigner: logKey.signer)
    }
    if limit > batches.count { try await erase(5, ledger) }
    return ledger
  }

  private func erase(_ index: Int64, _ ledger: SQLiteLedger) async throws {
    let leaf = try await ledger.read { try Leaf(bytes: $0.row(index).leaf) }
    let erasure = Erasure(
      entries: [Erasure.Entry(index: index, kind: leaf.kind, envelope: leaf.envelope)],
      basis: .spill, reason: "test", requestedBy: nil, person: "runner", role: .pipeline,
      time: Instant(milliseconds: 2_000_000))
    let size = try await ledger.read { try $0.size() }
    _ = try await ledger.erase(
      draft(.erasure, erasure), payloads: [index], remnants: [],
      logSigner: LogSigner(logKey.signer), ifSize: size)
    try await ledger.scrub()
    try await ledger.forget(ledger.remnants())
  }

  private func root(_ version: Int) -> TrustRoot {
    TrustRoot(
      organisation: "hospital", version: version, people: [.init(id: "ana", roles: [.deliverer])],
      machines: [.init(id: "runner", onBehalfOf: "ana", roles: [.pipeline])],
      keys: [
        .init(
          machine.publicKey, holder: "runner", kinds: [.step, .erasure],
          validFrom: Instant(milliseconds: 0)),
        .init(
          ana.publicKey, holder: "ana", kinds: [.trustRoot], validFrom: Instant(milliseconds: 0)),
      ], changeApproval: [.init(role: .deliverer, count: 1)], policies: [], recovery: nil)
  }

  func draft(
    _ kind: EvidenceKind, _ predicate: some Encodable & Sendable, by key: PrivateKey? = nil
  ) throws -> EntryDraft {
    let subject = Subject(name: "thing", digest: .sha256("thing".utf8))
    let statement = try Statement(
      Evidence(kind: kind, subjects: [subject], predicate: predicate))
    let envelope = try Envelope(signing: statement.json(), by: [(key ?? machine).signer])
    return EntryDraft(
      kind: kind, envelope: try envelope.json(), subjects: subject.digests,
      actor: key == nil ? "runner" : "ana", role: key == nil ? .pipeline : .deliverer,
      time: Instant(milliseconds: 1_000_000), facts: EntryFacts(statement))
  }
}
