import Attestation
import Foundation
import Ledger
import Model

extension LedgerHome {
  /// The keys: the founding log key, what leads from it to the one in force, and the trust root's.
  /// They are for convenience; nobody should trust a key because it lies in an export.
  func exportKeys(to folder: String, size: Int64) async throws {
    try put("\(ledger.key.description)\n", "\(folder)/log.vkey")
    // The checkpoint under which each change of the log key lies.
    for period in try await ledger.histories(size: size).keys.periods.dropFirst() {
      guard let handover = try await ledger.read({ try $0.checkpoint(size: period.firstSize) })
      else { continue }
      try put(handover, "\(folder)/\(period.firstSize).checkpoint")
    }
    for key in try await trustRoot().keys {
      guard let der = Base64.decode(key.publicKey) else { continue }
      let publicKey = try PublicKey(encoded: der)
      // PEM knows no key on an authenticator; it stands there as OpenSSH writes it.
      let suffix = if case .securityKey = publicKey { "pub" } else { "pub.pem" }
      try put(publicKey.pem, "\(folder)/\(key.holder)-\(key.id.short).\(suffix)")
    }
  }

  /// An entry as plain files. What was erased since an earlier export goes from the folder.
  func exportEntry(_ index: Int64, note: String, size: Int64, to folder: String) async throws {
    let entry = try await ledger.entries([index])[0]
    let leaf = try Leaf(bytes: entry.leaf)
    let stem = "\(folder)/\(index)"
    try put(entry.leaf, "\(stem).leaf")
    if case .present(let envelope, let salt) = entry.payload {
      _ = try EntryReader.bytes(entry, leaf: leaf)
      try put(envelope, "\(stem).dsse.json")
      try put("\(Hexadecimal.encode(salt))\n", "\(stem).salt")
    } else {
      for name in ["\(stem).dsse.json", "\(stem).salt"] { unlink(name) }
      if case .erased = entry.payload, let note = try await erasureNote(of: index, leaf: leaf) {
        try put("the payload was \(note.words)\n", "\(stem).erased")
      }
    }
    let proof = try await ledger.read { try $0.proofs.inclusion(of: index, in: size) }
    try put(
      Receipt(index: index, proof: proof, checkpoint: note).description, "\(stem).tlog-proof")
  }

  private func put(_ text: String, _ path: String) throws { try put(Array(text.utf8), path) }

  /// Plain files are not flushed one by one: an export can be made again.
  private func put(_ bytes: [UInt8], _ path: String) throws {
    guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else {
      throw Problem(.inputOutput, "the file cannot be written", at: path)
    }
  }
}
