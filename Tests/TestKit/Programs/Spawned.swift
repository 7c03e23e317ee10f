import Foundation
public import Glibc
import Synchronization

/// A program that was started, its output in files: it can be killed at any instant, and what it
/// had said until then is still there.
public final class Spawned: Sendable {
  /// How a program ended.
  public enum Ending: Hashable, Sendable {
    case exited(Int32)
    case signalled(Int32)
  }

  private enum State {
    case running
    case ended(Ending)
  }

  /// The program could not be started.
  public struct StartFailure: Error, CustomStringConvertible {
    /// What was to be started, and why it could not.
    public let description: String
  }

  /// Its number, and that of its process group.
  public let process: pid_t
  /// Where its standard output goes.
  public let outputPath: String
  /// Where its standard error goes.
  public let errorPath: String
  private let state = Mutex(State.running)

  /// Starts a program, in a process group of its own, its input empty.
  ///
  /// - Parameter folder: where its output goes, under names of its own.
  public init(
    _ program: String, _ arguments: [String], environment: [String: String],
    directory: String, outputIn folder: String
  ) throws {
    let name = UUID().uuidString
    outputPath = "\(folder)/\(name).out"
    errorPath = "\(folder)/\(name).err"
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let writing = O_WRONLY | O_CREAT | O_APPEND
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, outputPath, writing, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errorPath, writing, 0o600)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // What the tests' own process ignores or blocks is no matter of the program's.
    var all = sigset_t()
    var none = sigset_t()
    sigfillset(&all)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP
    posix_spawnattr_setflags(&attributes, Int16(flags))
    var words: [UnsafeMutablePointer<CChar>?] =
      // posix_spawn cannot change the folder; env does, and then becomes the program.
      (["env", "-C", directory, program] + arguments).map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] =
      environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var number: pid_t = 0
    let error = posix_spawnp(&number, "env", &actions, &attributes, &words, &variables)
    guard error == 0 else {
      throw StartFailure(description: "\(program): \(String(cString: strerror(error)))")
    }
    process = number
  }

  deinit { kill(SIGKILL) }

  /// Sends a signal, to the program alone; nothing when it has ended.
  public func kill(_ signal: Int32) {
    state.withLock { state in
      if case .running = state, !Self.reap(process, &state) { Glibc.kill(process, signal) }
    }
  }

  /// How it ended; `nil` while it runs.
  public var endingNow: Ending? {
    state.withLock { state in
      if case .running = state { _ = Self.reap(process, &state) }
      if case .ended(let ending) = state { return ending }
      return nil
    }
  }

  /// Waits for its end.
  public func ending() async throws -> Ending {
    while true {
      if let ending = endingNow { return ending }
      try await Task.sleep(for: .milliseconds(2))
    }
  }

  /// What it has written to standard output so far.
  public var output: String { Self.text(outputPath) }
  /// What it has written to standard error so far.
  public var errorOutput: String { Self.text(errorPath) }

  private static func text(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }

  private static func reap(_ process: pid_t, _ state: inout State) -> Bool {
    var status: Int32 = 0
    guard waitpid(process, &status, WNOHANG) == process else { return false }
    let signal = status & 0x7f
    state = .ended(signal == 0 ? .exited(status >> 8 & 0xff) : .signalled(signal))
    return true
  }
}
