public import Attestation
import Blobs
import Ledger
public import Model

/// The replacement of a lost or stolen log key by the offline recovery keys, on its way from
/// preparation to force.
public enum LogKeyRecovery {
  /// Adds the signature of a recovery key; no ledger is needed for it.
  ///
  /// - Returns: what was signed, and how many signatures it has now, the new key's among them.
  /// - Throws: `Problem` with `badInput` for anything but such a replacement.
  public static func sign(path: String, signer: Signer) throws -> (LogKeyChange, Int) {
    let envelope = try TrustChange.read(path)
    let change = try read(envelope, path)
    guard try NoteKey(change.newKey).ed25519 != signer.publicKey else {
      throw Problem(
        .badInput, "the new log key has signed already; recovery keys sign here", at: path)
    }
    let signed = try envelope.adding(signer)
    try DurableFile.write(signed.json(), to: path, mode: 0o644)
    return (change, signed.signatures.count)
  }

  static func read(_ envelope: Envelope, _ path: String) throws -> LogKeyChange {
    try InputFile.locating(path) {
      let statement = try Statement(json: envelope.payload)
      // A signature counts for whatever the statement says: nothing else is signed here.
      guard statement.predicateType == EvidenceKind.logKey.predicateType else {
        throw Problem(.badInput, "the file is no replacement of a log key", at: path)
      }
      let change = try statement.predicate(as: LogKeyChange.self)
      guard change.reason != .rotation else {
        throw Problem(
          .badInput, "the file is a rotation, which recovery keys do not sign", at: path)
      }
      return change
    }
  }
}

/// A replacement that waits for the signatures of recovery keys.
public struct PreparedRecovery: Sendable, Encodable {
  /// The change.
  public let change: LogKeyChange
  /// How many recovery keys must sign it.
  public let threshold: Int
  /// How many there are.
  public let recoveryKeys: Int
  /// Kinds and numbers of the entries that will not be trusted any more.
  public let distrusted: [String: Int]
}

extension LedgerHome {
  /// Makes a new log key and writes the statement by which it shall replace the one in force.
  ///
  /// - Parameters:
  ///   - reason: lost or stolen.
  ///   - trustedSize: for a stolen key, how many entries are trusted; `nil` trusts all.
  ///   - place: a file or `pkcs11:` URI with the new key; `nil` makes one.
  ///   - lock: makes the text of a new key's file.
  /// - Throws: `Problem`; then nothing was written but perhaps the new key.
  public func prepareRecovery(
    reason: LogKeyChange.Reason, trustedSize: Int64?, explanation: String, newKey place: String?,
    to output: String, time: TimeSource, lock: (PrivateKey) throws -> String = { $0.pem }
  ) async throws -> PreparedRecovery {
    let histories = try await ledger.histories()
    guard let version = histories.trust.current, let recovery = version.root.recovery else {
      throw Problem(
        .notTrusted, "the trust root names no recovery keys, so a lost log key cannot be replaced",
        at: path, advice: "Keep this ledger as it is, and begin a new one: docs/keys.md")
    }
    guard reason == .stolen || trustedSize == nil else {
      throw Problem(.badInput, "only for a stolen key is it said which entries are trusted")
    }
    guard !explanation.allSatisfy(\.isWhitespace) else {
      throw Problem(.badInput, "a change of the log key needs a reason", advice: "--reason")
    }
    let old = histories.keys.current
    let least = max(version.index + 1, old.firstSize)
    let (after, trusted) = try await ledger.read { reader in
      let after = try reader.position(origin: old.key.name, size: reader.size())
      guard reason == .stolen else { return (after, nil as LedgerPosition?) }
      let size = trustedSize ?? after.size
      guard size >= least, size <= after.size else {
        throw Problem(
          .badInput, "entries can be trusted up to a size from \(least) to \(after.size)",
          advice: "Changes of the trust root and of the log key are not taken back by a recovery.")
      }
      return (after, try reader.position(origin: old.key.name, size: size))
    }
    let files = logKeyFiles
    let new = try await files.alone { try files.stage(place, lock: lock) }
    let change = LogKeyChange(
      oldKey: old.key.description,
      newKey: try NoteKey(name: old.key.name, publicKey: new.publicKey).description,
      reason: reason, explanation: explanation, after: after, trusted: trusted, time: time.now())
    let statement = try LogKeyEntry.statement(
      change, old: old.key.ed25519, new: new.publicKey)
    let envelope = try Envelope(signing: statement.json(), by: [new])
    try DurableFile.write(envelope.json(), to: output, mode: 0o644)
    return PreparedRecovery(
      change: change, threshold: recovery.threshold, recoveryKeys: recovery.keys.count,
      distrusted: try await kinds(from: trusted?.size ?? after.size, to: after.size))
  }

  private func kinds(from first: Int64, to end: Int64) async throws -> [String: Int] {
    try await ledger.read { reader in
      var kinds: [String: Int] = [:]
      for index in first..<end {
        guard let leaf = try reader.leaf(index) else { continue }
        kinds[try Leaf(bytes: leaf).kind.rawValue, default: 0] += 1
      }
      return kinds
    }
  }

  /// Records a replacement that enough recovery keys signed, and brings the new key into force.
  ///
  /// - Throws: `Problem` with `notTrusted`, `notFound` (the new key), or `busy` when the ledger has
  ///   grown since it was prepared; then nothing was recorded.
  public func applyRecovery(path file: String, time: TimeSource) async throws -> LogKeyChanged {
    let envelope = try TrustChange.read(file)
    let change = try LogKeyRecovery.read(envelope, file)
    let files = logKeyFiles
    return try await files.alone {
      let histories = try await ledger.histories()
      var logKeys = histories.keys
      let old = logKeys.current.key
      let size = try await ledger.read { try $0.size() }
      guard change.after.size == size || change.oldKey != old.description else {
        throw Problem(
          .busy,
          "the ledger has grown from \(change.after.size) to \(size) entries since the"
            + " replacement was prepared", at: path,
          advice: "Stop all that still records, then prepare and sign it anew.")
      }
      let origin = old.name
      let sizes = [change.after.size, change.trusted?.size].compactMap { $0 }
      let roots = try await ledger.read { reader in
        try sizes.reduce(into: [Int64: TreeHash]()) { roots, size in
          roots[size] = TreeHash(try reader.position(origin: origin, size: size).root.bytes)
        }
      }
      try logKeys.admit(
        envelope, change: change, at: size, trust: histories.trust, roots: roots)
      let new = try files.staged()
      guard try NoteKey(name: origin, publicKey: new.publicKey).description == change.newKey else {
        throw Problem(
          .notTrusted, "the new log key is not the one that the recovery keys signed for", at: path,
          advice: "Another replacement was prepared later; sign and apply that one.")
      }
      guard let trust = histories.trust.current?.root else {
        throw Problem(.notTrusted, "the ledger has no trust root", at: path)
      }
      let draft = try LogKeyEntry.draft(
        envelope, statement: try Statement(json: envelope.payload), trust: trust, time: time.now())
      let index = try await ledger.append(
        [draft], logSigner: .replacing(old.ed25519, by: new), ifSize: size)[0]
      try files.settle()
      return LogKeyChanged(change: change, index: index)
    }
  }
}
