import Attestation
import Model

/// The log's name in its last checkpoint, and the key that signed it.
public struct LogHead: Sendable {
  /// The name.
  public let origin: String
  /// Id of the key: where two signed, the later line is the new key's.
  public let keyID: [UInt8]
  /// The key that has that id, where it was compared before.
  let publicKey: PublicKey?

  init(origin: String, keyID: [UInt8], publicKey: PublicKey?) {
    self.origin = origin
    self.keyID = keyID
    self.publicKey = publicKey
  }

  /// Reads a signed checkpoint, `nil` in a ledger without one.
  ///
  /// - Throws: `Problem` with `ledgerDamaged` for one that no key of the log's name signed.
  public init(after note: String?, founding: NoteKey) throws {
    guard let note else {
      self.init(origin: founding.name, keyID: founding.id, publicKey: nil)
      return
    }
    // Appends ask: only the first line and the signature lines, from the end, are read.
    let origin = String(decoding: note.utf8.prefix { $0 != 0x0a }, as: UTF8.self)
    for line in note.utf8.dropLast().split(separator: UInt8(ascii: "\n")).reversed() {
      guard let signature = SignedNote.Signature(line: line) else { break }
      guard signature.name.utf8.elementsEqual(origin.utf8) else { continue }
      self.init(origin: origin, keyID: signature.keyID, publicKey: nil)
      return
    }
    throw Problem(.ledgerDamaged, "the last checkpoint has no signature of the log")
  }
}
