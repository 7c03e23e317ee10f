import Attestation
import Blobs
import Foundation
import Ledger
import LedgerPostgreSQL
import Model
import TestKit
import Testing

/// All tests that ask a server: one server for them, a schema for each.
@Suite("PostgreSQL", .serialized, .server, .enabled(if: PostgreSQLServer.isWanted))
struct PostgreSQLSerial {}

/// Starts the server before the suite and ends it behind.
struct ServerTrait: SuiteTrait, TestScoping {
  @TaskLocal static var current: PostgreSQLServer?

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let server = try await PostgreSQLServer()
    try await Self.$current.withValue(server) { try await function() }
    try await server.stop()
  }
}

extension Trait where Self == ServerTrait {
  static var server: ServerTrait { ServerTrait() }
}

/// A ledger with a trust root in a schema of its own.
struct SampleServer {
  let server: PostgreSQLServer
  let folder: TemporaryFolder
  let schema: String
  let logKey: PrivateKey
  let machine: PrivateKey
  let ledger: PostgreSQLLedger
  let time = Instant(milliseconds: 1_000_000)

  var blobs: FileBlobStore { FileBlobStore(folder: folder.file("blobs")) }

  func address(user: String = "owner", socketFolder: String? = nil) throws -> ServerAddress {
    try ServerAddress(server.address(user: user, schema: schema, socketFolder: socketFolder))
  }

  /// - Parameter like: a sample whose keys this one has too; then it has no entry yet.
  init(server other: PostgreSQLServer? = nil, like: SampleServer? = nil) async throws {
    server = try other ?? #require(ServerTrait.current)
    logKey = like?.logKey ?? PrivateKey.generate()
    machine = like?.machine ?? PrivateKey.generate()
    folder = try TemporaryFolder()
    schema = "s" + UUID().uuidString.lowercased().replacing("-", with: "_")
    ledger = try PostgreSQLLedger.create(
      at: ServerAddress(server.address(schema: schema)), origin: "test.ledger",
      logKey: logKey.publicKey, blobs: FileBlobStore(folder: folder.file("blobs")))
    if like == nil { _ = try await append([draft(.trustRoot, root)]) }
  }

  private var root: TrustRoot {
    TrustRoot(
      organisation: "hospital", version: 1,
      people: [.init(id: "ana", roles: [Role(rawValue: "official")])],
      machines: [.init(id: "runner", onBehalfOf: "ana", roles: [.pipeline])],
      keys: [
        .init(
          machine.publicKey, holder: "runner", kinds: [.trustRoot, .step, .erasure],
          validFrom: Instant(milliseconds: 0))
      ], changeApproval: [], policies: [], recovery: nil)
  }

  /// The same ledger, opened once more.
  func open(
    user: String = "owner", socketFolder: String? = nil, readOnly: Bool = false,
    patience: PostgreSQLLedger.Patience = .init()
  ) throws -> PostgreSQLLedger {
    try PostgreSQLLedger.open(
      at: address(user: user, socketFolder: socketFolder), blobs: blobs, readOnly: readOnly,
      patience: patience)
  }

  func draft(
    _ kind: EvidenceKind, _ predicate: some Encodable & Sendable, entryID: [UInt8]? = nil
  ) throws -> EntryDraft {
    let subject = Subject(name: "thing", digest: .sha256("thing".utf8))
    let statement = try Statement(
      Evidence(kind: kind, subjects: [subject], predicate: predicate))
    let envelope = try Envelope(signing: statement.json(), by: [machine.signer])
    return EntryDraft(
      kind: kind, envelope: try envelope.json(), subjects: subject.digests, actor: "runner",
      role: .pipeline, time: time, entryID: entryID)
  }

  func append(_ drafts: [EntryDraft]) async throws -> [Int64] {
    try await ledger.append(drafts, logSigner: logKey.signer)
  }

  /// Runs a statement in the ledger's schema.
  func sql(_ statement: String) async throws -> String? {
    try await server.sql("SET search_path TO \"\(schema)\"; \(statement)")
  }
}
