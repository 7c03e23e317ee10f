/// A part of a log that has a root of its own and stands in every larger tree, whole or in a few
/// pieces: the leaves `start..<end`, where `start` is a multiple of the smallest power of two that
/// is not below their number ("Subtrees" in the Merkle Tree Certificates draft, which C2SP
/// `tlog-cosignature` refers to).
public struct Subtree: Hashable, Sendable {
  /// Index of the first leaf.
  public let start: Int64
  /// Index after the last leaf.
  public let end: Int64

  /// Names a subtree; `nil` for a range that is none. A range without leaves is one, anywhere.
  public init?(start: Int64, end: Int64) {
    guard start >= 0, end >= start else { return nil }
    let bits = end - start > 1 ? 64 - (end - start - 1).leadingZeroBitCount : 0
    guard start == 0 || start.trailingZeroBitCount >= bits else { return nil }
    self.start = start
    self.end = end
  }

  /// Number of leaves.
  public var count: Int64 { end - start }
}

extension ProofMaker {
  /// The root of a subtree.
  public func root(of subtree: Subtree) throws -> TreeHash {
    subtree.count == 0 ? .empty : try hash(subtree.start, subtree.end)
  }

  /// The proof that a leaf is in a subtree, from the leaf upwards; empty for an index outside.
  public func inclusion(of index: Int64, in subtree: Subtree) throws -> [TreeHash] {
    guard (subtree.start..<subtree.end).contains(index) else { return [] }
    return try path(index, subtree.start, subtree.end)
  }

  /// The proof that a subtree is a part of the tree of `size` leaves; empty when it is not inside.
  public func consistency(of subtree: Subtree, in size: Int64) throws -> [TreeHash] {
    guard subtree.count > 0, subtree.end <= size else { return [] }
    return try pieces(of: subtree.start..<subtree.end, from: 0, to: size, isKnown: true)
  }

  /// Walks from the tree's root down to the subtree's right edge; what lies beside the way is the
  /// proof. `isKnown` says that the verifier has the root of the range, because it is the whole
  /// subtree and not a piece.
  private func pieces(
    of range: Range<Int64>, from start: Int64, to end: Int64, isKnown: Bool
  ) throws -> [TreeHash] {
    if range.lowerBound == start, range.upperBound == end {
      return isKnown ? [] : [try hash(start, end)]
    }
    let split = start + Self.largestPower(below: end - start)
    if range.upperBound <= split {
      return try pieces(of: range, from: start, to: split, isKnown: isKnown) + [hash(split, end)]
    }
    // A subtree that crosses the split begins at `start`, so its left part is all that lies there.
    let right = max(range.lowerBound, split)..<range.upperBound
    return try pieces(
      of: right, from: split, to: end, isKnown: isKnown && range.lowerBound >= split)
      + [hash(start, split)]
  }
}

extension ProofVerifier {
  /// Whether a leaf is in a subtree with that root.
  public static func isIncluded(
    _ leaf: TreeHash, at index: Int64, in subtree: Subtree, proof: [TreeHash], root: TreeHash
  ) -> Bool {
    guard index >= subtree.start else { return false }
    // The subtree's shape is that of a tree of its own, because of where it may begin.
    return isIncluded(
      leaf, at: index - subtree.start, size: subtree.count, proof: proof, root: root)
  }

  /// Whether a subtree with the root `subtreeRoot` is a part of the tree of `size` leaves with the
  /// root `root`. A subtree without leaves is a part of every tree that reaches to it, whatever its
  /// root: its own root must be the hash of nothing.
  public static func isConsistent(
    _ subtree: Subtree, size: Int64, proof: [TreeHash], subtreeRoot: TreeHash, root: TreeHash
  ) -> Bool {
    guard subtree.end <= size else { return false }
    if subtree.count == 0 { return proof.isEmpty && subtreeRoot == .empty }
    var rest = proof[...]
    guard
      let found = fold(
        subtree.start..<subtree.end, from: 0, to: size, known: subtreeRoot, proof: &rest)
    else { return false }
    return rest.isEmpty && found.subtree == subtreeRoot && found.tree == root
  }

  /// Goes the way of the proof's maker, taking hashes from the proof's end, and gives back what the
  /// subtree's part and the whole between `start` and `end` hash to; `nil` when the proof is short.
  private static func fold(
    _ range: Range<Int64>, from start: Int64, to end: Int64, known: TreeHash?,
    proof: inout ArraySlice<TreeHash>
  ) -> (subtree: TreeHash, tree: TreeHash)? {
    if range.lowerBound == start, range.upperBound == end {
      return (known ?? proof.popLast()).map { ($0, $0) }
    }
    guard let beside = proof.popLast() else { return nil }
    let split = start + ProofMaker.largestPower(below: end - start)
    if range.upperBound <= split {
      return fold(range, from: start, to: split, known: known, proof: &proof).map {
        ($0.subtree, .node($0.tree, beside))
      }
    }
    let crosses = range.lowerBound < split
    return fold(
      max(range.lowerBound, split)..<range.upperBound, from: split, to: end,
      known: crosses ? nil : known, proof: &proof
    ).map { (crosses ? .node(beside, $0.subtree) : $0.subtree, .node(beside, $0.tree)) }
  }
}
