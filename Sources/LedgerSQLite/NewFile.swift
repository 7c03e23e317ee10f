import Foundation
import Model

/// A database file that is made beside its place, so that a process that is killed leaves none that is
/// half a ledger.
enum NewFile {
  /// Makes a file, and clears away what others that were killed left of theirs.
  ///
  /// - Parameter fill: makes the database at the path that it is given, and closes it.
  /// - Throws: `Problem` with `badInput` when there is something already, `inputOutput`, and what
  ///   `fill` throws.
  static func make(at path: String, fill: (_ part: String) throws -> Void) throws {
    let parent = PathText.parent(of: path)
    let folder = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else {
      throw Problem(.inputOutput, "the ledger cannot be written or opened", at: path)
    }
    defer { close(folder) }
    let begin = "\(path).making-"
    // The lock ends with its process: whatever lies there while it is held belongs to nobody. It is
    // not waited for: whoever makes the folder around may hold it, and leftovers harm nobody.
    if flock(folder, LOCK_EX | LOCK_NB) == 0 { removeLeftovers(of: begin, in: parent) }
    guard access(path, F_OK) != 0 else {
      throw Problem(.badInput, "there is a ledger already", at: path)
    }
    let part = "\(begin)\(UUID().uuidString)"
    do {
      try fill(part)
      chmod(part, 0o600)
      try flush(part)
      // Unlike a renaming this never replaces what somebody else has put there.
      let isLinked = link(part, path) == 0
      // Some file systems have no links.
      let isWithout = !isLinked && [EPERM, EOPNOTSUPP, ENOSYS].contains(errno)
      guard isLinked || isWithout && rename(part, path) == 0 else {
        throw Problem(.inputOutput, "the ledger cannot be put in its place", at: path)
      }
    } catch {
      for ending in ["", "-wal", "-shm"] { unlink(part + ending) }
      throw error
    }
    unlink(part)
    guard fsync(folder) == 0 else {
      throw Problem(.inputOutput, "the folder cannot be flushed", at: parent)
    }
  }

  /// No connection of SQLite's is open to it: closing a descriptor takes no lock of one away.
  private static func flush(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw Problem(.inputOutput, "the ledger cannot be flushed", at: path)
    }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw Problem(.inputOutput, "the ledger cannot be flushed", at: path)
    }
  }

  private static func removeLeftovers(of begin: String, in parent: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
    for name in names {
      let path = PathText.resolve(name, in: parent)
      guard path.utf8.starts(with: begin.utf8) else { continue }
      let rest = path.dropFirst(begin.count).prefix(36)
      if UUID(uuidString: String(rest))?.uuidString == String(rest) { unlink(path) }
    }
  }
}
