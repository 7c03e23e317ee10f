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

  private func put(_ bytes: [UInt8], _ path: String) throws { try PlainFile.write(bytes, path) }
}

/// Files that can be made again, and are not flushed one by one.
private enum PlainFile {
  /// Writes a file in its place. Not by way of Foundation, which leaves hidden files of its own
  /// behind when it is killed.
  static func write(_ bytes: [UInt8], _ path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw Problem(.inputOutput, "the file cannot be made", at: path)
    }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else {
        throw Problem(.inputOutput, "the file cannot be written", at: path)
      }
      rest = rest.dropFirst(written)
    }
  }
}
