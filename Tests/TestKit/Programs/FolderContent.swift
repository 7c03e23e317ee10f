import Foundation

/// What lies in a folder, to tell whether anything changed.
public enum FolderContent {
  /// Every file with its mode and content, every folder with its mode, by relative path.
  ///
  /// Left out is what SQLite keeps for sharing a database between processes, which holds nothing
  /// of the ledger: `-shm`, and a `-wal` without content.
  public static func of(_ folder: String) -> [String: String] {
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
    var content: [String: String] = [:]
    for name in names where !name.hasSuffix("-shm") {
      let path = "\(folder)/\(name)"
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      let mode = (attributes?[.posixPermissions] as? Int).map { String($0, radix: 8) } ?? "?"
      let type = attributes?[.type] as? FileAttributeType
      if name.hasSuffix("-wal"), attributes?[.size] as? Int == 0 { continue }
      let data = type == .typeRegular ? FileManager.default.contents(atPath: path) ?? Data() : nil
      content[name] = "\(mode) \(data.map { $0.base64EncodedString() } ?? "folder")"
    }
    return content
  }

  /// The names whose content differs.
  public static func differences(
    _ before: [String: String], _ after: [String: String]
  ) -> [String] {
    Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
  }
}
