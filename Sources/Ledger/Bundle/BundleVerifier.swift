import Attestation
public import Model

/// What the check of a bundle found.
public struct BundleReport: Sendable, Codable {
  /// What the bundle says of itself.
  public let description: BundleDescription
  /// The signed head that all entries were led to: hexadecimal root.
  public let root: String
  /// Digest of the first trust root's envelope, by which all signatures were judged.
  public let trustRoot: Digest?
  /// Entries of each kind.
  public let kinds: [String: Int]
  /// Envelopes whose signatures were checked.
  public let envelopes: Int64
  /// Entries whose payload was erased.
  public let erased: Int64
  /// What can be said about completeness.
  public let completeness: String
  /// What is wrong; the first hundred.
  public let faults: [LedgerFault]

  /// Whether nothing is wrong.
  public var isSound: Bool { faults.isEmpty }
}

/// Checks a bundle, entry by entry, on a machine that never saw the ledger; memory is flat.
///
/// The checkpoint comes verified: by the keys and the quorum of the policy that the auditor holds,
/// never by anything in the bundle. From there on each leaf is led to its root, each payload to its
/// leaf, and each signature to the trust roots, which the bundle must carry from the first one on.
public struct BundleVerifier {
  private static let limit = 100

  private let description: BundleDescription
  private let checkpoint: Checkpoint
  private let note: String
  private let range: Range<Int64>?
  private var rangeCheck: RangeCheck?
  private var trust = TrustHistory()
  private var trustRoot: Digest?
  private var last: Int64 = -1
  private var entries: Int64 = 0
  private var kinds: [String: Int] = [:]
  private var envelopes: Int64 = 0
  private var erased: Int64 = 0
  private var erasures = ErasureAccount()
  private var timestamps: Int64 = 0
  private var faults: [LedgerFault] = []

  /// Begins with what stands before the entries.
  ///
  /// - Parameters:
  ///   - checkpoint: the head that `note` states, its signatures already verified.
  ///   - note: the signed checkpoint's text, as the receipts in the bundle carry it.
  /// - Throws: `Problem` with `badInput` or `notTrusted` when description, checkpoint and range
  ///   proof do not belong together.
  public init(
    _ description: BundleDescription, checkpoint: Checkpoint, note: String, proof: RangeProof?
  ) throws {
    guard description.format == BundleDescription.form else {
      throw Problem(
        .badInput, "\"\(description.format)\" is no form of a bundle that is known here")
    }
    guard description.origin.utf8.elementsEqual(checkpoint.origin.utf8),
      description.size == checkpoint.size
    else { throw Problem(.notTrusted, "the bundle describes another ledger than its checkpoint") }
    guard description.range == proof.map({ BundleDescription.Contiguous($0.range) }),
      proof.map({ $0.size == checkpoint.size }) ?? true,
      description.scope.kind == .release || proof != nil
    else { throw Problem(.notTrusted, "the range proof is not of the range that the bundle names") }
    self.description = description
    self.checkpoint = checkpoint
    self.note = note
    range = proof?.range
    rangeCheck = proof?.checking()
  }

  private mutating func fault(_ message: String, at index: Int64? = nil) {
    if faults.count < Self.limit { faults.append(LedgerFault(index: index, message: message)) }
  }

  /// Takes a stamped checkpoint, before the entries. Whether its timestamps are an authority's is not
  /// looked at here.
  ///
  /// - Returns: the stamped checkpoint; `nil` when it is no beginning of this ledger.
  public mutating func take(_ stamped: StampedCheckpoint) -> Checkpoint? {
    timestamps += Int64(stamped.timestamps.count)
    do {
      return try stamped.check(against: checkpoint)
    } catch {
      fault((error as? Problem)?.message ?? "\(error)")
      return nil
    }
  }

  /// Notes what is wrong with a timestamp, whoever its authority may be.
  public mutating func note(_ problem: Problem) { fault(problem.message) }

  /// Takes the next entry; they come by ascending index.
  public mutating func take(_ entry: BundleEntry) {
    entries += 1
    do {
      guard entry.index > last else {
        throw Problem(.badInput, "the entries do not come in the ledger's order")
      }
      last = entry.index
      try place(entry)
      let leaf = try Leaf(bytes: entry.leaf)
      kinds[leaf.kind.rawValue, default: 0] += 1
      guard let (envelope, salt) = entry.payload else {
        erased += 1
        erasures.gone.insert(entry.index..<entry.index + 1)
        return
      }
      guard Leaf.saltedDigest(of: envelope, salt: salt) == leaf.envelope else {
        throw Problem(.ledgerDamaged, "the payload is not the one that the leaf names")
      }
      try check(envelope, leaf, at: entry.index)
      envelopes += 1
    } catch let problem as Problem {
      fault(problem.message, at: entry.index)
    } catch {
      fault("\(error)", at: entry.index)
    }
  }

  /// Leads a leaf to the root: as part of the range, or by its own proof.
  private mutating func place(_ entry: BundleEntry) throws {
    if let range, range.contains(entry.index) {
      guard rangeCheck?.next == entry.index else {
        throw Problem(.notTrusted, "an entry before it is missing from the range")
      }
      try rangeCheck?.take(entry.leaf)
      return
    }
    guard let receipt = entry.receipt, receipt.index == entry.index else {
      throw Problem(.notTrusted, "it stands outside of the range and has no receipt")
    }
    guard receipt.checkpoint.utf8.elementsEqual(note.utf8) else {
      throw Problem(.notTrusted, "its receipt is of another checkpoint than the bundle's")
    }
    guard
      ProofVerifier.isIncluded(
        .leaf(entry.leaf), at: entry.index, size: checkpoint.size, proof: receipt.proof,
        root: checkpoint.root)
    else { throw Problem(.notTrusted, "its proof does not lead to the checkpoint's root") }
  }

  private mutating func check(_ bytes: [UInt8], _ leaf: Leaf, at index: Int64) throws {
    let envelope = try Envelope(json: bytes)
    let statement = try Statement(json: envelope.payload)
    guard statement.predicateType.utf8.elementsEqual(leaf.kind.predicateType.utf8),
      Set(statement.subjects.flatMap(\.digests)) == Set(leaf.subjects)
    else { throw Problem(.ledgerDamaged, "the leaf and the statement speak of different things") }
    guard leaf.kind != .trustRoot else {
      try trust.admit(
        envelope, root: statement.predicate(as: TrustRoot.self), at: index, time: leaf.time)
      if trustRoot == nil { trustRoot = .sha256(bytes) }
      return
    }
    guard leaf.kind != .logKey else { return try checkLogKey(envelope, statement, at: index) }
    let keys = try trust.signers(
      of: envelope, kind: leaf.kind, application: statement.application,
      environment: statement.environment, entry: index, time: leaf.time)
    guard keys.contains(where: { $0.holder.utf8.elementsEqual(leaf.actor.utf8) }) else {
      throw Problem(
        .notTrusted, "the leaf names \(leaf.actor), the signature is of \(keys[0].holder)")
    }
    if leaf.kind == .erasure {
      for claim in try ErasureAccount.claims(of: statement, at: index) {
        erasures.claimed.insert(claim.index..<claim.index + 1)
      }
    }
  }

  /// A change of the log key is signed by both keys, or by the new one and the recovery keys.
  private func checkLogKey(
    _ envelope: Envelope, _ statement: Statement, at index: Int64
  ) throws {
    let change = try statement.predicate(as: LogKeyChange.self)
    let (old, new) = (try NoteKey(change.oldKey), try NoteKey(change.newKey))
    let keys = [PublicKey.ed25519(old.publicKey), .ed25519(new.publicKey)]
    let signed = envelope.verifyingKeys(among: keys)
    guard signed.contains(keys[1]), change.reason != .rotation || signed.contains(keys[0]) else {
      throw Problem(
        .notTrusted, "the change of the log key is not signed by the keys that it names")
    }
    guard change.reason != .rotation else { return }
    guard let recovery = trust.version(forEntry: index)?.root.recovery else {
      throw Problem(.notTrusted, "the trust root names no recovery keys")
    }
    try recovery.check(envelope)
  }

  /// Ends after the last entry.
  public consuming func finish() -> BundleReport {
    if let check = rangeCheck {
      do {
        if try check.root() != checkpoint.root {
          fault("the entries of the range do not lead to the checkpoint's root")
        }
      } catch {
        fault((error as? Problem)?.message ?? "\(error)")
      }
    }
    for gone in erasures.faults() where faults.count < Self.limit { faults.append(gone) }
    if entries != description.entries {
      fault("the bundle says that it has \(description.entries) entries, it has \(entries)")
    }
    if timestamps != description.timestamps ?? 0 {
      fault(
        "the bundle says that it has \(description.timestamps ?? 0) timestamps, it has"
          + " \(timestamps)")
    }
    if trustRoot == nil { fault("the first trust root is not in the bundle") }
    return BundleReport(
      description: description, root: checkpoint.root.description, trustRoot: trustRoot,
      kinds: kinds, envelopes: envelopes, erased: erased, completeness: description.completeness,
      faults: faults)
  }
}
