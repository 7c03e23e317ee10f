import Attestation
import Model

/// Where a verification stands: what another one needs to go on from there.
///
/// Nobody signs it. It is the note of whoever verifies to himself: who can write to it can make it
/// say anything, so it belongs to where the ledger's operator does not reach. It is bound to the
/// ledger's founding key and to the checkpoint that was there when the verification began.
public struct VerificationState: Sendable {
  private static let form = 1

  /// The key that founded the ledger.
  let founding: NoteKey
  /// How much is checked.
  public let scope: VerificationScope
  /// The signed checkpoint when the verification began.
  let checkpoint: String
  let prefix: VerifiedPrefix

  init(founding: NoteKey, scope: VerificationScope, checkpoint: String, prefix: VerifiedPrefix) {
    self.founding = founding
    self.scope = scope
    self.checkpoint = checkpoint
    self.prefix = prefix
  }

  /// Entries that were checked, from the first on.
  public var entries: Int64 { prefix.edge.size }
  /// What is wrong with them.
  public var faultCount: Int64 { prefix.report.faultCount }

  /// Checks that the ledger still begins with what was checked, as far as its stored hashes say it,
  /// and reads the entries by which those that follow are judged.
  ///
  /// - Throws: `Problem` with `badInput` when it is of another ledger or another scope,
  ///   `ledgerDamaged` when the stored hashes of the beginning are no longer those.
  func rows(
    by reader: any LedgerReader, founding: NoteKey, scope: VerificationScope
  ) throws -> [EntryRow] {
    guard founding == self.founding else {
      throw Problem(.badInput, "the state is of a verification of \"\(self.founding.name)\"")
    }
    guard scope == self.scope else {
      throw Problem(
        .badInput, "the state is of a verification that checked something else",
        advice: "Go on with the same options, or start anew without --resume.")
    }
    let changed = Problem(
      .ledgerDamaged,
      "the ledger no longer begins with the \(entries) entries that were checked",
      advice: "Keep it as it is, and verify it from the start.")
    let begun = try Checkpoint(body: SignedNote(checkpoint).text)
    guard try reader.size() >= max(entries, begun.size) else { throw changed }
    let proofs = reader.proofs
    let stored = try CompactRange(size: entries) { place in
      guard let hash = try reader.node(place) else { throw changed }
      return hash
    }
    guard stored == prefix.edge, try proofs.root(size: begun.size) == begun.root else {
      throw changed
    }
    return try prefix.authorities.map { index in
      let row = try reader.row(index)
      let proof = try proofs.inclusion(of: index, in: entries)
      guard
        ProofVerifier.isIncluded(
          .leaf(row.leaf), at: index, size: entries, proof: proof, root: stored.root)
      else { throw changed }
      return row
    }
  }
}

extension VerificationState: Codable {
  /// Its form in a file.
  private struct Fields: Codable {
    var form: Int
    var key: String
    var scope: VerificationScope
    var checkpoint: String
    var entries: Int64
    var edge: [String]
    var lastHead: Int64
    var authorities: [Int64]
    var gone: [[Int64]]
    var claimed: [[Int64]]
    var report: LedgerReport
  }

  /// Reads it.
  public init(from decoder: any Decoder) throws {
    let fields = try Fields(from: decoder)
    var hashes = fields.edge.compactMap { Hexadecimal.decode($0).flatMap { TreeHash($0) } }[...]
    let isWhole =
      fields.form == Self.form && hashes.count == fields.edge.count && fields.entries >= 0
      && fields.entries.nonzeroBitCount == hashes.count
      && fields.authorities.allSatisfy { $0 >= 0 && $0 < fields.entries }
    guard isWhole else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "no state of this program's form"))
    }
    self.init(
      founding: try NoteKey(fields.key), scope: fields.scope, checkpoint: fields.checkpoint,
      prefix: VerifiedPrefix(
        edge: CompactRange(size: fields.entries) { _ in hashes.popFirst() ?? .empty },
        lastHead: fields.lastHead, authorities: fields.authorities,
        erasures: ErasureAccount(
          gone: IndexRanges(fields.gone), claimed: IndexRanges(fields.claimed)),
        report: fields.report))
  }

  /// Writes it.
  public func encode(to encoder: any Encoder) throws {
    let edge = prefix.edge
    try Fields(
      form: Self.form, key: founding.description, scope: scope, checkpoint: checkpoint,
      entries: edge.size, edge: edge.subtrees.map(\.description),
      lastHead: prefix.lastHead, authorities: prefix.authorities, gone: prefix.erasures.gone.pairs,
      claimed: prefix.erasures.claimed.pairs, report: prefix.report
    ).encode(to: encoder)
  }
}

extension IndexRanges {
  /// Each range as its first index and the one behind its last.
  fileprivate var pairs: [[Int64]] { ranges.map { [$0.lowerBound, $0.upperBound] } }

  fileprivate init(_ pairs: [[Int64]]) {
    for pair in pairs where pair.count == 2 && pair[0] < pair[1] { insert(pair[0]..<pair[1]) }
  }
}
