import Foundation
import Model

/// What is done to a fresh export before a tool looks at it, so that nothing which lies in the
/// repository decides what the tool leaves out. Each is told, and none changes a line's number.
public enum SourcePreparation: Hashable, Sendable {
  /// Files by these names are taken out: a tool's settings and lists of what to ignore.
  case remove([String])
  /// An empty file of this name is put at the root, which stops the tool's own list.
  case empty(String)
  /// These words in comments lose their meaning; their length stays.
  case disarm([String])
  /// A made-up secret is planted, which the tool must find: a clean report of a scan for secrets
  /// does not show that it looked.
  case plantSecret

  /// Does it.
  ///
  /// - Parameters:
  ///   - root: the export's folder.
  ///   - part: the file or folder that the tool looks at.
  /// - Returns: what a person should know, one sentence each, and the file that was planted.
  /// - Throws: `Problem` when a file cannot be changed.
  public static func prepare(
    _ steps: [SourcePreparation], root: String, part: String
  ) throws -> (notes: [String], planted: String?) {
    var notes: [String] = []
    var planted: String?
    for step in steps {
      switch step {
      case .remove(let names):
        for path in try files(below: root)
        where names.contains(where: { path == $0 || path.hasSuffix("/\($0)") }) {
          guard unlink("\(root)/\(path)") == 0 else {
            throw Problem(.inputOutput, "the file cannot be taken out", at: path)
          }
          notes.append("The settings in \(path) were not heeded.")
        }
      case .empty(let name): try ToolFile.write("", to: "\(root)/\(name)")
      case .disarm(let words):
        for path in try files(below: root) {
          let count = try disarm(words, in: "\(root)/\(path)")
          guard count > 0 else { continue }
          notes.append(
            "\(path) asks \(count == 1 ? "once" : "\(count) times") to leave something out;"
              + " it was not heeded.")
        }
      case .plantSecret: planted = try plant(in: part)
      }
    }
    return (notes, planted)
  }

  private static let sizeLimit = 16 << 20

  private static func files(below root: String) throws -> [String] {
    guard let walk = FileManager.default.enumerator(atPath: root) else {
      throw Problem(.inputOutput, "the export cannot be read", at: root)
    }
    return walk.compactMap { $0 as? String }.filter {
      var status = stat()
      return lstat("\(root)/\($0)", &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }.sorted()
  }

  private static func disarm(_ words: [String], in path: String) throws -> Int {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_size <= sizeLimit,
      var data = try? Data(contentsOf: URL(fileURLWithPath: path))
    else { return 0 }
    var count = 0
    for word in words {
      let bytes = Data(word.utf8)
      var from = data.startIndex
      while let range = data.range(of: bytes, in: from..<data.endIndex) {
        data[data.index(before: range.upperBound)] = UInt8(ascii: "_")
        count += 1
        from = range.upperBound
      }
    }
    if count > 0 { try ToolFile.write(Array(data), to: path) }
    return count
  }

  private static func plant(in part: String) throws -> String {
    let name = "planted-\(UInt64.random(in: .min ... .max)).py"
    // In parts, so that nobody takes this file for a leak.
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    let key = "AK" + "IA" + String((0..<16).map { _ in letters[Int.random(in: 0..<32)] })
    let folder = "\(part)/tests"
    guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
      throw Problem(
        .badInput, "a scan for secrets looks at a folder, and this is none", at: part,
        advice: "Name a folder of the commit, or leave \"path\" out for all of it.")
    }
    try ToolFile.write("aws_access_key_id = \"\(key)\"\n", to: "\(folder)/\(name)")
    return "tests/\(name)"
  }
}
