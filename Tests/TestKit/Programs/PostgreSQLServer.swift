public import Foundation
import Glibc
import Synchronization

/// A PostgreSQL server of a test's own: a cluster in a temporary folder, reached by a socket in that
/// folder, flushing as in earnest. It ends and its folder goes when the value is released.
public final class PostgreSQLServer: Sendable {
  private static let programs: String? = {
    let root = "/usr/lib/postgresql"
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    return versions.compactMap { Int($0) }.sorted().map { "\(root)/\($0)/bin" }.last {
      FileManager.default.isExecutableFile(atPath: "\($0)/initdb")
    }
  }()

  /// Whether tests that need it shall run: it is there, or this is CI, where its absence fails.
  public static let isWanted =
    programs != nil || ProcessInfo.processInfo.environment["CI"] == "true"

  private let folder: TemporaryFolder
  private let programs: String
  private let process = Mutex<Spawned?>(nil)

  /// Where its socket lies.
  public var socketFolder: String { folder.file("socket") }
  private var data: String { folder.file("data") }

  /// Makes a cluster and starts it.
  ///
  /// - Parameter settings: what differs from the server's own defaults.
  public init(settings: [String: String] = [:]) async throws {
    guard let programs = Self.programs else {
      throw Program.Failure(description: "PostgreSQL is not installed: scripts/bootstrap")
    }
    self.programs = programs
    folder = try TemporaryFolder()
    for name in ["socket", "home"] {
      try FileManager.default.createDirectory(
        atPath: folder.file(name), withIntermediateDirectories: true)
    }
    if getuid() == 0 {
      // It does not run as root.
      guard let user = getpwnam("postgres")?.pointee else {
        throw Program.Failure(description: "there is no user postgres")
      }
      for name in ["", "socket", "home"] { chown(folder.file(name), user.pw_uid, user.pw_gid) }
    }
    // Only the cluster's first files are written without waiting; the server itself flushes.
    try await program("initdb").check(
      words("initdb") + ["-D", data, "-U", "owner", "-A", "trust", "-E", "UTF8", "--no-sync"]
        + ["--locale", "C"])
    try await start(settings: settings)
  }

  deinit { crash() }

  /// The address of a database, through the server's own socket or another's.
  public func address(
    user: String = "owner", schema: String = "pratique", socketFolder: String? = nil
  ) -> String {
    let host =
      (socketFolder ?? self.socketFolder)
      .addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    return "postgresql://\(user)@/postgres?host=\(host)&schema=\(schema)"
  }

  private func program(_ name: String) -> Program {
    var program = Program(
      getuid() == 0 ? "setpriv" : "\(programs)/\(name)", directory: folder.file("home"),
      outputIn: folder.file("home"))
    program.environment["LANG"] = "C.UTF-8"
    return program
  }

  private func words(_ name: String) -> [String] {
    getuid() == 0
      ? ["--reuid=postgres", "--regid=postgres", "--init-groups", "\(programs)/\(name)"] : []
  }

  /// Starts it again, and waits until it answers.
  public func start(settings: [String: String] = [:]) async throws {
    var words = words("postgres") + ["-D", data, "-k", socketFolder, "-c", "listen_addresses="]
    for (name, value) in settings { words += ["-c", "\(name)=\(value)"] }
    let started = ContinuousClock.now
    var complaint = ""
    while ContinuousClock.now - started < .seconds(60) {
      let spawned = try program("postgres").start(words)
      while spawned.endingNow == nil {
        if try await sql("SELECT 1") != nil {
          process.withLock { $0 = spawned }
          return
        }
        try await Task.sleep(for: .milliseconds(20))
      }
      complaint = spawned.errorOutput
      // Those whom the last crash left may still hold its memory.
      try await Task.sleep(for: .milliseconds(50))
    }
    throw Program.Failure(description: "the PostgreSQL server does not start\n\(complaint)")
  }

  /// Runs a statement through psql, as the owner; `nil` when it could not be run.
  @discardableResult
  public func sql(_ statement: String) async throws -> String? {
    let psql = Program(
      "\(programs)/psql", directory: folder.path, outputIn: folder.file("home"))
    let result = try await psql.run([
      "-h", socketFolder, "-U", "owner", "-d", "postgres", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c",
      statement,
    ])
    guard result.exitCode == 0 else { return nil }
    return result.output.trimmingCharacters(in: .newlines)
  }

  /// The files of the cluster that hold these bytes.
  public func files(holding needle: Data) -> [String] {
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: data)) ?? []
    return names.filter { name in
      FileManager.default.contents(atPath: "\(data)/\(name)")?.range(of: needle) != nil
    }
  }

  /// Stops it in an orderly way.
  public func stop() async throws {
    guard let running = process.withLock({ $0.take() }) else { return }
    running.kill(SIGINT)
    _ = try await running.ending()
  }

  /// Kills all its processes at once.
  public func crash() {
    let running = process.withLock { $0.take() }
    running?.kill(SIGKILL)
    // One that nobody has waited for would still count as running to the next.
    while let running, running.endingNow == nil { usleep(1_000) }
    for line in RunningProcesses.carrying(data) {
      if let number = pid_t(line.prefix { $0 != " " }), number > 1 { kill(number, SIGKILL) }
    }
  }
}
