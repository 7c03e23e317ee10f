import Model

/// Reads the answer of `git cat-file --batch`.
struct GitBatch {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  static let cutOff = Problem(
    .inputOutput, "git's answer ended early", advice: "git fsck tells whether it is whole.")

  /// The content of the next object, which must be the one asked for.
  mutating func next(_ id: Digest, kind: String) throws -> [UInt8] {
    guard let end = bytes[position...].firstIndex(of: 0x0a) else { throw Self.cutOff }
    let words = String(decoding: bytes[position..<end], as: UTF8.self).split(separator: " ")
    guard words.count == 3, words[0] == id.hex, let size = Int(words[2]), size >= 0 else {
      throw Problem(
        .notFound, "the repository lacks the \(kind) \(id.hex)",
        advice: "Fetch the whole history; shallow and partial clones are not enough.")
    }
    guard words[1] == kind else {
      throw Problem(.badInput, "\(id.hex) is a \(words[1]), expected a \(kind)")
    }
    let start = end + 1
    guard size < bytes.count - start, bytes[start + size] == 0x0a else { throw Self.cutOff }
    position = start + size + 1
    let content = Array(bytes[start..<start + size])
    try GitObject.check(content, kind: kind, is: id)
    return content
  }
}
