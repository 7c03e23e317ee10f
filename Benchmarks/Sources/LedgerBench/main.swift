import Attestation
import Blobs
import Foundation
import GRDB
import Ledger
import LedgerSQLite
import Model

// LedgerBench ledger|batch|sqlite COUNT FOLDER: appends COUNT entries and prints the seconds it took.

/// What an entry of a recorded step is: an envelope of so many bytes, one subject.
let envelopeLength = 1_600
/// The run that every step names.
let runID = "20261123-120000-0123abcd"

func draft(_ number: Int) -> EntryDraft {
  EntryDraft(
    kind: .step,
    envelope: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: envelopeLength),
    subjects: [.sha256(Array("commit".utf8))], actor: "pipeline", role: .pipeline,
    time: TimeSource.system.now(), facts: EntryFacts(run: runID))
}

/// The ledger as the program uses it; `batch` entries share one durable commit.
func ledger(_ count: Int, batch: Int, _ folder: String) async throws -> Duration {
  let key = PrivateKey.generate()
  let ledger = try SQLiteLedger.create(
    at: "\(folder)/ledger.sqlite", origin: "bench.ledger", logKey: key.publicKey,
    blobs: FileBlobStore(folder: "\(folder)/blobs"))
  let clock = ContinuousClock()
  let begun = clock.now
  for start in stride(from: 0, to: count, by: batch) {
    let drafts = (start..<min(start + batch, count)).map(draft)
    _ = try await ledger.append(drafts, logSigner: key.signer)
  }
  let time = begun.duration(to: clock.now)
  try ledger.close()
  return time
}

/// SQLite alone: rows of the same tables and sizes, one transaction each, nothing hashed or signed.
func sqlite(_ count: Int, _ folder: String) throws -> Duration {
  let queue = try DatabaseQueue(path: "\(folder)/bare.sqlite")
  try queue.inDatabase { db in
    try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
    try db.execute(sql: BareRows.schema)
  }
  let clock = ContinuousClock()
  let begun = clock.now
  for number in 0..<count {
    try queue.inDatabase { db in
      try db.inTransaction(.immediate) {
        try BareRows.insert(Int64(number), db)
        return .commit
      }
    }
  }
  return begun.duration(to: clock.now)
}

let arguments = CommandLine.arguments
guard arguments.count == 4, let count = Int(arguments[2]), count > 0 else {
  FileHandle.standardError.write(Data("usage: LedgerBench ledger|batch|sqlite COUNT FOLDER\n".utf8))
  exit(64)
}
let time: Duration
switch arguments[1] {
case "ledger": time = try await ledger(count, batch: 1, arguments[3])
case "batch": time = try await ledger(count, batch: 64, arguments[3])
default: time = try sqlite(count, arguments[3])
}
print(Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18)
