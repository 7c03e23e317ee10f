import Blobs
import Foundation
import Model

/// The folder in which a ledger is made before it is put in its place, and what others that were
/// killed left beside it: such a folder holds keys that nobody uses.
///
/// Whoever makes one holds a lock on it, which ends with the process; one that nobody holds is a
/// leftover. The lock on the folder around it keeps two from looking and making at the same time.
struct UnfinishedLedger {
  /// The folder, made and locked.
  let path: String
  private let descriptor: Int32

  /// Removes leftovers of the ledger at `place`, and makes a folder of one's own.
  ///
  /// - Throws: `Problem` with `inputOutput`.
  init(beside place: String) throws {
    let parent = PathText.parent(of: place)
    let around = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard around >= 0, flock(around, LOCK_EX) == 0 else {
      if around >= 0 { close(around) }
      throw Problem(.inputOutput, "the folder cannot be locked", at: parent)
    }
    defer {
      flock(around, LOCK_UN)
      close(around)
    }
    Self.removeLeftovers(of: place, in: parent)
    path = "\(place).\(UUID().uuidString).part"
    // Steps that run as another user must reach their workspace; keys and stores stay closed.
    try LedgerHome.makeFolder(path, mode: 0o711)
    let own = Self.lock(path)
    guard let own else { throw Problem(.inputOutput, "the folder cannot be locked", at: path) }
    descriptor = own
  }

  /// Lets go of it.
  func release() {
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// A folder that is not one of ours, that somebody holds, or that cannot be removed, stays.
  private static func removeLeftovers(of place: String, in parent: String) {
    let start = place.utf8.lastIndex(of: 0x2f).map { place.utf8.index(after: $0) }
    let name = String(place[(start ?? place.startIndex)...])
    let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
    for found in names where isLeftover(found, of: name) {
      let path = PathText.resolve(found, in: parent)
      guard let status = FileStatus(path: path, following: false), status.isFolder,
        status.owner == geteuid(), let descriptor = lock(path)
      else { continue }
      try? FileManager.default.removeItem(atPath: path)
      flock(descriptor, LOCK_UN)
      close(descriptor)
    }
  }

  /// Whether a name is the ledger's, a UUID as this program writes it, and `part`.
  private static func isLeftover(_ found: String, of name: String) -> Bool {
    let (start, end) = ("\(name).", ".part")
    guard found.hasPrefix(start), found.hasSuffix(end),
      found.utf8.count == start.utf8.count + 36 + end.utf8.count
    else { return false }
    let middle = String(found.dropFirst(start.count).dropLast(end.count))
    return UUID(uuidString: middle)?.uuidString == middle
  }

  /// A lock that nobody holds; `nil` when somebody does.
  private static func lock(_ path: String) -> Int32? {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }
}
