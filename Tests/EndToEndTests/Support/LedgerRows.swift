import Foundation
import GRDB
import TestKit

/// Everything that a ledger's folder holds, to tell whether anything changed.
///
/// Opening the store to write leaves traces of SQLite's own in the file; what counts is every row of
/// every table. A store that cannot be read must not change by a byte.
struct LedgerRows {
  private let files: [String: String]
  private let rows: [String]?

  /// Looks at a folder, while nobody in this process has its store open.
  init(_ folder: String) {
    files = FolderContent.of(folder)
    rows = try? Self.rows("\(folder)/ledger.sqlite")
  }

  private static func rows(_ path: String) throws -> [String] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    var configuration = Configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    defer { try? queue.close() }
    return try queue.read { db in
      let tables = try String.fetchAll(
        db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      return try tables.flatMap { table in
        try Row.fetchAll(db, sql: "SELECT * FROM \"\(table)\"").map { row in
          "\(table): "
            + row.map { name, value in
              let data = Data.fromDatabaseValue(value)?.base64EncodedString()
              return "\(name)=\(data ?? value.description)"
            }.joined(separator: ", ")
        }.sorted()
      }
    }
  }

  /// What differs from what was before.
  func differences(from before: LedgerRows) -> [String] {
    let names = FolderContent.differences(before.files, files)
    guard let rows, let known = before.rows else { return names }
    let others = names.filter { !$0.hasPrefix("ledger.sqlite") }
    return rows == known ? others : others + ["the store's rows"]
  }
}
