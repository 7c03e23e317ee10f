import Attestation
public import Compliance
import Ledger
import LedgerSQLite
public import Model

/// All evidence on some subjects, as the ledger has it at one size.
public struct CollectedEvidence: Sendable {
  /// Evidence whose signature and place were verified.
  public let evidence: [AdmittedEvidence]
  /// Evidence that does not count, and why.
  public let refused: [RefusedEvidence]
  /// Those of the refused whose payload was erased, and by whom.
  public let erased: [ErasureNote]
  /// The trust root in force.
  public let trust: TrustRoot
  /// The size and root up to which all was taken.
  public let position: LedgerPosition
}

extension LedgerHome {
  /// Takes *all* evidence on a release, and all that people state of its application or of the
  /// organisation, up to the last checkpoint, or up to an earlier size, as when a decision is asked
  /// again.
  ///
  /// Each entry is led to the checkpoint's root by its inclusion proof, and its envelope is verified
  /// by the trust root that stood before it, as a word on the application and the environment that
  /// it speaks of itself: the gate of one environment looks at what was done in another.
  ///
  /// - Throws: `Problem` with `ledgerDamaged` or `notTrusted` when the ledger itself cannot be used.
  public func evidence(
    on release: Release, size earlier: Int64? = nil
  ) async throws -> CollectedEvidence {
    let digests = release.digests
    // Under every name that the organisation has had: what was said under another one is judged,
    // not lost.
    let names = Set(try await trustHistory().versions.map(\.root.organisation))
    let standing = ([.application(release.application)] + names.sorted().map(Subject.organisation))
      .flatMap(\.digests)
    let (note, found) = try await ledger.read { snapshot in
      (
        try snapshot.checkpoint(),
        Set(try snapshot.indices(subjects: digests + standing))
          .union(try snapshot.indices(kind: .trustRoot)).sorted()
      )
    }
    guard let note else { throw Problem(.ledgerDamaged, "the ledger has no checkpoint", at: path) }
    let keys = try await ledger.histories().keys
    let latest = try keys.checkpoint(note)
    let checkpoint = try await self.checkpoint(at: earlier ?? latest.size, latest: latest)
    // What was recorded after the checkpoint that is judged belongs to the next decision.
    let indices = found.filter { $0 < checkpoint.size }
    let proofs = try await ledger.read { snapshot in
      try indices.map { try snapshot.proofs.inclusion(of: $0, in: checkpoint.size) }
    }
    let history = try await trustHistory(size: checkpoint.size)
    var evidence: [AdmittedEvidence] = []
    var refused: [RefusedEvidence] = []
    var erased: [ErasureNote] = []
    for (entry, proof) in zip(try await ledger.entries(indices), proofs) {
      guard
        ProofVerifier.isIncluded(
          .leaf(entry.leaf), at: entry.index, size: checkpoint.size, proof: proof,
          root: checkpoint.root)
      else {
        throw Problem(
          .ledgerDamaged, "entry \(entry.index) does not lead to the checkpoint's root", at: path)
      }
      let leaf = try Leaf(bytes: entry.leaf)
      guard
        EvidenceKind.standing.contains(leaf.kind) || leaf.subjects.contains(where: digests.contains)
      else { continue }
      if case .erased = entry.payload,
        let note = try await erasureNote(of: entry.index, leaf: leaf)
      {
        erased.append(note)
      }
      // Said of the ledger as it is now: what a stolen key may have ordered counts at no size.
      if keys.isDistrusted(entry.index) {
        refused.append(
          RefusedEvidence(
            index: entry.index, kind: leaf.kind,
            reason: "it was recorded when somebody else may have had the log key",
            digest: Self.digest(entry, leaf)))
        continue
      }
      do {
        evidence.append(try admit(entry, leaf: leaf, history: history))
      } catch let problem as Problem {
        refused.append(
          RefusedEvidence(
            index: entry.index, kind: leaf.kind, reason: problem.message,
            digest: Self.digest(entry, leaf)))
      }
    }
    guard let trust = history.current?.root, let position = checkpoint.position else {
      throw Problem(.notTrusted, "the ledger has no trust root", at: path)
    }
    return CollectedEvidence(
      evidence: evidence, refused: refused, erased: erased, trust: trust, position: position)
  }

  static func digest(_ entry: StoredEntry, _ leaf: Leaf) -> Digest {
    .sha256((try? EntryReader.bytes(entry, leaf: leaf)) ?? entry.leaf)
  }

  /// The head that the ledger had at a size, led to the signed one by a consistency proof.
  private func checkpoint(at size: Int64, latest: Checkpoint) async throws -> Checkpoint {
    guard size != latest.size else { return latest }
    guard size > 0, size < latest.size else {
      throw Problem(.notFound, "the ledger has \(latest.size) entries, not \(size)", at: path)
    }
    let (root, proof) = try await ledger.read { snapshot in
      (
        try snapshot.proofs.root(size: size),
        try snapshot.proofs.consistency(from: size, to: latest.size)
      )
    }
    guard
      ProofVerifier.isConsistent(
        old: size, new: latest.size, proof: proof, oldRoot: root, newRoot: latest.root)
    else {
      throw Problem(.ledgerDamaged, "the first \(size) entries do not lead to the root", at: path)
    }
    return Checkpoint(origin: latest.origin, size: size, root: root)
  }

  func admit(
    _ entry: StoredEntry, leaf: Leaf, history: TrustHistory
  ) throws -> AdmittedEvidence {
    let bytes = try EntryReader.bytes(entry, leaf: leaf)
    do {
      let envelope = try Envelope(json: bytes)
      let statement = try Statement(json: envelope.payload)
      guard statement.predicateType.utf8.elementsEqual(leaf.kind.predicateType.utf8),
        Set(statement.subjects.flatMap(\.digests)) == Set(leaf.subjects)
      else { throw Problem(.ledgerDamaged, "the leaf and the statement speak of different things") }
      // A trust root is signed under the rules before it, which `trustHistory` has checked.
      let signer =
        leaf.kind == .trustRoot
        ? leaf.actor
        : try history.signers(
          of: envelope, kind: leaf.kind, application: statement.application,
          environment: statement.environment, entry: entry.index, time: leaf.time)[0].holder
      try EntryReader.checkRequest(
        statement, envelope, leaf: leaf, entry: entry.index, history: history)
      return AdmittedEvidence(
        statement: statement, kind: leaf.kind, signer: signer, index: entry.index,
        envelope: .sha256(bytes), time: leaf.time)
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem(.ledgerDamaged, "it cannot be read: \(error)")
    }
  }
}
