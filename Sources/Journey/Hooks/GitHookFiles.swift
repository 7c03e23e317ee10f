import Blobs
import Foundation
import Model
import Processes

/// The files by which git calls the hooks.
public enum GitHookFiles {
  private static let mark = "# Made by pratique phi hooks install."
  private static let kept = ".before-pratique"

  /// Writes the hooks into the folder that git uses for this working tree.
  ///
  /// - Parameters:
  ///   - program: the path of this program.
  ///   - chains: keeps a hook that is there already beside ours, and calls it first.
  /// - Returns: the files that were written.
  /// - Throws: `Problem` with `busy` when another's hook is there and `chains` is `false`; then
  ///   nothing was written.
  public static func install(
    in directory: String, program: String, chains: Bool, environment: [String: String]
  ) async throws -> [String] {
    guard !program.utf8.contains(0x27), !program.utf8.contains(0x0a) else {
      throw Problem(.badInput, "the program's path cannot stand in a script", at: program)
    }
    let folder = try await folder(directory, environment)
    let names = GitHook.Name.allCases
    for name in names where !chains && isOthers("\(folder)/\(name.rawValue)") {
      throw Problem(
        .busy, "there is a hook already, and it is not ours", at: "\(folder)/\(name.rawValue)",
        advice: "Keep it and let ours follow it with --chain; or add to it: '\(program)' phi hook"
          + " \(name.rawValue) \"$@\"")
    }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return try names.map { name in
      let path = "\(folder)/\(name.rawValue)"
      if isOthers(path), rename(path, path + kept) != 0 {
        throw Problem(.inputOutput, "the hook cannot be kept beside ours", at: path)
      }
      try DurableFile.write(Array(script(name, program).utf8), to: path, mode: 0o755)
      return path
    }
  }

  /// Takes our hooks away, and puts back what stood there before.
  ///
  /// - Returns: the files that were removed.
  public static func remove(
    in directory: String, environment: [String: String]
  ) async throws -> [String] {
    let folder = try await folder(directory, environment)
    return GitHook.Name.allCases.compactMap { name in
      let path = "\(folder)/\(name.rawValue)"
      guard FileManager.default.fileExists(atPath: path), !isOthers(path) else { return nil }
      guard unlink(path) == 0 else { return nil }
      if FileManager.default.fileExists(atPath: path + kept) { rename(path + kept, path) }
      return path
    }
  }

  private static func isOthers(_ path: String) -> Bool {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      return FileStatus(path: path, following: false) != nil
    }
    return !String(decoding: bytes, as: UTF8.self).contains(mark)
  }

  /// What was there first speaks first; what git tells on standard input, both get.
  private static func script(_ name: GitHook.Name, _ program: String) -> String {
    let before = "\"$(dirname \"$0\")/\(name.rawValue)\(kept)\""
    let call = "'\(program)' phi hook \(name.rawValue) \"$@\""
    if name == .prePush {
      return """
        #!/bin/sh
        \(mark)
        told=$(cat)
        if [ -x \(before) ]; then printf '%s\\n' "$told" | \(before) "$@" || exit $?; fi
        printf '%s\\n' "$told" | \(call)

        """
    }
    return """
      #!/bin/sh
      \(mark)
      if [ -x \(before) ]; then \(before) "$@" || exit $?; fi
      exec \(call)

      """
  }

  /// Where git looks for hooks: one place for all worktrees, or what `core.hooksPath` names.
  private static func folder(
    _ directory: String, _ environment: [String: String]
  ) async throws -> String {
    let result = try await CommandRunner.live.run(
      Command(
        "git", ["rev-parse", "--git-path", "hooks"],
        environment: environment.filter {
          $0.key.hasPrefix("GIT_") || ["PATH", "HOME"].contains($0.key)
        }, directory: directory, timeoutMilliseconds: 60_000))
    let path = result.text.split(separator: "\n").first.map(String.init) ?? ""
    guard result.status.isSuccess, !path.isEmpty else {
      throw Problem(.notFound, "this is no working tree of git", at: directory)
    }
    return PathText.resolve(path, in: directory)
  }
}
