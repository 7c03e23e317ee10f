import Attestation
import Model

/// The proof that a contiguous range of leaves, with nothing left out, stands in a tree.
///
/// `left` are the perfect subtrees that cover the leaves before the range, largest first; `right`
/// those that cover the leaves after it, in order. Whoever has the leaves of the range computes the
/// tree's root from them and from nothing else, so no leaf of the range can be missing, added or
/// changed. The hashes are those of RFC 9162, section 2.1.
public struct RangeProof: Hashable, Sendable {
  private static let version = "pratique-range-proof/v1"

  /// The leaves that it is about.
  public let range: Range<Int64>
  /// Number of leaves of the tree.
  public let size: Int64
  /// Roots of the perfect subtrees before the range, largest first.
  public let left: [TreeHash]
  /// Roots of the perfect subtrees after the range, in order.
  public let right: [TreeHash]

  /// States a proof.
  ///
  /// - Throws: `Problem` with `badInput` when the range is not in the tree, or there are not as many
  ///   hashes as it takes.
  public init(_ range: Range<Int64>, size: Int64, left: [TreeHash], right: [TreeHash]) throws {
    guard range.lowerBound >= 0, !range.isEmpty, range.upperBound <= size else {
      throw Problem(.badInput, "the range \(range) is not in a tree of \(size) leaves")
    }
    guard left.count == CompactRange.places(size: range.lowerBound).count,
      right.count == Self.places(after: range.upperBound, size: size).count
    else { throw Problem(.badInput, "the range proof has not as many hashes as it takes") }
    self.range = range
    self.size = size
    self.left = left
    self.right = right
  }

  /// The perfect subtrees that cover the leaves from `end` up to `size`, in order.
  static func places(after end: Int64, size: Int64) -> [NodePlace] {
    var places: [NodePlace] = []
    var start = end
    while start < size {
      let fitting = 63 - (size - start).leadingZeroBitCount
      let level = start == 0 ? fitting : min(start.trailingZeroBitCount, fitting)
      places.append(NodePlace(level: level, index: start >> Int64(level)))
      start += 1 << Int64(level)
    }
    return places
  }

  /// Checks the leaves of the range, which are taken one after the other.
  public func checking() -> RangeCheck { RangeCheck(self) }

  /// The text form: version, size, start and end of the range, then one hash a line.
  public var description: String {
    "\(Self.version)\nsize \(size)\nstart \(range.lowerBound)\nend \(range.upperBound)\n"
      + left.map { "left \(Base64.encode($0.bytes))\n" }.joined()
      + right.map { "right \(Base64.encode($0.bytes))\n" }.joined()
  }

  /// Reads the text form.
  ///
  /// - Throws: `Problem` with `badInput`.
  public init(_ text: String) throws {
    func malformed(_ why: String) -> Problem { Problem(.badInput, "malformed range proof: \(why)") }
    guard text.utf8.count <= 16 << 10 else { throw malformed("larger than 16 KiB") }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    guard lines.popLast() == "", lines.popFirst() == Substring(Self.version) else {
      throw malformed("the first line is not \(Self.version), or the last has no line feed")
    }
    func number(_ name: String) throws -> Int64 {
      guard let line = lines.popFirst(), line.hasPrefix("\(name) "),
        let value = Int64(line.dropFirst(name.count + 1)), value >= 0,
        "\(name) \(value)" == line
      else { throw malformed("no line \"\(name)\" with a decimal number where it must stand") }
      return value
    }
    let (size, start, end) = (try number("size"), try number("start"), try number("end"))
    func hashes(_ name: String) throws -> [TreeHash] {
      var found: [TreeHash] = []
      while let line = lines.first, line.hasPrefix("\(name) ") {
        let text = line.dropFirst(name.count + 1)
        guard let bytes = Base64.decode(String(text)), let hash = TreeHash(bytes),
          Base64.encode(bytes) == text
        else { throw malformed("a hash is not 32 bytes in base64") }
        found.append(hash)
        lines.removeFirst()
      }
      return found
    }
    let (left, right) = (try hashes("left"), try hashes("right"))
    guard lines.isEmpty else { throw malformed("a line that is not expected") }
    guard start < end else { throw malformed("the range is empty") }
    try self.init(start..<end, size: size, left: left, right: right)
  }
}

/// Takes the leaves of a range one by one and arrives at the tree's root; memory is flat.
public struct RangeCheck {
  private let proof: RangeProof
  private var subtrees: [(level: Int, hash: TreeHash)]

  /// The index of the leaf that must come next.
  public private(set) var next: Int64

  init(_ proof: RangeProof) {
    self.proof = proof
    next = proof.range.lowerBound
    subtrees = zip(CompactRange.places(size: proof.range.lowerBound), proof.left)
      .map { ($0.level, $1) }
  }

  /// Takes the next leaf of the range.
  ///
  /// - Throws: `Problem` with `notTrusted` when the range has no further leaf.
  public mutating func take(_ leaf: [UInt8]) throws {
    guard next < proof.range.upperBound else {
      throw Problem(.notTrusted, "there are more leaves than the range \(proof.range) has")
    }
    push(0, .leaf(leaf))
    next += 1
  }

  private mutating func push(_ level: Int, _ hash: TreeHash) {
    var (level, hash) = (level, hash)
    while let last = subtrees.last, last.level == level {
      subtrees.removeLast()
      hash = .node(last.hash, hash)
      level += 1
    }
    subtrees.append((level, hash))
  }

  /// Ends after the last leaf of the range.
  ///
  /// - Returns: the root of the whole tree, to be compared with a checkpoint's.
  /// - Throws: `Problem` with `notTrusted` when leaves of the range are missing.
  public consuming func root() throws -> TreeHash {
    guard next == proof.range.upperBound else {
      throw Problem(
        .notTrusted, "the leaves \(next)..<\(proof.range.upperBound) of the range are missing")
    }
    for (place, hash) in zip(
      RangeProof.places(after: proof.range.upperBound, size: proof.size), proof.right)
    { push(place.level, hash) }
    guard var root = subtrees.last?.hash else { return .empty }
    for left in subtrees.dropLast().reversed() { root = .node(left.hash, root) }
    return root
  }
}

extension RangeProof {
  /// Makes proofs from stored perfect subtrees: a proof reads as many as the logarithm of the size.
  ///
  /// - Parameter node: reads a stored subtree.
  /// - Returns: a function of the range and the tree's size, which throws `Problem` with `badInput`
  ///   for a range that is not in the tree, and `ledgerDamaged` where a subtree is missing.
  public static func maker(
    node: @escaping (NodePlace) throws -> TreeHash?
  ) -> (_ range: Range<Int64>, _ size: Int64) throws -> RangeProof {
    func hashes(_ places: [NodePlace]) throws -> [TreeHash] {
      try places.map { place in
        guard let hash = try node(place) else {
          throw Problem(
            .ledgerDamaged,
            "the stored hash at level \(place.level), place \(place.index) is missing")
        }
        return hash
      }
    }
    return { range, size in
      try RangeProof(
        range, size: size, left: hashes(CompactRange.places(size: range.lowerBound)),
        right: hashes(places(after: range.upperBound, size: size)))
    }
  }
}
