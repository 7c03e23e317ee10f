public import Model

/// Where a witness keeps what it cosigned last, one state a log.
///
/// The rules rest on one promise: `replace` compares and keeps in one indivisible step, and what it
/// kept outlives a crash of the machine before it returns. Otherwise two requests at once, or a
/// crash, let the witness cosign two histories.
public protocol WitnessStore: Sendable {
  /// What is held of a log; `nil` when nothing was ever cosigned.
  ///
  /// - Throws: `Problem` when that cannot be read; never `nil` in its place.
  func state(origin: String) async throws -> WitnessState?

  /// Keeps `new` when what is held is still the tree of `expected` (`isSameTree(as:)`; `nil` for
  /// nothing held), and does nothing otherwise.
  ///
  /// - Returns: whether it was kept, after it is durable.
  /// - Throws: `Problem` with `inputOutput`; then nothing was kept, or all of it.
  func replace(_ expected: WitnessState?, with new: WitnessState) async throws -> Bool
}

/// A witness: it cosigns checkpoints of the logs that it knows, each only when it continues the one
/// that it cosigned before.
public struct Witness: Sendable {
  /// The key that verifies its cosignatures.
  public var key: NoteKey { cosigner.key }
  /// The logs that it knows.
  public let logs: [WitnessedLog]
  private let cosigner: Cosigner
  private let store: any WitnessStore

  /// States a witness.
  public init(cosigner: Cosigner, logs: [WitnessedLog], store: any WitnessStore) {
    self.cosigner = cosigner
    self.logs = logs
    self.store = store
  }

  /// Answers the body of `POST add-checkpoint`. A cosignature leaves only after the new state is
  /// durable.
  ///
  /// - Parameter now: the time to state in the cosignature.
  /// - Throws: what store and signer throw; the answer is then 500, and no cosignature was given.
  public func answer(_ body: [UInt8], at now: Instant) async throws -> WitnessResponse {
    let request: WitnessRequest
    do {
      request = try WitnessRequest(bytes: body)
    } catch let problem as Problem {
      return WitnessResponse(status: 400, body: problem.message + "\n")
    }
    // Whoever was faster left another size, so a second look refuses with 409; more than a few
    // looks are needed only when others cosign the same size again at the same moment.
    for _ in 0..<8 {
      let state = try await store.state(origin: request.checkpoint.origin)
      switch WitnessRules.decide(request, state: state, logs: logs) {
      case .refuse(let response): return response
      case .cosign(let note):
        let cosignature = try cosigner.cosign(note, at: now)
        let new = try WitnessState(note: note.adding([cosignature]))
        if try await store.replace(state, with: new) {
          return WitnessResponse(status: 200, body: "\(cosignature)\n")
        }
      }
    }
    return WitnessResponse(status: 503, body: "too many requests for this log at once\n")
  }
}
