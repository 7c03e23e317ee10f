import Attestation
public import Model

/// Looks for entries that may refer to certain contents, without reading what every statement says: a
/// digest stands in a statement as its 64 hexadecimal characters, and those can be looked for.
///
/// It may find too many, and never too few; whoever asks then reads what it found.
public struct ContentSearch: Sendable {
  private let wanted: Set<TreeHash>
  private let digests: Set<Digest>

  /// Looks for these digests.
  public init(_ digests: some Sequence<Digest>) {
    self.digests = Set(digests)
    wanted = Set(
      self.digests.compactMap { digest in
        var text = digest.hex
        return text.withUTF8 { TreeHash(hexadecimal: UnsafeRawBufferPointer($0)) }
      })
  }

  /// The entries of a range that may refer to any of them.
  ///
  /// - Throws: what the reader throws.
  public func candidates(_ range: Range<Int64>, _ reader: any LedgerReader) throws -> [Int64] {
    var found: [Int64] = []
    try reader.visit(range) { row in
      let leaf = try Leaf(bytes: Array(row.leaf))
      switch row.payload {
      case .none: break
      case .blob(let digest, _):
        // What lies in the blob store is read whole, where its kind can refer to anything.
        if digests.contains(digest) || EntryProfile.mayRefer(leaf.kind) { found.append(row.index) }
      case .inline(let envelope, _):
        guard EntryProfile.mayRefer(leaf.kind) else { break }
        if mayName(Array(envelope)) { found.append(row.index) }
      }
    }
    return found
  }

  private func mayName(_ envelope: [UInt8]) -> Bool {
    // What cannot be read here is read, and refused, by whoever asks.
    guard let payload = try? Envelope(json: envelope).payload else { return true }
    return payload.withUnsafeBytes { bytes in
      var run = 0
      for (place, byte) in bytes.enumerated() {
        switch byte {
        case 0x30...0x39, 0x61...0x66: run += 1
        // A character may be written in another way, or as a capital: then it is read whole.
        case UInt8(ascii: "\\"),
          0x41...0x46 where run >= 8:
          return true
        default: run = 0
        }
        guard run >= 64 else { continue }
        let window = UnsafeRawBufferPointer(rebasing: bytes[(place - 63)...place])
        if let hash = TreeHash(hexadecimal: window), wanted.contains(hash) { return true }
      }
      return false
    }
  }
}
