import Glibc
import Model

/// Finds programs the way `execvp` does, so that a missing one is told before anything runs.
public enum ExecutableSearch {
  /// Where programs are looked for when an environment has no `PATH`.
  public static let defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

  /// The path of a program.
  ///
  /// - Returns: names with a `/` as they are; others from the first folder of `PATH` that holds
  ///   an executable file of that name.
  /// - Throws: `Problem` with `toolMissing` when there is none.
  public static func path(of name: String, environment: [String: String]) throws -> String {
    guard !name.isEmpty, !name.utf8.contains(0) else {
      throw Problem(.badInput, "a command needs the name of a program")
    }
    if name.utf8.contains(0x2f) { return name }
    let path = environment["PATH"] ?? defaultPath
    for folder in path.split(separator: ":") {
      let candidate = "\(folder)/\(name)"
      if isExecutableFile(candidate) { return candidate }
    }
    throw Problem(
      .toolMissing, "the program \"\(name)\" is not there", at: nil,
      advice: "Install it, or correct PATH; it was looked for in \(path).")
  }

  private static func isExecutableFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
      && access(path, X_OK) == 0
  }
}
