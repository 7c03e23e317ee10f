import Ledger
import Model
import TestKit
import Testing

@Suite("Range proofs")
struct RangeProofTests {
  /// The stored subtrees and the root of each size of a tree of leaves.
  private struct Tree {
    var nodes: [NodePlace: TreeHash] = [:]
    var roots: [TreeHash] = [.empty]
    let leaves: [[UInt8]]

    init(_ count: Int) {
      leaves = (0..<count).map { Array("leaf \($0)".utf8) }
      var range = CompactRange()
      for leaf in leaves {
        range.append(.leaf(leaf)) { nodes[$0] = $1 }
        roots.append(range.root)
      }
    }

    func proof(_ range: Range<Int64>, size: Int64) throws -> RangeProof {
      let maker = RangeProof.maker { nodes[$0] }
      return try maker(range, size)
    }
  }

  @Test("every range of every small tree leads to the root, and to no other")
  func small() throws {
    let tree = Tree(19)
    for size in Int64(1)...19 {
      for start in 0..<size {
        for end in start + 1...size {
          let proof = try tree.proof(start..<end, size: size)
          #expect(try RangeProof(proof.description) == proof)
          var check = proof.checking()
          for leaf in tree.leaves[Int(start)..<Int(end)] { try check.take(leaf) }
          #expect(throws: Problem.self) { try check.take([1]) }
          #expect(try check.root() == tree.roots[Int(size)])
        }
      }
    }
  }

  @Test("a leaf that is missing, doubled, swapped or changed does not lead to the root")
  func tampered() throws {
    let tree = Tree(40)
    let proof = try tree.proof(11..<30, size: 40)
    let leaves = Array(tree.leaves[11..<30])
    func root(_ leaves: [[UInt8]]) throws -> TreeHash {
      var check = proof.checking()
      for leaf in leaves { try check.take(leaf) }
      return try check.root()
    }
    #expect(try root(leaves) == tree.roots[40])
    for place in leaves.indices {
      var other = leaves
      other.remove(at: place)
      #expect(throws: Problem.self) { try root(other) }
      other.insert(leaves[(place + 1) % leaves.count], at: place)
      #expect(try root(other) != tree.roots[40])
      other = leaves
      other[place].append(0)
      #expect(try root(other) != tree.roots[40])
      other = leaves
      other.swapAt(place, (place + 1) % leaves.count)
      #expect(try root(other) != tree.roots[40])
    }
  }

  @Test("mutated texts are refused, or say another proof")
  func mutations() throws {
    var random = Seeded(seed: 11)
    let proof = try Tree(40).proof(11..<30, size: 40)
    let text = Array(proof.description.utf8)
    for _ in 0..<2_000 {
      let mutated = String(decoding: random.mutated(text), as: UTF8.self)
      if let read = try? RangeProof(mutated) { #expect(read.description == mutated) }
    }
  }
}
