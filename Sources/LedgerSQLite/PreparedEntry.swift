import Ledger
import Model

/// A draft with its salt, its leaf and its payload where it must lie: all that can be done before
/// the transaction, so that the ledger is held as shortly as can be.
struct PreparedEntry: Sendable {
  let leaf: Leaf
  let leafBytes: [UInt8]
  let hash: TreeHash
  let facts: EntryFacts
  let salt: [UInt8]
  let envelope: [UInt8]?
  let blob: Digest?

  /// Draws a salt, and puts a large payload into the blob store.
  init(_ draft: EntryDraft, blobs: any BlobStore) async throws {
    salt = RandomBytes.make(32)
    leaf = try Leaf(
      entryID: draft.entryID, kind: draft.kind,
      envelope: Leaf.saltedDigest(of: draft.envelope, salt: salt), subjects: draft.subjects,
      actor: draft.actor, role: draft.role, time: draft.time)
    leafBytes = leaf.bytes
    hash = .leaf(leafBytes)
    facts = draft.facts
    let isInline = draft.envelope.count < SQLiteLedger.inlineLimit
    envelope = isInline ? draft.envelope : nil
    blob = isInline ? nil : try await blobs.put(draft.envelope)
  }
}
