import Attestation
import Foundation
import Ledger
import Model

/// A checkpoint of Rekor: a signed note whose key id is the beginning of the log's id, other than
/// the one that C2SP asks for.
enum RekorCheckpoint {
  /// - Throws: `Problem` with `notTrusted` unless the log has signed this size and root.
  static func check(_ note: String, size: Int64, root: TreeHash, log: TrustedRoot.Log) throws {
    guard note.utf8.count <= 16 << 10, let split = note.range(of: "\n\n", options: .backwards)
    else { throw Problem(.notTrusted, "the log's checkpoint is no signed note") }
    let text = String(note[..<split.lowerBound]) + "\n"
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count >= 4, let stated = Int64(lines[1]), stated == size,
      String(stated).utf8.elementsEqual(lines[1].utf8),
      let hash = Base64.decode(String(lines[2])).flatMap({ TreeHash($0) }), hash == root
    else { throw Problem(.notTrusted, "the log's checkpoint is of another size or root") }
    let isSigned = note[split.upperBound...].split(separator: "\n").contains { line in
      let words = line.split(separator: " ")
      guard words.count == 3, words[0] == "\u{2014}",
        let bytes = Base64.decode(String(words[2])), bytes.count > 4,
        bytes.prefix(4).elementsEqual(log.id.prefix(4))
      else { return false }
      return log.key.verify(Array(bytes.dropFirst(4)), of: Array(text.utf8))
    }
    guard isSigned else { throw Problem(.notTrusted, "the log's checkpoint is not signed by it") }
  }
}
