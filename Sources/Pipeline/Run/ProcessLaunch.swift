import Glibc
import Model

/// Turns a step's work into a command for this machine.
struct ProcessLaunch {
  private let session: RunSession

  init(_ session: RunSession) { self.session = session }

  /// The command, as another user where one is named.
  ///
  /// - Throws: `Problem` when the working directory leaves the workspace, the user does not exist,
  ///   or this program may not become it.
  func command(
    _ arguments: [String], user: String?, environment: [String: String], directory: String,
    timeout: Int64
  ) throws -> Command {
    var words = arguments
    var environment = environment
    if let user {
      words = try Self.becoming(user) + words
      environment["HOME"] = try home(of: user)
      environment["TMPDIR"] = environment["HOME"]
    }
    guard let program = words.first else { throw Problem(.badInput, "there is nothing to run") }
    return Command(
      program, Array(words.dropFirst()), environment: environment,
      directory: try folder(directory), timeoutMilliseconds: timeout)
  }

  /// The working directory, refused when a link leads out of the workspace.
  private func folder(_ directory: String) throws -> String {
    let workspace = session.request.workspace
    guard !directory.isEmpty else { return workspace }
    var path = workspace
    for name in directory.split(separator: "/") {
      path += "/\(name)"
      var status = stat()
      guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        throw Problem(
          .badInput, "the working directory \"\(directory)\" is not a folder of the workspace")
      }
    }
    return path
  }

  /// `setpriv` gives up root, its groups, and every way back.
  static func becoming(_ user: String) throws -> [String] {
    guard geteuid() == 0 else {
      throw Problem(
        .badInput, "running as the user \"\(user)\" needs root",
        advice: "Run as root, or take \"user\" away.")
    }
    guard let account = account(user) else {
      throw Problem(.notFound, "there is no user \"\(user)\" on this machine")
    }
    guard account.user != 0 else {
      throw Problem(.badInput, "root is no user to run a step as")
    }
    return [
      "setpriv", "--reuid=\(account.user)", "--regid=\(account.group)", "--clear-groups",
      "--no-new-privs",
      "--inh-caps=-all", "--bounding-set=-all", "--",
    ]
  }

  /// A home of the user's own for this run, which nobody else can read.
  private func home(of user: String) throws -> String {
    guard let account = Self.account(user) else { return session.request.scratch }
    let path = "\(session.request.scratch)/home-\(account.user)"
    try ScratchFolder.make(path)
    guard chown(path, account.user, account.group) == 0 else {
      throw Problem(
        .inputOutput, "the folder cannot be given to \"\(user)\": \(WorkspaceFiles.lastError)",
        at: path)
    }
    return path
  }

  /// The numbers of a user and of their group.
  static func account(_ name: String) -> (user: uid_t, group: gid_t)? {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 16_384)
    guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else {
      return nil
    }
    return (entry.pw_uid, entry.pw_gid)
  }
}
