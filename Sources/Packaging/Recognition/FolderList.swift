import Foundation
public import Model

/// A folder as the list of its files: `SHA-256`, two spaces and the path, a line each, sorted byte by
/// byte, as `sha256sum` writes it. The digest of that text names the folder.
///
/// `find . -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum` gives the same.
/// Times, owners, modes and empty folders are not part of it.
public struct FolderList: Sendable {
  /// One file.
  public struct File: Hashable, Sendable {
    /// Its path below the folder.
    public let path: String
    /// SHA-256 of its content.
    public let digest: Digest
    /// Its size in bytes.
    public let bytes: Int64
  }

  /// The files, sorted by path.
  public let files: [File]
  /// The list as text.
  public let text: String

  private static let limit = 100_000

  /// SHA-256 of the list.
  public var digest: Digest { .sha256(text.utf8) }
  /// Bytes of all files.
  public var bytes: Int64 { files.reduce(0) { $0 + $1.bytes } }

  /// Reads a folder.
  ///
  /// - Throws: `Problem` with `notFound`; `badInput` for a link, a device, a name with a line break
  ///   or a backslash, which such a list does not hold as it is, no file at all, or too many.
  public init(_ folder: String) throws {
    guard let names = FileManager.default.enumerator(atPath: folder) else {
      throw Problem(.notFound, "there is no such folder", at: folder)
    }
    var files: [File] = []
    for case let name as String in names {
      let path = "\(folder)/\(name)"
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      let type = attributes[.type] as? FileAttributeType
      if type == .typeDirectory { continue }
      guard type == .typeRegular else {
        throw Problem(
          .badInput, "a folder is recorded with files alone; this is a link or a device", at: path)
      }
      guard !name.utf8.contains(where: { $0 < 0x20 || $0 == 0x5c || $0 == 0x7f }) else {
        throw Problem(
          .badInput, "a name has a line break, a backslash or another control", at: folder)
      }
      guard files.count < Self.limit else {
        throw Problem(.badInput, "the folder has more than \(Self.limit) files", at: folder)
      }
      let file = try ArtifactBytes(path: path)
      files.append(File(path: name, digest: try file.digest(), bytes: file.size))
    }
    guard !files.isEmpty else { throw Problem(.badInput, "the folder has no file", at: folder) }
    files.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    self.files = files
    text = files.map { "\($0.digest.hex)  \($0.path)\n" }.joined()
  }
}
