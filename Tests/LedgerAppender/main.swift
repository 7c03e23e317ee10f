import Attestation
import Blobs
import Foundation
import Ledger
import LedgerSQLite
import Model

// Appends to a ledger until somebody kills it: LedgerAppender FOLDER SEED [ENTRY-ID …]
//
// It says before each append which entries it tries, and after it which index each has got; what it
// says is in a file before the next append begins. Entry ids that it is given are sent first: an
// earlier process was killed before it heard whether they were recorded.

/// Writes a line that outlives this process.
func say(_ line: String) {
  let bytes = Array("\(line)\n".utf8)
  _ = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
}

func draft(_ number: Int, large: Bool, id: [UInt8]?, by machine: PrivateKey) throws -> EntryDraft {
  let subject = Subject(name: "thing", digest: .sha256("thing \(number % 7)".utf8))
  let text = large ? String(repeating: "x", count: SQLiteLedger.inlineLimit) : "\(number)"
  let statement = try Statement(
    Evidence(kind: .step, subjects: [subject], predicate: ["n": text]))
  let envelope = try Envelope(signing: statement.json(), by: [machine.signer])
  return EntryDraft(
    kind: .step, envelope: try envelope.json(), subjects: subject.digests, actor: "runner",
    role: .pipeline, time: TimeSource.system.now(), entryID: id,
    facts: EntryFacts(statement))
}

let arguments = CommandLine.arguments
guard arguments.count >= 3, var state = UInt64(arguments[2]) else { exit(64) }
let folder = arguments[1]
let ledger = try SQLiteLedger.open(
  at: "\(folder)/ledger.sqlite", blobs: FileBlobStore(folder: "\(folder)/blobs"))
let logKey = try PrivateKey(path: "\(folder)/log.pem")
let machine = try PrivateKey(path: "\(folder)/machine.pem")
var retries = arguments.dropFirst(3).compactMap { Hexadecimal.decode($0) }
say("ready")
while true {
  state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
  let count = retries.isEmpty ? 1 + Int(state >> 33) % 3 : retries.count
  let drafts = try (0..<count).map { place in
    try draft(
      Int(state >> 40) + place, large: Int(state >> 35) % 16 == 0,
      id: retries.isEmpty ? nil : retries[place], by: machine)
  }
  retries = []
  let ids = drafts.map { Hexadecimal.encode($0.entryID) }
  say("try \(ids.joined(separator: " "))")
  let indices = try await ledger.append(drafts, logSigner: logKey.signer)
  say("got \(zip(ids, indices).map { "\($0)=\($1)" }.joined(separator: " "))")
}
