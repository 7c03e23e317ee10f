import Blobs
import Foundation
import Model

/// What writing a file durably leaves beside its place when it is killed: `NAME.<UUID>.part`.
enum Remains {
  /// Removes them from a folder that nobody else writes to.
  ///
  /// - Parameter below: whether folders in it are looked through, too.
  /// - Throws: `Problem` with `inputOutput`.
  static func remove(in folder: String, below: Bool = false) throws {
    guard FileManager.default.fileExists(atPath: folder) else { return }
    let names =
      try? below
      ? FileManager.default.subpathsOfDirectory(atPath: folder)
      : FileManager.default.contentsOfDirectory(atPath: folder)
    for name in names ?? [] where isRemnant(name) {
      guard unlink("\(folder)/\(name)") == 0 || errno == ENOENT else {
        throw Problem(.inputOutput, "a remnant cannot be removed", at: "\(folder)/\(name)")
      }
    }
  }

  /// Whether a file's name is that of such a remnant.
  static func isRemnant(_ name: String) -> Bool {
    guard name.hasSuffix(".part") else { return false }
    let middle = name.dropLast(5).suffix(36)
    return UUID(uuidString: String(middle))?.uuidString == String(middle)
  }
}
