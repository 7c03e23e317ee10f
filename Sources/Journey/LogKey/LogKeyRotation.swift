public import Attestation
import Ledger
public import Model

/// A change of the log key that is in force.
public struct LogKeyChanged: Sendable, Encodable {
  /// The change.
  public let change: LogKeyChange
  /// Index of its entry.
  public let index: Int64
}

extension LedgerHome {
  /// The capability to sign checkpoints, with the key that is in force now.
  ///
  /// - Throws: `Problem` with `notFound` or `notTrusted`.
  func logSigner() async throws -> Signer {
    let key = try await ledger.histories().keys.current.key
    return try logKeyFiles.signer(inForce: key.ed25519, origin: key.name)
  }

  var logKeyFiles: LogKeyFiles { LogKeyFiles(folder: keys) }

  /// Brings another log key into force; the old one signs the change.
  ///
  /// - Parameters:
  ///   - place: a file or `pkcs11:` URI with the new key; `nil` makes one.
  ///   - explanation: why, in a sentence.
  ///   - lock: makes the text of a new key's file.
  /// - Throws: `Problem`; then the old key is in force.
  public func rotateLogKey(
    to place: String?, explanation: String, time: TimeSource,
    lock: (PrivateKey) throws -> String = { $0.pem }
  ) async throws -> LogKeyChanged {
    guard !explanation.allSatisfy(\.isWhitespace) else {
      throw Problem(.badInput, "a change of the log key needs a reason", advice: "--reason")
    }
    let files = logKeyFiles
    return try await files.alone {
      // The old key first: without it nothing is to be made.
      let old = try await appendingSigner()
      let new = try files.stage(place, lock: lock)
      // The statement names the size that it follows, so every append of others in between voids it.
      let clock = ContinuousClock()
      let deadline = clock.now.advanced(by: .seconds(30))
      while clock.now < deadline {
        do {
          let changed = try await rotateOnce(
            from: old, to: new, explanation: explanation, now: time.now())
          try files.settle()
          return changed
        } catch let problem as Problem where problem.code == .busy {
          try Task.checkCancellation()
        }
      }
      throw Problem(
        .busy, "the ledger grows too fast for a change of its key", at: path,
        advice: "Let some of what records pause, and try again. Nothing was changed.")
    }
  }

  /// States the change for the size that the ledger has, and appends it only if that is still so.
  private func rotateOnce(
    from old: Signer, to new: Signer, explanation: String, now: Instant
  ) async throws -> LogKeyChanged {
    let size = try await ledger.read { try $0.size() }
    let histories = try await ledger.histories(size: size)
    // After a recovery epoch the log bears another name than its founding key.
    let origin = histories.keys.origin
    let after = try await ledger.read { try $0.position(origin: origin, size: size) }
    var logKeys = histories.keys
    guard let trust = histories.trust.current?.root else {
      throw Problem(.notTrusted, "the ledger has no trust root", at: path)
    }
    let change = LogKeyChange(
      oldKey: try NoteKey(name: origin, publicKey: old.publicKey).description,
      newKey: try NoteKey(name: origin, publicKey: new.publicKey).description, reason: .rotation,
      explanation: explanation, after: after, trusted: nil, time: now)
    let statement = try LogKeyEntry.statement(change, old: old.publicKey, new: new.publicKey)
    let envelope = try Envelope(signing: statement.json(), by: [old, new])
    try logKeys.admit(
      envelope, change: change, at: after.size, trust: histories.trust,
      roots: [after.size: TreeHash(after.root.bytes) ?? .empty])
    let draft = try LogKeyEntry.draft(envelope, statement: statement, trust: trust, time: now)
    let index = try await ledger.append(
      [draft], logSigner: .rotating(from: old, to: new), ifSize: after.size)[0]
    return LogKeyChanged(change: change, index: index)
  }
}
