public import Attestation
public import Model

/// A piece of evidence that a gate may look at: its signature was verified, by the trust root that
/// stood before its entry.
public struct AdmittedEvidence: Sendable {
  /// What it states.
  public let statement: Statement
  /// What it is about.
  public let kind: EvidenceKind
  /// Pseudonym of the holder of the key that signed it.
  public let signer: String
  /// Index in the ledger.
  public let index: Int64
  /// SHA-256 of the envelope.
  public let envelope: Digest
  /// When it was recorded.
  public let time: Instant

  /// States a piece of evidence.
  public init(
    statement: Statement, kind: EvidenceKind, signer: String, index: Int64, envelope: Digest,
    time: Instant
  ) {
    self.statement = statement
    self.kind = kind
    self.signer = signer
    self.index = index
    self.envelope = envelope
    self.time = time
  }

  /// The reference that decisions carry.
  public var reference: EvidenceReference {
    EvidenceReference(kind: kind, index: index, envelope: envelope, signer: signer, time: time)
  }

  /// The predicate as a value.
  ///
  /// - Throws: `Problem` with `judgingFailed`: evidence that cannot be read is never passed over.
  func predicate<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
    do {
      return try statement.predicate(as: type)
    } catch {
      throw Problem(
        .judgingFailed,
        "entry \(index) of kind \"\(kind.rawValue)\" cannot be read as such: \(error)")
    }
  }
}

/// Evidence on the release that was not admitted, and why: it never counts, and is never hidden.
public struct RefusedEvidence: Sendable {
  /// Index in the ledger.
  public let index: Int64
  /// What it is about.
  public let kind: EvidenceKind
  /// Why it does not count.
  public let reason: String
  /// SHA-256 of the envelope; of the leaf where the envelope is gone or cannot be read.
  public let digest: Digest

  /// States why a piece of evidence does not count.
  public init(index: Int64, kind: EvidenceKind, reason: String, digest: Digest) {
    self.index = index
    self.kind = kind
    self.reason = reason
    self.digest = digest
  }
}
