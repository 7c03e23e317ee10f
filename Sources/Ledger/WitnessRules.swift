import Model

/// A log that a witness knows.
public struct WitnessedLog: Hashable, Sendable {
  /// The log's origin.
  public let origin: String
  /// The keys that may sign its checkpoints.
  public let keys: [NoteKey]

  /// Names a log.
  public init(origin: String, keys: [NoteKey]) {
    self.origin = origin
    self.keys = keys
  }

  /// Names a log whose key is called as its origin.
  public init(key: NoteKey) { self.init(origin: key.name, keys: [key]) }
}

/// What a witness holds of one log: the checkpoint that it cosigned last.
public struct WitnessState: Hashable, Sendable {
  /// The checkpoint with the log's signatures and the witness's own; the bytes to keep, and to serve
  /// to whoever watches the log.
  public let note: SignedNote
  /// What it says.
  public let checkpoint: Checkpoint

  /// Takes a cosigned checkpoint.
  ///
  /// - Throws: `Problem` with `badInput` when the note is no checkpoint.
  public init(note: SignedNote) throws {
    self.note = note
    checkpoint = try Checkpoint(body: note.text)
  }

  /// What a log's state is called in a folder or an address: SHA-256 of the origin, hexadecimal.
  public static func identifier(origin: String) -> String { Digest.sha256(origin.utf8).hex }

  /// Whether another state is of the same tree: the same origin, size and root, whatever the
  /// signatures.
  public func isSameTree(as other: WitnessState) -> Bool {
    LineText.same(checkpoint.origin, other.checkpoint.origin)
      && checkpoint.size == other.checkpoint.size && checkpoint.root == other.checkpoint.root
  }
}

/// What the rules say of a request.
public enum WitnessDecision: Sendable {
  /// The checkpoint may be cosigned; it is given with the signatures of trusted keys alone.
  case cosign(SignedNote)
  /// It may not.
  case refuse(WitnessResponse)
}

/// The rules of C2SP `tlog-witness`, without clock, key, store or network.
public enum WitnessRules {
  /// Decides on a request, in the order that the specification gives:
  /// 404 for an origin that is not known; 403 when no trusted key signed; 400 for an old size above
  /// the checkpoint's; 409 with the size that is held when the old size is another; 422 when the
  /// proof does not lead from the held root to the new one, when a tree without entries has another
  /// root than the hash of nothing, or when the held size comes again with another root.
  ///
  /// - Parameter state: what the witness holds of the request's origin; `nil` for nothing.
  public static func decide(
    _ request: WitnessRequest, state: WitnessState?, logs: [WitnessedLog]
  ) -> WitnessDecision {
    func refuse(_ status: Int, _ why: String) -> WitnessDecision {
      .refuse(WitnessResponse(status: status, body: why + "\n"))
    }
    let checkpoint = request.checkpoint
    let known = logs.filter { LineText.same($0.origin, checkpoint.origin) }
    guard !known.isEmpty else { return refuse(404, "this witness does not know the log") }
    var keys: [NoteKey] = []
    for key in known.flatMap(\.keys) where !keys.contains(key) { keys.append(key) }
    guard let signed = try? request.note.verify(with: keys) else {
      return refuse(403, "no trusted key of the log made a right signature on the checkpoint")
    }
    guard request.oldSize <= checkpoint.size else {
      return refuse(400, "the old size is larger than the checkpoint's")
    }
    // A store that answers with another log's state must not lead to a cosignature.
    if let state, !LineText.same(state.checkpoint.origin, checkpoint.origin) {
      return refuse(500, "the state that is held is of another log")
    }
    let held = state?.checkpoint.size ?? 0
    guard request.oldSize == held else {
      return .refuse(
        WitnessResponse(
          status: 409, contentType: WitnessResponse.sizeContentType, body: "\(held)\n"))
    }
    if checkpoint.size == 0, checkpoint.root != .empty {
      return refuse(422, "the root of a tree without entries is the SHA-256 of nothing")
    }
    if held == 0 {
      guard request.proof.isEmpty else {
        return refuse(422, "from a tree without entries there is no consistency proof to give")
      }
    } else if let old = state?.checkpoint {
      guard held < checkpoint.size || old.root == checkpoint.root else {
        return refuse(422, "a checkpoint of this size with another root was cosigned")
      }
      guard
        ProofVerifier.isConsistent(
          old: held, new: checkpoint.size, proof: request.proof, oldRoot: old.root,
          newRoot: checkpoint.root)
      else { return refuse(422, "the consistency proof does not lead to the checkpoint's root") }
    }
    return .cosign(request.note.keeping(linesOf: signed))
  }
}
