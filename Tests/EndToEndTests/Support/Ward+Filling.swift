import Attestation
import Blobs
import Foundation
import Journey
import Ledger
import LedgerSQLite
import Model
import TestKit

extension Ward {
  /// Appends so many signed steps to the ledger, a hundred a commit.
  func fill(_ count: Int, withBlobs blobCount: Int = 0) async throws {
    let blobs = FileBlobStore(folder: "\(ledger)/blobs")
    let store = try SQLiteLedger.open(at: "\(ledger)/ledger.sqlite", blobs: blobs)
    let log = try PrivateKey(path: "\(ledger)/keys/log.pem")
    let runner = try PrivateKey(path: "\(ledger)/keys/runner.pem")
    let subject = Subject(name: "thing", digest: .sha256("thing".utf8))
    for _ in 0..<count / 100 {
      let drafts = try (0..<100).map { number in
        let statement = try Statement(
          Evidence(kind: .step, subjects: [subject], predicate: ["n": "\(number)"]))
        return EntryDraft(
          kind: .step,
          envelope: try Envelope(signing: statement.json(), by: [runner.signer]).json(),
          subjects: subject.digests, actor: "runner", role: .pipeline,
          time: TimeSource.system.now(), facts: EntryFacts(statement))
      }
      _ = try await store.append(drafts, logSigner: log.signer)
    }
    for number in 0..<blobCount {
      _ = try await blobs.put(Array("log \(number)\n".utf8) + RandomBytes.make(3_000))
    }
    try store.close()
  }
}
