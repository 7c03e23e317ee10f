// A transparency log in one SQLite file: append, prove, and verify without the ledger.
import Attestation
import Blobs
import Foundation
import Ledger
import LedgerSQLite
import Model

let folder = CommandLine.arguments.dropFirst().first ?? "."
let key = PrivateKey.generate()
let ledger = try SQLiteLedger.create(
  at: "\(folder)/ledger.sqlite", origin: "log.example/demo", logKey: key.publicKey,
  blobs: FileBlobStore(folder: "\(folder)/blobs"))

// What shall be on record: a statement about a thing that is named by its digest, signed.
let subject = Subject(name: "app.tar", digest: .sha256("the app's bytes".utf8))
let statement = try Statement(
  Evidence(kind: .testResult, subjects: [subject], predicate: ["result": "passed"]))
let envelope = try Envelope(signing: statement.json(), by: [key.signer])

// One durable append, then the receipt: from here on the ledger is not needed any more.
let draft = EntryDraft(
  kind: .testResult, envelope: try envelope.json(), subjects: subject.digests, actor: "ci",
  role: .pipeline, time: Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)))
let index = try await ledger.append([draft], logSigner: key.signer)[0]
let (leaf, receipt) = try await ledger.read { try ($0.row(index).leaf, $0.receipt(index)) }
try ledger.close()

// Anybody with the leaf, the receipt and a policy of their own can check it, offline.
let policy = try TrustPolicy("log \(ledger.key)\nquorum none\n")
let verdict = try Receipt(receipt.description).verify(leaf: leaf, policy: policy)
print("entry \(index) is in \(verdict.log.name), one of \(verdict.checkpoint.size)")
