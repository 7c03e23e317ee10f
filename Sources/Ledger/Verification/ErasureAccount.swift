import Attestation
import Model

/// Payloads that are gone, held against the entries that say they were erased.
///
/// A payload that is gone is only right where an entry of kind `erasure`, rightly signed, names it;
/// and what an erasure names must be gone. Both sides are kept as ranges of indices, so that a ledger whose first years expired costs a few
/// bytes.
struct ErasureAccount: Sendable {
  /// Entries without a payload.
  var gone = IndexRanges()
  /// Entries that an erasure names.
  var claimed = IndexRanges()

  /// Takes an erasure's statement, after its signature was verified.
  ///
  /// - Parameter index: the erasure's own entry; it can only name entries before itself.
  /// - Throws: when it does not say what it erased.
  static func claims(of statement: Statement, at index: Int64) throws -> [Erasure.Entry] {
    let claims = try statement.predicate(as: Erasure.self).entries
    guard claims.allSatisfy({ $0.index >= 0 && $0.index < index }) else {
      throw Problem(.ledgerDamaged, "the erasure names an entry that is not before it")
    }
    if let entry = claims.first(where: { EvidenceKind.permanent.contains($0.kind) }) {
      throw Problem(
        .ledgerDamaged,
        "the erasure names entry \(entry.index) of kind \"\(entry.kind.rawValue)\", which is never"
          + " erased")
    }
    return claims
  }

  /// Holds what an erasure names against the leaves.
  ///
  /// - Throws: `Problem` with `ledgerDamaged` for an entry whose leaf says something else.
  static func check(_ claims: [Erasure.Entry], _ reader: any LedgerReader) throws {
    for claim in claims {
      guard let bytes = try reader.leaf(claim.index) else { continue }
      let leaf = try Leaf(bytes: bytes)
      guard leaf.envelope == claim.envelope, leaf.kind == claim.kind else {
        throw Problem(
          .ledgerDamaged, "the erasure names entry \(claim.index) with another digest or kind")
      }
    }
  }

  /// Payloads that are gone and that no erasure names.
  var unexplained: [Range<Int64>] { gone.subtracting(claimed) }

  /// Payloads that an erasure names and that are there.
  var remaining: [Range<Int64>] { claimed.subtracting(gone) }

  /// What does not agree.
  ///
  /// - Parameter kept: entries that may have their payloads although an erasure names them.
  func faults(kept: Set<Int64> = []) -> [LedgerFault] {
    var gone = gone
    for index in kept { gone.insert(index..<index + 1) }
    return faults(gone)
  }

  private func faults(_ gone: IndexRanges) -> [LedgerFault] {
    unexplained.map { range in
      let which =
        range.count == 1
        ? "the payload is gone" : "the payloads up to entry \(range.upperBound - 1) are gone"
      return LedgerFault(
        index: range.lowerBound, message: "\(which), and no erasure in the ledger names it")
    }
      + claimed.subtracting(gone).map { range in
        let which =
          range.count == 1
          ? "an erasure names its payload, which is"
          : "erasures name the payloads up to entry \(range.upperBound - 1), which are"
        return LedgerFault(index: range.lowerBound, message: "\(which) still there")
      }
  }
}
