import Attestation
import Model

/// A timestamp of a checkpoint, kept with all that is needed to check it when the authority is gone.
public struct CheckpointTimestamp: Hashable, Sendable {
  /// Size of the checkpoint; what was stamped is the text of its note (`SignedNote.text`).
  public let size: Int64
  /// The authority's name in the ledger's configuration.
  public let authority: String
  /// The token in DER, as it was received (RFC 3161, TimeStampToken).
  public let token: [UInt8]
  /// Certificates that a chain may be made of, in PEM; empty when the token holds them all.
  public let certificates: String
  /// The revocation lists that were there when the token came, in PEM (`X509 CRL`); may be empty.
  public let revocationLists: String

  /// States a timestamp.
  public init(
    size: Int64, authority: String, token: [UInt8], certificates: String = "",
    revocationLists: String = ""
  ) {
    self.size = size
    self.authority = authority
    self.token = token
    self.certificates = certificates
    self.revocationLists = revocationLists
  }
}

extension SignedNote.Signature {
  /// A signature as a store holds it.
  ///
  /// - Throws: `Problem` with `ledgerDamaged` for what no note can carry.
  public init(name: String, keyID: [UInt8], signature: [UInt8]) throws {
    let line = "— \(name) \(Base64.encode(keyID + signature))"
    guard keyID.count == 4, let read = Self(line: Array(line.utf8)) else {
      throw Problem(.ledgerDamaged, "a cosignature that is kept is none that a note can carry")
    }
    self = read
  }
}

extension LedgerReader {
  /// The checkpoint of exactly that size with the cosignatures that are kept; `nil` where there is
  /// none. Nothing of it is verified here.
  ///
  /// - Throws: `Problem` with `badInput` when what is kept is no note.
  public func cosignedCheckpoint(size: Int64) throws -> SignedNote? {
    guard let text = try checkpoint(size: size) else { return nil }
    return try SignedNote(text).adding(try cosignatures(size: size))
  }

  /// The largest checkpoint, at most of this size, that a trust policy is content with; `nil` where
  /// there is none among those that witnesses cosigned.
  ///
  /// - Parameter limit: at most so many cosigned checkpoints are looked at, the latest.
  public func witnessedCheckpoint(
    upTo size: Int64 = .max, by policy: TrustPolicy, logs: [NoteKey], limit: Int = 100
  ) throws -> SignedNote? {
    for size in try cosignedSizes(upTo: size, limit: limit) {
      if let note = try cosignedCheckpoint(size: size),
        (try? policy.judge(note, logs: logs))?.isMet == true
      {
        return note
      }
    }
    return nil
  }
}
