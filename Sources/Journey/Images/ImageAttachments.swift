import Attestation
import Ledger
import LedgerSQLite
import Model
import Packaging
import Reading

/// What the ledger has on an image, as envelopes that others verify without this program.
struct ImageAttachments {
  let home: LedgerHome
  let manifest: Digest

  /// Kinds that are attached where a step names none.
  static let usualKinds: [EvidenceKind] = [
    .provenance, .vulnerabilityScan, .inventory, .release, .decision,
  ]
  /// in-toto's predicate type of a CycloneDX document.
  private static let cycloneDX = "https://cyclonedx.org/bom"

  /// The envelopes of these kinds, byte for byte as they are in the ledger, in its order. What was
  /// not admitted or was erased is left out.
  func envelopes(_ kinds: [EvidenceKind]) async throws -> [[UInt8]] {
    let history = try await home.trustHistory()
    let manifest = manifest
    let indices = try await home.ledger.read { try $0.indices(subjects: [manifest]) }
    var found: [[UInt8]] = []
    for entry in try await home.ledger.entries(indices) {
      let leaf = try Leaf(bytes: entry.leaf)
      guard kinds.contains(leaf.kind) else { continue }
      if case .erased = entry.payload { continue }
      guard (try? home.admit(entry, leaf: leaf, history: history)) != nil else { continue }
      found.append(try EntryReader.bytes(entry, leaf: leaf))
    }
    return found
  }

  /// The last bill of materials itself, as a statement that the machine signs: the ledger's evidence
  /// has its digest and its counts alone.
  func inventory(_ signer: Signer, _ envelopes: [[UInt8]]) async throws -> [UInt8]? {
    for bytes in envelopes.reversed() {
      let statement = try Statement(json: Envelope(json: bytes).payload)
      guard statement.predicateType == EvidenceKind.inventory.predicateType else { continue }
      let result = try statement.predicate(as: InventoryResult.self)
      guard result.source.format == "cyclonedx",
        let document = try await home.blobs.get(result.source.report)
      else { continue }
      let signed = try Statement(
        subjects: statement.subjects, predicateType: Self.cycloneDX,
        predicate: JSONReader.read(document))
      return try Envelope(signing: signed.json(), by: [signer]).json()
    }
    return nil
  }
}
