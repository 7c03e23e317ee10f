import Model

import enum Crypto.Insecure

/// Git's names of contents: SHA-1 over `kind size NUL` and the bytes.
///
/// SHA-1 names a content; it does not protect it against someone who can make two contents of one
/// name. What is tested and built is bound by the SHA-256 of the export.
enum GitObject {
  /// The id of an object.
  static func id(kind: String, _ bytes: some Collection<UInt8>) -> Digest? {
    var hasher = Insecure.SHA1()
    hasher.update(data: Array("\(kind) \(bytes.count)".utf8) + [0])
    let hashed: Void? = bytes.withContiguousStorageIfAvailable {
      hasher.update(bufferPointer: UnsafeRawBufferPointer($0))
    }
    if hashed == nil { hasher.update(data: Array(bytes)) }
    return Digest(.gitCommit, hex: Hexadecimal.encode(hasher.finalize()))
  }

  /// Refuses bytes whose id is another.
  static func check(_ bytes: some Collection<UInt8>, kind: String, is id: Digest) throws {
    guard Self.id(kind: kind, bytes) == id else {
      throw Problem(
        .notTrusted, "the \(kind) \(id.hex) has other content than its id says",
        advice: "The repository is damaged or was tampered with; run git fsck.")
    }
  }
}
