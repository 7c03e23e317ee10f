import Attestation
public import Model

extension Reorganisation {
  /// Checks that each predecessor's checkpoint is signed by the key that is named for it, so that it
  /// can be held against bundles and mirrors of that log for ever.
  ///
  /// - Parameter log: this log's founding key, which cannot be its own predecessor.
  /// - Returns: the checkpoints, in their order.
  /// - Throws: `Problem` with `badInput` or `notTrusted`.
  @discardableResult
  public func checkPredecessors(of log: NoteKey) throws -> [Checkpoint] {
    try predecessors.map { predecessor in
      let known = try NoteKey(predecessor.key)
      let checkpoint = try Checkpoint(note: predecessor.checkpoint, key: known)
      guard known != log else {
        throw Problem(.badInput, "the log \"\(checkpoint.origin)\" cannot be its own predecessor")
      }
      return checkpoint
    }
  }
}
