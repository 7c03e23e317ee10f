import Foundation
import GRDB
import Model

/// A ledger that lies where nothing can be written: a read-only mount, a folder of somebody else's.
///
/// SQLite reads a write-ahead log through an index in shared memory, which it cannot make there. It
/// can be told to read the file alone, and then passes over every entry that is still in the log. So
/// that is only done while there is no log; and since nobody is kept from writing meanwhile (the
/// place may be writable for others), each reading is only believed if the file is afterwards the
/// one that it was before.
struct UnwritablePlace: Sendable {
  private let path: String
  private let state: State

  private struct State: Equatable {
    let device, file, size, seconds, nanoseconds: Int64

    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      device = Int64(status.st_dev)
      file = Int64(status.st_ino)
      size = Int64(status.st_size)
      seconds = Int64(status.st_mtim.tv_sec)
      nanoseconds = Int64(status.st_mtim.tv_nsec)
    }
  }

  /// Looks at the place; nothing may be in the write-ahead log.
  ///
  /// - Throws: `Problem` with `inputOutput` when entries are in the log, and cannot be read there.
  init(_ path: String) throws {
    guard let state = State(path) else {
      throw Problem(.inputOutput, "the ledger cannot be opened", at: path)
    }
    guard State("\(path)-wal")?.size ?? 0 == 0 else {
      throw Problem(
        .inputOutput,
        "the ledger's newest entries are in its write-ahead log, which cannot be read where nothing"
          + " can be written", at: path,
        advice: "Copy the folder, with ledger.sqlite-wal, to a place that can be written, and read"
          + " it there.")
    }
    self.path = path
    self.state = state
  }

  /// The file's name for SQLite, with the word that it must read the file alone.
  var uri: String {
    let allowed = CharacterSet(charactersIn: "/-._~").union(.alphanumerics)
    let escaped = path.addingPercentEncoding(withAllowedCharacters: allowed) ?? path
    return "file:\(escaped)?immutable=1"
  }

  /// Refuses what was read when the file was changed meanwhile.
  ///
  /// - Throws: `Problem` with `busy`.
  func mustBeUnchanged() throws {
    guard State(path) == state else {
      throw Problem(
        .busy, "the ledger was changed while it was read from a place that cannot be written",
        at: path, advice: "Read it again.")
    }
  }

  /// Whether SQLite could not open a file since it could not write beside it.
  static func isReason(_ error: DatabaseError) -> Bool {
    [.SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM].contains(error.resultCode.primaryResultCode)
  }
}
