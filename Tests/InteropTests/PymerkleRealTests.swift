import Foundation
import Ledger
import Model
import TestKit
import Testing

/// Another implementation computes the same trees: pymerkle, in one Python process.
@Suite(.enabled(if: Outsider.canCompareTrees, "not installed: pymerkle"))
struct PymerkleRealTests {
  private struct Plan: Encodable {
    struct Inclusion: Encodable {
      let index: Int64
      let path: [String]
    }
    struct Consistency: Encodable {
      let old: Int64
      let path: [String]
    }
    struct Part: Encodable {
      let start: Int64
      let end: Int64
      let root: String
    }
    struct Case: Encodable {
      let size: Int64
      var root: String
      var inclusion: [Inclusion] = []
      var consistency: [Consistency] = []
      var subtrees: [Part] = []
    }
    let leaves: [String]
    var cases: [Case] = []
  }

  @Test func rootsAndProofsOfTreesOfRandomSize() async throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = Seeded(seed: seed)
    let count = Int64.random(in: 2500...4000, using: &random)
    let leaves = (0..<count).map { _ in
      (0..<Int.random(in: 0...40, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
    }
    var range = CompactRange()
    var nodes: [NodePlace: TreeHash] = [:]
    for leaf in leaves { range.append(.leaf(leaf)) { nodes[$0] = $1 } }
    let proofs = ProofMaker { place in
      guard let hash = nodes[place] else { throw Problem(.notFound, "\(place)") }
      return hash
    }

    var plan = Plan(leaves: leaves.map(Hexadecimal.encode))
    let sizes = [1, 2, 3, 1024, 2048, count] + (0..<24).map { _ in random.within(1...count) }
    for size in sizes {
      var entry = Plan.Case(size: size, root: try proofs.root(size: size).description)
      for index in [0, size - 1] + (0..<6).map({ _ in random.within(0...size - 1) }) {
        let path = try proofs.inclusion(of: index, in: size).map(\.description)
        entry.inclusion.append(.init(index: index, path: path))
      }
      for old in [size] + (0..<3).map({ _ in random.within(1...size) }) {
        let path = try proofs.consistency(from: old, to: size).map(\.description)
        entry.consistency.append(.init(old: old, path: path))
      }
      let start = random.within(0...size - 1)
      let room = start == 0 ? size : 1 << Int64(start.trailingZeroBitCount)
      let part = try #require(
        Subtree(start: start, end: min(size, start + random.within(1...room))))
      entry.subtrees.append(
        .init(
          start: part.start, end: part.end, root: try proofs.root(of: part).description))
      plan.cases.append(entry)
    }
    // What is wrong must be seen to be wrong: the same case with one thing changed.
    var other = plan.cases[5]
    other.root = TreeHash.empty.description
    plan.cases.append(other)
    other = plan.cases[5]
    other.inclusion[1] = .init(index: other.inclusion[1].index - 1, path: other.inclusion[1].path)
    plan.cases.append(other)
    other = plan.cases[5]
    other.consistency[0] = .init(old: count - 1, path: other.consistency[0].path)
    plan.cases.append(other)

    let folder = try TemporaryFolder()
    try JSONEncoder().encode(plan).write(to: URL(fileURLWithPath: folder.file("plan.json")))
    let script = Repository.root.appending(path: "Tests/InteropTests/compare-trees.py").path
    let ended = try await Outsider.run(
      Outsider.python, [script, folder.file("plan.json")], home: folder.path)
    #expect(ended.isSuccess, "seed \(seed): \(ended)")
    let wrong = (sizes.count..<sizes.count + 3).map(String.init).joined(separator: ", ")
    #expect(ended.output == "[\(wrong)]\n", "seed \(seed): \(ended)")
  }
}

extension Seeded {
  fileprivate mutating func within(_ range: ClosedRange<Int64>) -> Int64 {
    Int64.random(in: range, using: &self)
  }
}
