import Attestation
import Blobs
import Foundation
import Ledger
import LedgerPostgreSQL
import Model

/// What an entry of a recorded step is: an envelope of so many bytes, one subject.
let envelopeLength = 1_600

func draft(_ number: Int) -> EntryDraft {
  EntryDraft(
    kind: .step,
    envelope: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: envelopeLength),
    subjects: [.sha256(Array("commit".utf8))], actor: "pipeline", role: .pipeline,
    time: TimeSource.system.now(), facts: EntryFacts(run: "20261123-120000-0123abcd"))
}

/// How entries come: one after the other, from so many callers at once, or so many in one append.
enum Manner: String {
  case one, callers, batch
}

/// Seconds for so many durable appends to a new ledger.
func measure(
  _ manner: Manner, width: Int, count: Int, at address: String, _ folder: String
) async throws -> Double {
  let key = PrivateKey.generate()
  let ledger = try PostgreSQLLedger.create(
    at: ServerAddress(address), origin: "bench.ledger", logKey: key.publicKey,
    blobs: FileBlobStore(folder: "\(folder)/blobs"))
  let clock = ContinuousClock()
  let begun = clock.now
  try await withThrowingTaskGroup(of: Void.self) { group in
    let callers = manner == .callers ? width : 1
    let batch = manner == .batch ? width : 1
    for caller in 0..<callers {
      group.addTask {
        for start in stride(from: caller * batch, to: count, by: callers * batch) {
          let drafts = (start..<min(start + batch, count)).map(draft)
          _ = try await ledger.append(drafts, logSigner: key.signer)
        }
      }
    }
    try await group.waitForAll()
  }
  return begun.duration(to: clock.now) / .seconds(1)
}

let words = CommandLine.arguments
guard words.count == 6, let manner = Manner(rawValue: words[1]), let width = Int(words[2]),
  let count = Int(words[3]), width > 0, count > 0
else {
  FileHandle.standardError.write(
    Data("usage: PostgreSQLBench one|callers|batch WIDTH COUNT ADDRESS FOLDER\n".utf8))
  exit(64)
}
print(try await measure(manner, width: width, count: count, at: words[4], words[5]))
