public import Attestation
import Blobs
import Foundation
import Ledger
public import Model

/// Where evidence goes that is signed outside of a run: to a ledger, or to a folder that is handed
/// on.
public struct EvidencePlace: Sendable {
  /// What became of evidence.
  public enum Kept: Sendable {
    /// It is durable in the ledger.
    case recorded([RecordedEvidence])
    /// It is signed, and durable in a file that is not a ledger.
    case spooled(file: String)
  }

  /// Whether evidence could be signed and recorded now; throws the reason why not.
  let check: @Sendable () async throws -> Void
  /// Keeps contents, then signs and keeps evidence: all or none of it.
  let keep: @Sendable ([Evidence], [[UInt8]], TimeSource) async throws -> Kept

  /// A ledger, opened anew each time: a command may run for hours in between, and no connection
  /// needs to last so long.
  ///
  /// - Parameter open: opens it; keys must be cached by whoever gives this.
  public static func ledger(_ open: @escaping @Sendable () throws -> LedgerHome) -> EvidencePlace {
    EvidencePlace(
      check: {
        let home = try open()
        defer { try? home.ledger.close() }
        _ = try await home.recorder(role: .pipeline, time: .system, flushesSpool: false)
      },
      keep: { evidence, contents, time in
        let home = try open()
        defer { try? home.ledger.close() }
        let recorder = try await home.recorder(role: .pipeline, time: time)
        try await home.blobs.keep(guarded: contents)
        let entries = try await recorder.record(evidence)
        await home.keepHighest()
        return .recorded(entries)
      })
  }

  /// A folder of spool files (`docs/formats/spool.md`), to be handed on to where the ledger is.
  ///
  /// - Parameters:
  ///   - signer: the key of the machine.
  ///   - machine: the machine's pseudonym in the trust root.
  ///   - log: the verifier key that the log was founded with.
  /// - Throws: `Problem` with `badInput` for a name that is none, or a verifier key that is none.
  public static func spool(
    _ folder: String, signer: Signer, machine: String, log: String
  ) throws -> EvidencePlace {
    guard Actor.isIdentifier(machine) else {
      throw Problem(.badInput, "\"\(machine)\" is no machine's pseudonym")
    }
    let key: NoteKey
    do { key = try NoteKey(log) } catch {
      throw Problem(
        .badInput, "\"\(log)\" is no verifier key of a log",
        advice: "`pratique ledger export` writes it, log.vkey; it looks like NAME+12345678+BASE64.")
    }
    let spool = Spool(path: folder, key: key)
    return EvidencePlace(
      check: { try DurableFolder.make(folder) },
      keep: { evidence, contents, time in
        let blobs = FileBlobStore(folder: "\(folder)/blobs")
        try await blobs.keep(guarded: contents)
        let now = time.now()
        let drafts = try evidence.map { piece in
          try EntryDraft.guarded(
            Statement(piece), kind: piece.kind, signers: [signer], actor: machine,
            role: .pipeline, time: now)
        }
        let reason = "signed where the ledger is not, to be handed on"
        guard let file = try spool.keep(drafts, reason: reason, checkpoint: nil) else {
          throw Problem(.internalError, "there was nothing to keep")
        }
        return .spooled(file: file)
      })
  }
}
