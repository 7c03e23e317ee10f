import Foundation
import Model

/// The first bytes of a database file, looked at before SQLite opens it: SQLite would turn an empty
/// file or another program's database into what we ask for, and would fill up a file that was cut.
struct DatabaseHeader {
  private static let length = 100
  private static let magic = Array("SQLite format 3\0".utf8)
  /// The version number of files with a write-ahead log.
  private static let writeAhead: UInt8 = 2

  /// Refuses a file that is none of ours, or that was cut.
  ///
  /// - Throws: `Problem` with `ledgerDamaged` or `inputOutput`, the file untouched.
  static func check(_ path: String) throws {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw Problem(.inputOutput, "the ledger cannot be opened", at: path)
    }
    defer { try? file.close() }
    guard let data = try? file.read(upToCount: length) else {
      throw Problem(.inputOutput, "the ledger cannot be read", at: path)
    }
    let bytes = Array(data)
    guard bytes.count == length, bytes.starts(with: magic), bytes[18] == writeAhead,
      bytes[19] == writeAhead
    else { throw Problem(.ledgerDamaged, "the file is no ledger", at: path) }
    // The order of looking matters: a log that is empty now was folded into the file before.
    guard size("\(path)-wal") ?? 0 == 0, let found = size(path) else { return }
    let pageSize = Int64(bytes[16]) << 8 | Int64(bytes[17])
    let pages = bytes[28..<32].reduce(Int64(0)) { $0 << 8 | Int64($1) }
    // A page size of 65,536 does not fit its two bytes and is written as 1.
    let expected = pages * (pageSize == 1 ? 65_536 : pageSize)
    guard found >= expected else {
      throw Problem(
        .ledgerDamaged, "the ledger was cut: it has \(found) of \(expected) bytes", at: path,
        advice: "Nothing was changed. Keep the file, and restore a copy that verifies.")
    }
  }

  private static func size(_ path: String) -> Int64? {
    var status = stat()
    return stat(path, &status) == 0 ? Int64(status.st_size) : nil
  }
}
