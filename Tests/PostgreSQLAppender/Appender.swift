import Attestation
import Blobs
import Foundation
import Ledger
import LedgerPostgreSQL
import Model

/// Appends to a ledger until it is killed, and says each entry when it is acknowledged:
/// `<task> <entry id> <index>`.
///
/// Arguments: the ledger's address, the log's key, the machine's key, the folder of blobs.
@main
struct Appender {
  static func main() async throws {
    let words = CommandLine.arguments
    let log = try PrivateKey(path: words[2])
    let machine = try PrivateKey(path: words[3])
    let ledger = try await opened(words[1], FileBlobStore(folder: words[4]))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<3 {
        group.addTask {
          while true {
            let draft = try draft(by: machine)
            let index = try await ledger.append([draft], logSigner: log.signer)[0]
            let line = "\(task) \(Hexadecimal.encode(draft.entryID)) \(index)\n"
            FileHandle.standardOutput.write(Data(line.utf8))
            try await Task.sleep(for: .milliseconds(20))
          }
        }
      }
      try await group.waitForAll()
    }
  }

  /// The server may be starting again just now.
  private static func opened(
    _ address: String, _ blobs: FileBlobStore
  ) async throws -> PostgreSQLLedger {
    while true {
      do {
        return try PostgreSQLLedger.open(at: ServerAddress(address), blobs: blobs)
      } catch let problem as Problem where problem.code == .inputOutput {
        try await Task.sleep(for: .milliseconds(20))
      }
    }
  }

  private static func draft(by machine: PrivateKey) throws -> EntryDraft {
    let subject = Subject(name: "thing", digest: .sha256("thing".utf8))
    let statement = try Statement(
      Evidence(kind: .step, subjects: [subject], predicate: ["n": "1"]))
    return EntryDraft(
      kind: .step, envelope: try Envelope(signing: statement.json(), by: [machine.signer]).json(),
      subjects: subject.digests, actor: "runner", role: .pipeline,
      time: Instant(milliseconds: 1_000_000), facts: EntryFacts(statement))
  }
}
