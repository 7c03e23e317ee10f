/// A program to run: no shell stands between, and only the named environment is passed on.
public struct Command: Hashable, Sendable {
  /// The program: a path, or a name that is looked up in the environment's `PATH`.
  public var executable: String
  /// Its arguments, without the program's own name.
  public var arguments: [String]
  /// The whole environment of the child: nothing is inherited.
  public var environment: [String: String]
  /// Working directory; the caller's when `nil`.
  public var directory: String?
  /// Bytes for standard input; empty when `nil`.
  public var input: [UInt8]?
  /// After so many milliseconds the child and all it started are ended.
  public var timeoutMilliseconds: Int64
  /// Output beyond so many bytes (each of the two streams) is an error.
  public var outputLimit: Int

  /// A program with its arguments.
  public init(
    _ executable: String, _ arguments: [String] = [], environment: [String: String] = [:],
    directory: String? = nil, input: [UInt8]? = nil, timeoutMilliseconds: Int64 = 60_000,
    outputLimit: Int = 16 << 20
  ) {
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
    self.directory = directory
    self.input = input
    self.timeoutMilliseconds = timeoutMilliseconds
    self.outputLimit = outputLimit
  }
}

/// How a program ended.
public enum CommandStatus: Hashable, Sendable {
  /// It ended by itself with that code.
  case exited(Int32)
  /// A signal ended it.
  case signalled(Int32)
  /// Its time was over and it was ended.
  case timedOut

  /// Whether it ended by itself with 0.
  public var isSuccess: Bool { self == .exited(0) }
}

/// What a program that ended left behind.
public struct CommandResult: Hashable, Sendable {
  /// How it ended.
  public let status: CommandStatus
  /// Its standard output.
  public let output: [UInt8]
  /// Its standard error.
  public let errorOutput: [UInt8]

  /// States what a program left.
  public init(status: CommandStatus, output: [UInt8], errorOutput: [UInt8]) {
    self.status = status
    self.output = output
    self.errorOutput = errorOutput
  }

  /// Standard output as text; invalid UTF-8 is replaced, so never parse data from it.
  public var text: String { String(decoding: output, as: UTF8.self) }
}

/// Runs programs: git, podman, scanners. A value, so that tests can hand down another.
public struct CommandRunner: Sendable {
  /// Runs a command to its end.
  ///
  /// Throws `Problem` with `toolMissing` when the program cannot be started, and `cancelled` when
  /// the task was cancelled; how the program ended is in the result, not thrown.
  public let run: @Sendable (Command) async throws -> CommandResult

  /// Takes the function that runs commands.
  public init(run: @escaping @Sendable (Command) async throws -> CommandResult) { self.run = run }
}
