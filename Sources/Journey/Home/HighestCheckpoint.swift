import Blobs
import Foundation
import Ledger
import Model

/// The highest checkpoint of a ledger that this machine has seen, kept outside of the ledger's
/// folder: a backup that was put back without a word is a rollback, and the next append would fork
/// the log.
///
/// It is written at the end of what appends, without being flushed: it warns where it can, and
/// nothing rests on it. Witnesses and mirrors are what an operator cannot roll back.
struct HighestCheckpoint: Sendable {
  /// Where it is kept.
  let path: String

  /// The file for a log with this key at this path, below the user's state folder.
  ///
  /// By the path as well: a copy that somebody tries something on must not stop the ledger itself.
  init(
    _ key: NoteKey, at place: String,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    let state =
      environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? "\(environment["HOME"] ?? NSHomeDirectory())/.local/state"
    path =
      "\(state)/pratique/highest/\(Digest.sha256(Array("\(key.description)\n\(place)".utf8)).hex)"
  }

  /// What was kept; `nil` when nothing was, or nothing that can be read.
  func note() -> String? {
    guard let bytes = try? DurableFile.read(path, limit: 1 << 20) else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }

  /// Keeps a signed checkpoint, when it is higher than the one that was kept.
  ///
  /// A folder that cannot be written is passed over: an append that is durable has not failed.
  func keep(_ note: String) {
    guard let size = Self.size(note), Self.size(self.note() ?? "") ?? -1 < size else { return }
    replace(with: note)
  }

  /// Keeps a signed checkpoint, whatever was kept: after a recovery epoch.
  func replace(with note: String) {
    let temporary = "\(path).\(getpid()).part"
    try? DurableFolder.make(PathText.parent(of: path))
    guard FileManager.default.createFile(atPath: temporary, contents: Data(note.utf8)),
      rename(temporary, path) == 0
    else {
      unlink(temporary)
      return
    }
  }

  /// The size that a note states, its signatures not looked at.
  private static func size(_ note: String) -> Int64? {
    (try? SignedNote(note)).flatMap { try? Checkpoint(body: $0.text) }?.size
  }
}
