public import Model
import Synchronization

extension CommandRunner {
  /// Runs programs on this machine, each in a process group of its own, which is ended whole when
  /// time is over, output goes beyond its limit, or the task is cancelled.
  public static let live = CommandRunner { command in
    // Daemons such as podman's helpers are meant to outlive the command that started them.
    try await ProcessRun(command, mergesStreams: false, endsLeftovers: false).collected()
  }
}

extension ProcessRun {
  /// Runs to the end and collects what is written, up to the command's limit for each stream.
  ///
  /// - Throws: what `run` throws, and `Problem` with `inputOutput` when there is more.
  public func collected() async throws -> CommandResult {
    let collector = OutputCollector(command)
    let status = try await run(collector.take)
    return collector.result(status)
  }
}

/// Collects what a program writes, up to its limit.
private final class OutputCollector: Sendable {
  private let streams = Mutex<(output: [UInt8], errorOutput: [UInt8])>(([], []))
  private let command: Command

  init(_ command: Command) { self.command = command }

  @Sendable func take(_ stream: ProcessRun.Stream, _ bytes: [UInt8]) throws {
    try streams.withLock { streams in
      let count = stream == .output ? streams.output.count : streams.errorOutput.count
      guard count + bytes.count <= command.outputLimit else {
        throw Problem(
          .inputOutput,
          "\"\(command.executable)\" wrote more than the \(command.outputLimit) bytes allowed")
      }
      switch stream {
      case .output: streams.output.append(contentsOf: bytes)
      case .errorOutput: streams.errorOutput.append(contentsOf: bytes)
      }
    }
  }

  func result(_ status: CommandStatus) -> CommandResult {
    streams.withLock {
      CommandResult(status: status, output: $0.output, errorOutput: $0.errorOutput)
    }
  }
}
