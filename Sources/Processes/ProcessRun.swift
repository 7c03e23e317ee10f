import Glibc
public import Model
import Subprocess
import SystemPackage

/// One program that runs in a process group of its own and hands its output on as it comes.
public struct ProcessRun: Sendable {
  /// Which of the two streams bytes came from.
  public enum Stream: Hashable, Sendable { case output, errorOutput }

  /// The program; its `outputLimit` is for the caller to keep.
  public var command: Command
  /// Marks the program and all it starts, so that what left the group is ended too.
  public var cookie: RunCookie?
  /// Whether standard error goes where standard output goes, in the order of writing.
  public var mergesStreams: Bool
  /// Time between asking and forcing when the program is ended before its time.
  public var graceMilliseconds: Int64
  /// Whether what the program left behind in its group is ended when it ends by itself.
  public var endsLeftovers: Bool

  /// A program to run.
  public init(
    _ command: Command, cookie: RunCookie? = nil, mergesStreams: Bool = true,
    graceMilliseconds: Int64 = 2_000, endsLeftovers: Bool = true
  ) {
    self.command = command
    self.cookie = cookie
    self.mergesStreams = mergesStreams
    self.graceMilliseconds = graceMilliseconds
    self.endsLeftovers = endsLeftovers
  }

  /// Runs to the end and gives out output as it comes, in order for each stream.
  ///
  /// When time is over, when the task is cancelled, or when `receive` throws, the whole group gets
  /// SIGTERM, after the grace period SIGKILL, and then every process with the cookie SIGKILL. A
  /// `receive` that throws is not given more, and leaves no grace.
  ///
  /// - Throws: `Problem` with `toolMissing` or `badInput` when the program cannot be started,
  ///   `cancelled` when the task was cancelled, or what `receive` throws.
  public func run(
    _ receive: @escaping @Sendable (Stream, [UInt8]) throws -> Void
  ) async throws -> CommandStatus {
    guard !Task.isCancelled else { throw Self.cancelled(command) }
    let configuration = try configuration()
    Self.ignoreBrokenPipes
    let ender = ProcessEnder(graceMilliseconds: graceMilliseconds)
    let timeout = command.timeoutMilliseconds
    // Not a child task: cancelling must reach the process by way of `ender`, which lets it speak
    // its last words, and not tear its pipes away.
    let run = Task { try await spawn(configuration, ender, receive) }
    let timer = Task {
      try await Task.sleep(for: .milliseconds(timeout))
      ender.end(.timedOut)
    }
    defer { timer.cancel() }
    let ending = await withTaskCancellationHandler {
      await run.result
    } onCancel: {
      ender.end(.cancelled)
    }
    if let cookie, ender.reason != nil { await cookie.endLeftovers() }
    do {
      let status = try ending.get()
      switch ender.reason {
      case .timedOut: return .timedOut
      case .cancelled: throw Self.cancelled(command)
      case .refused, nil: return status
      }
    } catch let error as SubprocessError {
      throw problem(error)
    }
  }

  private static let ignoreBrokenPipes: Void = {
    // A child that does not read its input must not end this program.
    _ = signal(SIGPIPE, SIG_IGN)
  }()

  private static func cancelled(_ command: Command) -> Problem {
    Problem(.cancelled, "\"\(command.executable)\" was ended because the run was interrupted")
  }

  private func configuration() throws -> Configuration {
    let path = try ExecutableSearch.path(
      of: command.executable, environment: command.environment)
    let texts = command.arguments + command.environment.flatMap { [$0.key, $0.value] }
    guard !texts.contains(where: { $0.utf8.contains(0) }) else {
      throw Problem(
        .badInput,
        "an argument or environment variable of \"\(command.executable)\" has a zero byte")
    }
    var environment = command.environment
    if let cookie { environment[RunCookie.name] = cookie.value }
    var options = PlatformOptions()
    options.processGroupID = 0
    return Configuration(
      executable: .path(FilePath(path)), arguments: Arguments(command.arguments),
      environment: .custom(environment.map { Array("\($0.key)=\($0.value)\0".utf8) }),
      workingDirectory: command.directory.map { FilePath($0) }, platformOptions: options)
  }
}
