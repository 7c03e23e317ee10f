import Model

/// The place of a perfect subtree: it covers the leaves `index << level` up to
/// `(index + 1) << level`.
public struct NodePlace: Hashable, Sendable {
  /// Height above the leaves.
  public let level: Int
  /// Counted from zero among the subtrees of that height.
  public let index: Int64

  /// Names a perfect subtree.
  public init(level: Int, index: Int64) {
    self.level = level
    self.index = index
  }
}

/// The right edge of a tree: one root for each perfect subtree, as many as the size has set bits.
///
/// Appending costs one leaf hash and, on average, one node hash.
public struct CompactRange: Hashable, Sendable {
  /// Number of leaves.
  public private(set) var size: Int64
  /// Roots of the perfect subtrees, largest first.
  private var roots: [TreeHash]

  /// Roots of the perfect subtrees, largest first.
  var subtrees: [TreeHash] { roots }

  /// A tree without leaves.
  public init() {
    size = 0
    roots = []
  }

  /// A tree of that size, whose perfect subtrees `node` gives.
  public init(size: Int64, node: (NodePlace) throws -> TreeHash) rethrows {
    self.size = size
    roots = try Self.places(size: size).map(node)
  }

  /// The perfect subtrees that make up a tree, largest first.
  public static func places(size: Int64) -> [NodePlace] {
    var start: Int64 = 0
    return (0..<63).reversed().compactMap { level in
      guard size & (1 << Int64(level)) != 0 else { return nil }
      defer { start += 1 << Int64(level) }
      return NodePlace(level: level, index: start >> Int64(level))
    }
  }

  /// Appends a leaf and tells every perfect subtree that it completes, the leaf itself first.
  public mutating func append(_ leaf: TreeHash, completed: (NodePlace, TreeHash) throws -> Void)
    rethrows
  {
    try completed(NodePlace(level: 0, index: size), leaf)
    try append(leaf, level: 0, completed: completed)
  }

  /// Appends a perfect subtree and tells every larger one that it completes.
  ///
  /// - Parameter level: its height; the size must be a multiple of what it covers.
  public mutating func append(
    _ subtree: TreeHash, level bottom: Int, completed: (NodePlace, TreeHash) throws -> Void
  ) rethrows {
    precondition(size & (1 << Int64(bottom) - 1) == 0, "a subtree begins at a multiple of its size")
    var hash = subtree
    var level = bottom
    while size & (1 << Int64(level)) != 0, let left = roots.popLast() {
      hash = .node(left, hash)
      level += 1
      try completed(NodePlace(level: level, index: size >> Int64(level)), hash)
    }
    roots.append(hash)
    size += 1 << Int64(bottom)
  }

  /// The tree's root (RFC 9162, section 2.1.1).
  public var root: TreeHash { Self.root(of: roots) ?? .empty }

  /// The root of this tree and the leaves after it, whose perfect subtrees have the root `tail`.
  func root(with tail: TreeHash?) -> TreeHash {
    guard let tail else { return root }
    return roots.reversed().reduce(tail) { .node($1, $0) }
  }

  /// The root over perfect subtrees, largest first; `nil` without any.
  static func root(of subtrees: [TreeHash]) -> TreeHash? {
    guard let last = subtrees.last else { return nil }
    return subtrees.dropLast().reversed().reduce(last) { .node($1, $0) }
  }
}

/// Makes proofs from stored perfect subtrees: a proof reads a few nodes whatever the size.
public struct ProofMaker {
  private let node: (NodePlace) throws -> TreeHash

  /// Takes the function that reads a stored subtree.
  public init(node: @escaping (NodePlace) throws -> TreeHash) { self.node = node }

  /// The root of the first `size` leaves.
  public func root(size: Int64) throws -> TreeHash {
    size == 0 ? .empty : try hash(0, size)
  }

  /// The inclusion proof of a leaf (RFC 9162, section 2.1.3.1), from the leaf upwards.
  public func inclusion(of index: Int64, in size: Int64) throws -> [TreeHash] {
    try path(index, 0, size)
  }

  /// The consistency proof between two sizes (RFC 9162, section 2.1.4.1).
  public func consistency(from old: Int64, to new: Int64) throws -> [TreeHash] {
    guard old > 0, old < new else { return [] }
    return try subproof(old, 0, new, isWhole: true)
  }

  /// The root of the leaves `start..<end`.
  func hash(_ start: Int64, _ end: Int64) throws -> TreeHash {
    let count = end - start
    if count.nonzeroBitCount == 1 {
      let level = count.trailingZeroBitCount
      return try node(NodePlace(level: level, index: start >> Int64(level)))
    }
    let split = start + Self.largestPower(below: count)
    return .node(try hash(start, split), try hash(split, end))
  }

  func path(_ index: Int64, _ start: Int64, _ end: Int64) throws -> [TreeHash] {
    guard end - start > 1 else { return [] }
    let split = start + Self.largestPower(below: end - start)
    return index < split
      ? try path(index, start, split) + [hash(split, end)]
      : try path(index, split, end) + [hash(start, split)]
  }

  private func subproof(
    _ old: Int64, _ start: Int64, _ end: Int64, isWhole: Bool
  ) throws -> [TreeHash] {
    if old == end { return isWhole ? [] : [try hash(start, end)] }
    let split = start + Self.largestPower(below: end - start)
    return old <= split
      ? try subproof(old, start, split, isWhole: isWhole) + [hash(split, end)]
      : try subproof(old, split, end, isWhole: false) + [hash(start, split)]
  }

  /// The largest power of two strictly below `count`.
  static func largestPower(below count: Int64) -> Int64 {
    1 << Int64(63 - (count - 1).leadingZeroBitCount)
  }
}

/// Checks proofs; needs no ledger.
public enum ProofVerifier {
  /// Whether a leaf is in a tree (RFC 9162, section 2.1.3.2).
  public static func isIncluded(
    _ leaf: TreeHash, at index: Int64, size: Int64, proof: [TreeHash], root: TreeHash
  ) -> Bool {
    guard index >= 0, index < size else { return false }
    let inner = bitLength(index ^ (size - 1))
    let border = (index >> Int64(inner)).nonzeroBitCount
    guard proof.count == inner + border else { return false }
    var hash = leaf
    for (bit, sibling) in proof.prefix(inner).enumerated() {
      hash = index >> Int64(bit) & 1 == 0 ? .node(hash, sibling) : .node(sibling, hash)
    }
    for sibling in proof.dropFirst(inner) { hash = .node(sibling, hash) }
    return hash == root
  }

  /// Whether the tree of `old` leaves is the beginning of the one of `new` leaves (RFC 9162,
  /// section 2.1.4.2). From a tree without leaves nothing can be shown: the answer is no.
  public static func isConsistent(
    old: Int64, new: Int64, proof: [TreeHash], oldRoot: TreeHash, newRoot: TreeHash
  ) -> Bool {
    guard old > 0, old <= new else { return false }
    if old == new { return proof.isEmpty && oldRoot == newRoot }
    let shift = old.trailingZeroBitCount
    let inner = bitLength((old - 1) ^ (new - 1)) - shift
    let border = ((old - 1) >> Int64(inner + shift)).nonzeroBitCount
    let isPerfect = old == 1 << Int64(shift)
    guard let first = proof.first, proof.count == (isPerfect ? 0 : 1) + inner + border else {
      return false
    }
    let seed = isPerfect ? oldRoot : first
    let path = proof.dropFirst(isPerfect ? 0 : 1)
    let mask = (old - 1) >> Int64(shift)
    var oldHash = seed
    var newHash = seed
    for (bit, sibling) in path.prefix(inner).enumerated() {
      if mask >> Int64(bit) & 1 == 1 {
        oldHash = .node(sibling, oldHash)
        newHash = .node(sibling, newHash)
      } else {
        newHash = .node(newHash, sibling)
      }
    }
    for sibling in path.dropFirst(inner) {
      oldHash = .node(sibling, oldHash)
      newHash = .node(sibling, newHash)
    }
    return oldHash == oldRoot && newHash == newRoot
  }

  private static func bitLength(_ value: Int64) -> Int { 64 - value.leadingZeroBitCount }
}
