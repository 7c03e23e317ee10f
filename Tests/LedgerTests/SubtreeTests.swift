import Ledger
import Testing

@Suite("Subtrees")
struct SubtreeTests {
  @Test("a subtree begins at a multiple of the least power of two that is not below its width")
  func validity() {
    for start in 0..<40 as Range<Int64> {
      for end in 0..<80 as Range<Int64> {
        var power: Int64 = 1
        while power < end - start { power *= 2 }
        #expect(
          (Subtree(start: start, end: end) != nil) == (end >= start && start % power == 0),
          "[\(start), \(end))")
      }
    }
    #expect(Subtree(start: 0, end: .max) != nil)
    #expect(Subtree(start: 1, end: .max) == nil && Subtree(start: -1, end: 0) == nil)
    #expect(Subtree(start: 1 << 62, end: .max) != nil)
  }

  @Test("all proofs of all subtrees of trees up to 33 leaves verify, and for nothing else")
  func proofs() throws {
    var tree = MemoryTree()
    for number in 0..<33 { tree.append([UInt8(number)]) }
    let maker = tree.proofs
    for start in 0..<33 as Range<Int64> {
      for end in start...33 {
        guard let subtree = Subtree(start: start, end: end) else { continue }
        let subtreeRoot = try maker.root(of: subtree)
        for index in start..<end {
          let proof = try maker.inclusion(of: index, in: subtree)
          func isIncluded(_ leaf: Int64, _ index: Int64) -> Bool {
            ProofVerifier.isIncluded(
              .leaf([UInt8(leaf)]), at: index, in: subtree, proof: proof, root: subtreeRoot)
          }
          #expect(isIncluded(index, index))
          #expect(!isIncluded(index, index + 1) && !isIncluded(index + 1, index))
          #expect(!isIncluded(index, start - 1) && !isIncluded(index, end))
        }
        for size in end...33 {
          let proof = try maker.consistency(of: subtree, in: size)
          let root = try maker.root(size: size)
          func isConsistent(_ part: TreeHash, _ root: TreeHash, _ proof: [TreeHash]) -> Bool {
            ProofVerifier.isConsistent(
              subtree, size: size, proof: proof, subtreeRoot: part, root: root)
          }
          #expect(isConsistent(subtreeRoot, root, proof), "[\(start), \(end)) in \(size)")
          #expect(!isConsistent(subtreeRoot, root, proof + [root]))
          #expect(!isConsistent(.leaf([]), root, proof))
          if start < end {
            #expect(!isConsistent(subtreeRoot, .leaf([]), proof))
            if !proof.isEmpty {
              #expect(!isConsistent(subtreeRoot, root, Array(proof.dropLast())))
              #expect(!isConsistent(subtreeRoot, root, proof.map { _ in root }))
            }
            if start == 0 {
              #expect(try proof == maker.consistency(from: end, to: size))
            }
          }
        }
        #expect(
          !ProofVerifier.isConsistent(
            subtree, size: end - 1, proof: [], subtreeRoot: subtreeRoot, root: subtreeRoot))
      }
    }
  }
}
