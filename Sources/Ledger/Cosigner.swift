public import Attestation
public import Model

/// A `cosignature/v1` signature (C2SP `tlog-cosignature`, key type 0x04): when the cosigner had
/// seen no larger tree of that log, and its Ed25519 signature over that and the checkpoint.
struct Cosignature {
  /// Seconds since 1970-01-01T00:00:00Z, at most 2⁶³ - 1.
  let timestamp: Int64
  /// 64 bytes.
  let signature: [UInt8]

  /// Reads eight bytes of time, most significant first, and the signature.
  init?(bytes: [UInt8]) {
    guard bytes.count == 72 else { return nil }
    let time = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let timestamp = Int64(exactly: time) else { return nil }
    self.timestamp = timestamp
    signature = Array(bytes.dropFirst(8))
  }

  /// What is signed: a line that says what it is, the time's line, and the note's text.
  static func message(timestamp: Int64, text: String) -> [UInt8] {
    Array("cosignature/v1\ntime \(timestamp)\n\(text)".utf8)
  }
}

/// Who signs checkpoints of other people's logs: a name and an Ed25519 key.
///
/// The signed message does not hold the cosigner's name, so one key is one cosigner: a key that
/// cosigns under two names lets each cosignature pass for the other's.
public struct Cosigner: Sendable {
  /// The key that verifies its cosignatures, of type 0x04.
  public let key: NoteKey
  private let signer: Signer

  /// Names a cosigner.
  ///
  /// - Throws: `Problem` with `badInput` for a name that a note cannot carry or another kind of
  ///   key.
  public init(name: String, signer: Signer) throws {
    key = try NoteKey(cosigner: name, publicKey: signer.publicKey)
    self.signer = signer
  }

  /// Cosigns a checkpoint. Whoever calls this states that of this log no larger tree was seen.
  ///
  /// - Parameter time: the time to state; seconds are kept.
  /// - Throws: what the signer throws; `Problem` with `badInput` when the note is no checkpoint or
  ///   the time is before 1970.
  public func cosign(_ note: SignedNote, at time: Instant) throws -> SignedNote.Signature {
    _ = try Checkpoint(body: note.text)
    guard time.milliseconds >= 0 else {
      throw Problem(.badInput, "a cosignature's time is not before 1970")
    }
    let timestamp = time.milliseconds / 1000
    let signature = try signer.sign(Cosignature.message(timestamp: timestamp, text: note.text))
    let stamp = withUnsafeBytes(of: timestamp.bigEndian) { Array($0) }
    return SignedNote.Signature(key: key, signature: stamp + signature)
  }
}
