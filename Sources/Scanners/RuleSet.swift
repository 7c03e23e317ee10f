import Foundation
public import Model

/// The rules that a tool judged by, as they lie on disk.
public enum RuleSet {
  private static let sizeLimit = 1 << 30

  /// The digest of a file, or of all files of a folder: the SHA-256 of lines of digest and path,
  /// sorted by path.
  ///
  /// - Returns: `nil` when nothing is there.
  public static func digest(ofPath path: String) throws -> Digest? {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    if status.st_mode & S_IFMT == S_IFREG { return try digest(ofFile: path) }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw Problem(.badInput, "rules are a file or a folder, and this is neither", at: path)
    }
    let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    var lines = ""
    for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      guard lstat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        continue
      }
      lines += "\(try digest(ofFile: "\(path)/\(name)").hex)  \(name)\n"
    }
    return lines.isEmpty ? nil : .sha256(Array(lines.utf8))
  }

  /// The digest of the list, with digests of its own, that a Python package was installed by: it
  /// lies beside the program.
  ///
  /// - Returns: `nil` when the program does not lie in an environment that has the package.
  public static func digest(ofPackage name: String, version: String, program: String) throws
    -> Digest?
  {
    let resolved = URL(fileURLWithPath: program).resolvingSymlinksInPath().path
    let library = PathText.parent(of: PathText.parent(of: resolved)) + "/lib"
    let found = (try? FileManager.default.contentsOfDirectory(atPath: library)) ?? []
    for python in found.filter({ $0.hasPrefix("python3") }).sorted() {
      let record = "\(library)/\(python)/site-packages/\(name)-\(version).dist-info/RECORD"
      if let bytes = try ToolFile.read(record, limit: 64 << 20) { return .sha256(bytes) }
    }
    return nil
  }

  /// The digest of a file, links followed: a program is often one.
  public static func digest(ofFile path: String) throws -> Digest {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw Problem(.inputOutput, "the file cannot be read", at: path)
    }
    defer { try? handle.close() }
    var stream = Digest.Stream()
    while let part = try handle.read(upToCount: 1 << 20), !part.isEmpty {
      part.withUnsafeBytes { stream.update($0) }
      guard stream.byteCount <= sizeLimit else {
        throw Problem(.badInput, "it is larger than the \(sizeLimit) bytes allowed", at: path)
      }
    }
    return stream.finalize()
  }
}
