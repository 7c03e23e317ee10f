import Attestation
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
  }

  @Test(
    "transparency-dev's inclusion and consistency vectors",
    .enabled(if: Vectors.isWanted, "vectors/merkle is not there"))
  func transparencyVectors() throws {
    func hashes(_ value: JSONValue?) -> [TreeHash]? {
      var hashes: [TreeHash] = []
      for element in value?.array ?? [] {
        guard let bytes = element.string.flatMap(Base64.decode), let hash = TreeHash(bytes) else {
          return nil
        }
        hashes.append(hash)
      }
      return hashes
    }
    func hash(_ value: JSONValue?) -> TreeHash? {
      value?.string.flatMap(Base64.decode).flatMap { TreeHash($0) }
    }
    func number(_ value: JSONValue?) -> Int64 { value?.integer ?? 0 }
    /// An index that 63 bits cannot hold lies in no tree: such a vector must expect an error.
    func readable(_ file: String) throws -> JSONValue {
      let bytes = try Vectors.bytes(file)
      if let value = try? JSONReader.read(bytes) { return value }
      let wantsError = String(decoding: bytes, as: UTF8.self).contains("\"wantErr\": true")
      return .object(["wantErr": .bool(wantsError)])
    }
    let folder = "merkle/transparency-dev-merkle"
    var checked = 0
    for file in try Vectors.files(below: "\(folder)/inclusion", ending: ".json") {
      let vector = try readable(file)
      var isValid = false
      if let leaf = hash(vector["leafHash"]), let root = hash(vector["root"]),
        let proof = hashes(vector["proof"])
      {
        isValid = ProofVerifier.isIncluded(
          leaf, at: number(vector["leafIdx"]), size: number(vector["treeSize"]), proof: proof,
          root: root)
      }
      #expect(isValid == (vector["wantErr"]?.bool == false), "\(file)")
      checked += 1
    }
    // Its roots are 12 bytes of text; a root here is 32 bytes by its type, and is refused earlier.
    let notRoots = "sizes-are-equal-one-and-proof-is-empty.json"
    for file in try Vectors.files(below: "\(folder)/consistency", ending: ".json")
    where !file.hasSuffix(notRoots) {
      let vector = try readable(file)
      var isValid = false
      if let old = hash(vector["root1"]), let new = hash(vector["root2"]),
        let proof = hashes(vector["proof"])
      {
        isValid = ProofVerifier.isConsistent(
          old: number(vector["size1"]), new: number(vector["size2"]), proof: proof, oldRoot: old,
          newRoot: new)
      }
      #expect(isValid == (vector["wantErr"]?.bool == false), "\(file)")
      checked += 1
    }
    #expect(checked >= 142)
  }
}
