import Attestation
import Blobs
import Ledger
import Model
import Reading

/// Signed evidence that could not be recorded, as a file of a ledger's spool holds it
/// (`docs/formats/spool.md`).
struct SpoolFile: Codable {
  /// An entry that was to be recorded.
  struct Draft: Codable {
    /// The entry's id, 32 hexadecimal characters: under it the entry is recorded once.
    let entry: String
    let kind: EvidenceKind
    let actor: String
    let role: Role
    /// When it was to be recorded.
    let time: Instant
    /// The DSSE envelope's exact bytes, in base64.
    let envelope: String
  }

  /// The file's form; this program writes and reads 1.
  let form: Int
  /// The log's founding key: another ledger does not take it.
  let key: String
  /// Why it could not be recorded.
  let reason: String
  /// The highest checkpoint that this machine had seen by then.
  let checkpoint: String?
  /// Recorded all or none, in this order.
  let drafts: [Draft]

  static let limits = ReadingLimits(bytes: 64 << 20, depth: 8, values: 100_000)

  init(_ drafts: [EntryDraft], key: NoteKey, reason: String, checkpoint: String?) {
    form = 1
    self.key = key.description
    self.reason = reason
    self.checkpoint = checkpoint
    self.drafts = drafts.map {
      Draft(
        entry: Hexadecimal.encode($0.entryID), kind: $0.kind, actor: $0.actor, role: $0.role,
        time: $0.time, envelope: Base64.encode($0.envelope))
    }
  }

  /// Reads a file; `nil` when it is gone.
  ///
  /// - Throws: `Problem` with `badInput`.
  static func read(_ path: String, key: NoteKey?) throws -> SpoolFile? {
    guard let bytes = try DurableFile.read(path, limit: limits.bytes) else { return nil }
    do {
      let file: SpoolFile = try JSONReader.read(bytes, limits: limits).decode()
      guard file.form == 1 else {
        throw Problem(.badInput, "the file is of another version of this program", at: path)
      }
      if let key, !file.key.utf8.elementsEqual(key.description.utf8) {
        throw Problem(.badInput, "it was spooled for another ledger, \"\(file.key)\"", at: path)
      }
      return file
    } catch let error as ReadingError {
      throw Problem(.badInput, "the file cannot be read: \(error)", at: path)
    }
  }
}

extension SpoolFile.Draft {
  /// The draft with its old entry id, after its signature was checked: nobody vouches for a file but
  /// whoever signed what is in it.
  ///
  /// - Parameters:
  ///   - index: the entry's place, by which the trust root that judges it is found.
  ///   - now: when it is recorded.
  /// - Throws: `Problem` with `badInput` or `notTrusted`.
  func draft(trust: TrustHistory, index: Int64, now: Instant) throws -> EntryDraft {
    guard let id = Hexadecimal.decode(entry), id.count == 16, let bytes = Base64.decode(envelope)
    else { throw Problem(.badInput, "an entry of it has no id or no envelope") }
    let signed = try Envelope(json: bytes)
    let statement = try Statement(json: signed.payload)
    guard statement.predicateType.utf8.elementsEqual(kind.predicateType.utf8) else {
      throw Problem(.notTrusted, "it calls \"\(kind.rawValue)\" what the statement does not")
    }
    let keys = try trust.signers(
      of: signed, kind: kind, application: statement.application,
      environment: statement.environment, entry: index, time: now)
    guard keys.contains(where: { $0.holder.utf8.elementsEqual(actor.utf8) }),
      trust.current?.root.roles(of: actor).contains(role) == true
    else { throw Problem(.notTrusted, "\(actor) did not sign it in the role \(role.rawValue)") }
    return EntryDraft(
      kind: kind, envelope: bytes, subjects: statement.subjects.flatMap(\.digests), actor: actor,
      role: role, time: now, entryID: id, facts: EntryFacts(statement))
  }
}
