import Blobs
import Foundation
import Ledger
import Model
import Reading

/// The file `mirror.json` in a folder, which says that the folder is a copy of a ledger elsewhere:
/// it is read, verified and restored from, and never appended to.
struct MirrorFile: Codable {
  /// The file's form; this program writes and reads 1.
  let form: Int
  /// The log's founding key.
  let key: String

  static let name = "mirror.json"

  init(_ key: NoteKey) {
    form = 1
    self.key = key.description
  }

  /// Whether a folder is a mirror.
  static func isThere(in folder: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(folder)/\(name)")
  }

  /// Writes the file whole, or not at all.
  func write(in folder: String) throws {
    try DurableFile.write(CanonicalJSON.write(self), to: "\(folder)/\(Self.name)")
  }

  /// The founding key of the log whose mirror a folder is; `nil` when it is none.
  ///
  /// - Throws: `Problem` with `badInput`.
  static func key(in folder: String) throws -> NoteKey? {
    let path = "\(folder)/\(name)"
    guard let bytes = try DurableFile.read(path, limit: 1 << 16) else { return nil }
    do {
      let file: MirrorFile = try JSONReader.read(bytes).decode()
      guard file.form == 1 else {
        throw Problem(.badInput, "the mirror is of another version of this program", at: path)
      }
      return try NoteKey(file.key)
    } catch let error as ReadingError {
      throw Problem(.badInput, "the file cannot be read: \(error)", at: path)
    }
  }
}
