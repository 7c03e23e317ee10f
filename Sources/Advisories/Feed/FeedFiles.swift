import Foundation
import Model

/// The files of a feed on disk, by name; links are not followed.
enum FeedFiles {
  private static let endings = [".json", ".jsonl", ".ndjson"]
  private static let limit = 1_000_000

  static func list(_ path: String) throws -> [(name: String, path: String)] {
    let manager = FileManager.default
    guard let type = try? manager.attributesOfItem(atPath: path)[.type] as? FileAttributeType else {
      throw Problem(
        .notFound, "there is no feed of advisories", at: path,
        advice: "Name the folder or file that holds the advisories; without one nothing is clean.")
    }
    guard type == .typeDirectory else { return [(lastName(path), path)] }
    guard let walk = manager.enumerator(atPath: path) else {
      throw Problem(.inputOutput, "the folder cannot be read", at: path)
    }
    var files: [(name: String, path: String)] = []
    while let name = walk.nextObject() as? String {
      let file = "\(path)/\(name)"
      let type = try? manager.attributesOfItem(atPath: file)[.type] as? FileAttributeType
      if type == .typeDirectory { continue }
      guard type == .typeRegular, endings.contains(where: name.hasSuffix) else {
        throw Problem(
          .badInput, "a feed holds files that end in .json, .jsonl or .ndjson, and nothing else",
          at: file)
      }
      files.append((name, file))
      guard files.count <= limit else {
        throw Problem(.badInput, "the feed has more than \(limit) files", at: path)
      }
    }
    return files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  static func lastName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
