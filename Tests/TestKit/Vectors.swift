public import Foundation

/// Other people's test data, which is read and never committed.
public enum Vectors {
  /// The folder: `PRATIQUE_VECTORS`, else `../shared/vectors` beside the repository.
  public static let folder: URL = {
    if let path = ProcessInfo.processInfo.environment["PRATIQUE_VECTORS"] {
      return URL(fileURLWithPath: path)
    }
    return Repository.root.appending(path: "../shared/vectors").standardizedFileURL
  }()

  /// Whether tests that need it shall run: it is there, or this is CI, where its absence fails.
  public static let isWanted =
    FileManager.default.fileExists(atPath: folder.path)
    || ProcessInfo.processInfo.environment["CI"] == "true"

  /// The bytes of a file.
  public static func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appending(path: path)))
  }

  /// All files below a folder whose names end so; throws when there is none.
  public static func files(below path: String, ending: String) throws -> [String] {
    let names = try FileManager.default.subpathsOfDirectory(
      atPath: folder.appending(path: path).path
    ).filter { $0.hasSuffix(ending) }.sorted()
    guard !names.isEmpty else { throw CocoaError(.fileNoSuchFile) }
    return names.map { "\(path)/\($0)" }
  }
}

/// The project's own tree.
public enum Repository {
  /// The folder that holds `Package.swift`.
  public static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}

/// A folder of a test's own, removed when the value is released.
public final class TemporaryFolder: Sendable {
  /// The folder's path.
  public let path: String

  /// Makes a new, empty folder.
  public init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appending(path: "pratique-test-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// A path inside the folder.
  public func file(_ name: String) -> String { "\(path)/\(name)" }
}
