import Attestation
import Model

/// A checkpoint that an authority stamped, as a bundle carries it: an earlier one as a rule, led to the
/// bundle's own by a consistency proof.
public struct StampedCheckpoint: Sendable {
  /// What was stamped: the text of the checkpoint's note.
  public let text: String
  /// From the stamped tree to the bundle's; empty where they are the same.
  public let consistency: [TreeHash]
  /// The timestamps of it.
  public let timestamps: [CheckpointTimestamp]

  /// States a stamped checkpoint.
  public init(text: String, consistency: [TreeHash], timestamps: [CheckpointTimestamp]) {
    self.text = text
    self.consistency = consistency
    self.timestamps = timestamps
  }

  /// Checks that the stamped tree is a beginning of the one that a verified checkpoint states.
  ///
  /// The text bears no signature here and needs none: what was stamped is led to what is trusted.
  ///
  /// - Returns: the stamped checkpoint.
  /// - Throws: `Problem` with `badInput` or `notTrusted`.
  func check(against trusted: Checkpoint) throws -> Checkpoint {
    let stamped = try Checkpoint(body: text)
    guard
      ProofVerifier.isConsistent(
        old: stamped.size, new: trusted.size, proof: consistency, oldRoot: stamped.root,
        newRoot: trusted.root)
    else {
      throw Problem(
        .notTrusted,
        "the stamped checkpoint of \(stamped.size) entries is no beginning of this ledger")
    }
    return stamped
  }

  /// The text form of a consistency proof: a line of base64 for each hash.
  public static func text(of proof: [TreeHash]) -> String {
    proof.map { "\(Base64.encode($0.bytes))\n" }.joined()
  }

  /// Reads a consistency proof.
  ///
  /// - Throws: `Problem` with `badInput`.
  public static func proof(_ text: String) throws -> [TreeHash] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.last?.isEmpty == true, lines.count <= 128 else {
      throw Problem(.badInput, "the consistency proof is cut off, or longer than any")
    }
    return try lines.dropLast().map { line in
      guard let hash = LineText.hash(Array(line.utf8)) else {
        throw Problem(.badInput, "a hash of the consistency proof is not 32 bytes in base64")
      }
      return hash
    }
  }
}
