import Attestation
import Crypto
import Ledger
import Model
import Reading
import TestKit
import Testing

/// A tree that keeps its perfect subtrees in memory.
struct MemoryTree {
  private(set) var range = CompactRange()
  private(set) var nodes: [NodePlace: TreeHash] = [:]

  mutating func append(_ leaf: [UInt8]) {
    range.append(.leaf(leaf)) { place, hash in nodes[place] = hash }
  }

  var proofs: ProofMaker {
    ProofMaker { place in
      guard let hash = nodes[place] else { throw Problem(.notFound, "\(place)") }
      return hash
    }
  }
}

@Suite("Merkle tree")
struct MerkleTests {
  /// RFC 9162, section 2.1.1, word for word: slow, and independent of stored nodes.
  private func naiveRoot(_ leaves: ArraySlice<[UInt8]>) -> TreeHash {
    guard let first = leaves.first else { return .empty }
    if leaves.count == 1 { return .leaf(first) }
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    return .node(
      naiveRoot(leaves.prefix(split)), naiveRoot(leaves.dropFirst(split)))
  }

  @Test("every proof of every size up to 70 verifies, and none for another leaf, index or root")
  func allSmallTrees() throws {
    let leaves = (0..<70).map { [UInt8]("leaf \($0)".utf8) }
    var tree = MemoryTree()
    var roots: [TreeHash] = [.empty]
    for leaf in leaves {
      tree.append(leaf)
      roots.append(tree.range.root)
    }
    let proofs = tree.proofs
    for size in 1...70 {
      let root = naiveRoot(leaves.prefix(size))
      #expect(roots[size] == root)
      #expect(try proofs.root(size: Int64(size)) == root)
      for index in 0..<size {
        let proof = try proofs.inclusion(of: Int64(index), in: Int64(size))
        func included(_ leaf: Int, _ index: Int, _ proof: [TreeHash], _ root: TreeHash) -> Bool {
          ProofVerifier.isIncluded(
            .leaf(leaves[leaf]), at: Int64(index), size: Int64(size), proof: proof, root: root)
        }
        #expect(included(index, index, proof, root))
        #expect(!included((index + 1) % 70, index, proof, root))
        #expect(!included(index, size, proof, root))
        #expect(!included(index, index, proof + [root], root))
        #expect(!included(index, index, proof, .empty))
        if size > 1 { #expect(!included(index, (index + 1) % size, proof, root)) }
      }
      for old in 1...size {
        let proof = try proofs.consistency(from: Int64(old), to: Int64(size))
        func consistent(_ oldRoot: TreeHash, _ newRoot: TreeHash, _ proof: [TreeHash]) -> Bool {
          ProofVerifier.isConsistent(
            old: Int64(old), new: Int64(size), proof: proof, oldRoot: oldRoot, newRoot: newRoot)
        }
        #expect(consistent(roots[old], root, proof))
        #expect(!consistent(.empty, root, proof))
        #expect(!consistent(roots[old], .empty, proof))
        #expect(!consistent(roots[old], root, proof + [root]))
      }
    }
    #expect(
      !ProofVerifier.isConsistent(old: 0, new: 0, proof: [], oldRoot: .empty, newRoot: .empty))
  }

  @Test("a compact range continues from stored nodes")
  func continues() throws {
    var whole = MemoryTree()
    for number in 0..<100 { whole.append([UInt8(number)]) }
    for size in 0...100 {
      var range = try CompactRange(size: Int64(size)) { place in
        try #require(whole.nodes[place])
      }
      for number in size..<100 { range.append(.leaf([UInt8(number)])) { _, _ in } }
      #expect(range == whole.range)
    }
  }

  @Test("the reference tree", .enabled(if: Vectors.isWanted, "vectors/merkle is not there"))
  func reference() throws {
    let vectors = try JSONReader.read(Vectors.bytes("merkle/rfc6962-reference-tree.json"))
    let leaves = try #require(vectors["leaves"]?.array)
    var tree = MemoryTree()
    for (place, leaf) in leaves.enumerated() {
      #expect(tree.range.root.description == vectors["roots"]?[place]?.string)
      tree.append(try #require(leaf.string.flatMap { Hexadecimal.decode($0) }))
    }
    #expect(tree.range.root.description == vectors["roots"]?[8]?.string)
    let hasher = vectors["hasher"]
    #expect(TreeHash.empty.description == hasher?["emptyRoot"]?.string)
    #expect(TreeHash.leaf([]).description == hasher?["emptyLeaf"]?.string)
    #expect(TreeHash.leaf(Array("L123456".utf8)).description == hasher?["leaf L123456"]?.string)
    // The vector's children have four bytes, a tree's have 32: the same formula must give both.
    func interior(_ left: [UInt8], _ right: [UInt8]) -> String {
      Hexadecimal.encode(Array(SHA256.hash(data: [0x01] + left + right)))
    }
    #expect(
      interior(Array("N123".utf8), Array("N456".utf8)) == hasher?["node N123,N456"]?.string)
    let (left, right) = (TreeHash.leaf([1]), TreeHash.leaf([2]))
    #expect(TreeHash.node(left, right).description == interior(left.bytes, right.bytes))
  }
}
