import Attestation
import Ledger
import Model
import Reading
import TestKit
import Testing

@Suite("Proofs of transparency-dev", .enabled(if: Vectors.isWanted, "vectors/merkle is not there"))
struct ProofVectorTests {
  private let folder = "merkle/transparency-dev-merkle"

  /// One vector's fields.
  private struct Vector {
    let value: JSONValue

    func number(_ name: String) -> Int64? { value[name]?.integer }

    func hash(_ name: String) -> TreeHash? {
      value[name]?.string.flatMap(Base64.decode).flatMap { TreeHash($0) }
    }

    /// A root. Some vectors have a few words of text in its place, where only matters whether two
    /// roots are the same. A root has 32 bytes here by its type, so the words' hash stands for them.
    func root(_ name: String) -> TreeHash? {
      guard let bytes = value[name]?.string.flatMap(Base64.decode), !bytes.isEmpty else {
        return nil
      }
      return TreeHash(bytes) ?? TreeHash(Digest.sha256(bytes).bytes)
    }

    /// `nil` when an element is no hash: such a proof is refused before it is looked at.
    var proof: [TreeHash]? {
      var hashes: [TreeHash] = []
      for element in value["proof"]?.array ?? [] {
        guard let hash = element.string.flatMap(Base64.decode).flatMap({ TreeHash($0) }) else {
          return nil
        }
        hashes.append(hash)
      }
      return hashes
    }

    func subtree() -> Subtree? {
      guard let start = number("start"), let end = number("end") else { return nil }
      return Subtree(start: start, end: end)
    }
  }

  /// Runs `verify` on every file of a folder; what it cannot read as hashes and numbers of 63 bits
  /// is refused. Fails when there is no file at all.
  private func check(_ kind: String, _ verify: (Vector) -> Bool?) throws {
    var accepted = 0
    var refused = 0
    for file in try Vectors.files(below: "\(folder)/\(kind)", ending: ".json") {
      let bytes = try Vectors.bytes(file)
      // Some numbers need 64 bits: no index and no size here, and for the reader no JSON integer.
      let vector = try? JSONReader.read(bytes)
      let says = String(decoding: bytes, as: UTF8.self)
      let wantsError: Bool? =
        if let vector { vector["wantErr"]?.bool } else { !says.contains("\"wantErr\": false") }
      let isValid = vector.flatMap { verify(Vector(value: $0)) } ?? false
      #expect(isValid == (wantsError == false) && wantsError != nil, "\(file)")
      if isValid { accepted += 1 } else { refused += 1 }
    }
    #expect(accepted > 0 && refused > 0, "\(kind): \(accepted) taken, \(refused) refused")
  }

  @Test("inclusion")
  func inclusion() throws {
    try check("inclusion") { vector in
      guard let leaf = vector.hash("leafHash"), let index = vector.number("leafIdx"),
        let size = vector.number("treeSize"), let proof = vector.proof,
        let root = vector.hash("root")
      else { return nil }
      return ProofVerifier.isIncluded(leaf, at: index, size: size, proof: proof, root: root)
    }
  }

  @Test("consistency, also read as a subtree that begins at the first leaf")
  func consistency() throws {
    try check("consistency") { vector in
      guard let old = vector.number("size1"), let new = vector.number("size2"),
        let proof = vector.proof, let oldRoot = vector.root("root1"),
        let newRoot = vector.root("root2")
      else { return nil }
      let isValid = ProofVerifier.isConsistent(
        old: old, new: new, proof: proof, oldRoot: oldRoot, newRoot: newRoot)
      if let subtree = Subtree(start: 0, end: old), old > 0 {
        #expect(
          ProofVerifier.isConsistent(
            subtree, size: new, proof: proof, subtreeRoot: oldRoot, root: newRoot) == isValid)
      }
      return isValid
    }
  }

  @Test("inclusion in a subtree")
  func subtreeInclusion() throws {
    try check("subtreeinclusion") { vector in
      guard let leaf = vector.hash("leafHash"), let index = vector.number("leafIdx"),
        let subtree = vector.subtree(), let proof = vector.proof, let root = vector.hash("root")
      else { return nil }
      return ProofVerifier.isIncluded(leaf, at: index, in: subtree, proof: proof, root: root)
    }
  }

  @Test("consistency of a subtree")
  func subtreeConsistency() throws {
    try check("subtreeconsistency") { vector in
      guard let subtree = vector.subtree(), let size = vector.number("size"),
        let proof = vector.proof, let subtreeRoot = vector.root("root1"),
        let root = vector.root("root2")
      else { return nil }
      return ProofVerifier.isConsistent(
        subtree, size: size, proof: proof, subtreeRoot: subtreeRoot, root: root)
    }
  }
}
