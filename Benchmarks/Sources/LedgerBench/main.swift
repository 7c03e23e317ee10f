import Attestation
import Blobs
import Foundation
import GRDB
import Ledger
import LedgerSQLite
import Model

/// What an entry of a recorded step is: an envelope of so many bytes, one subject.
let envelopeLength = 1_600
/// The run that every step names.
let runID = "20261123-120000-0123abcd"

func draft(_ number: Int) -> EntryDraft {
  EntryDraft(
    kind: .step,
    envelope: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: envelopeLength),
    subjects: [.sha256(Array("commit".utf8))], actor: "pipeline", role: .pipeline,
    time: TimeSource.system.now(), facts: EntryFacts(application: "ward-list", run: runID))
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

/// What can be measured, each with the words that follow it.
let usage = """
  usage: LedgerBench ledger|batch|sqlite COUNT FOLDER   seconds for so many durable appends
         LedgerBench build|build-tiny COUNT FOLDER      a ledger to measure on
         LedgerBench build-audit COUNT FOLDER           a ledger's folder that `pratique audit` answers from
         LedgerBench verify|verify-hashes FOLDER        entries, seconds, processor seconds, KiB held
         LedgerBench prove COUNT FOLDER                 entries, seconds a proof: median, mean, 99 in 100
         LedgerBench hash-limit|signature-limit THREADS COUNT FOLDER
                                                        seconds, processor seconds; sizes as found there

  """

func measure(_ arguments: [String]) async throws -> String? {
  func number(_ place: Int) -> Int? { Int(arguments[place]).flatMap { $0 > 0 ? $0 : nil } }
  let big = BigLedger(folder: arguments.last ?? "")
  switch (arguments.first, arguments.count) {
  case ("ledger", 3), ("batch", 3), ("sqlite", 3):
    guard let count = number(1) else { return nil }
    let time =
      arguments[0] == "sqlite"
      ? try sqlite(count, big.folder)
      : try await ledger(count, batch: arguments[0] == "ledger" ? 1 : 64, big.folder)
    return "\(time / .seconds(1))"
  case ("build", 3), ("build-tiny", 3):
    guard let count = number(1) else { return nil }
    try await big.build(count, isTiny: arguments[0] == "build-tiny")
    return "built"
  case ("build-audit", 3):
    guard let count = number(1) else { return nil }
    return "built \(try await AuditLedger(folder: big.folder).build(count)) entries"
  case ("verify", 2): return try await verification(big, .full)
  case ("verify-hashes", 2): return try await verification(big, .hashes)
  case ("prove", 3):
    guard let count = number(1) else { return nil }
    return try await proofs(big, count)
  case ("hash-limit", 4), ("signature-limit", 4):
    guard let threads = number(1), let count = number(2) else { return nil }
    let limits = try Limits(ledger: big.path)
    return try arguments[0] == "hash-limit"
      ? limits.hashes(count, threads: threads)
      : limits.signatures(count, threads: threads)
  default: return nil
  }
}

guard let answer = try await measure(Array(CommandLine.arguments.dropFirst())) else {
  FileHandle.standardError.write(Data(usage.utf8))
  exit(64)
}
print(answer)
