import Glibc
import Model
import Subprocess
import SystemPackage

extension ProcessRun {
  /// So much is still read after the program has ended, from pipes that others hold open.
  private static let drainLimit = 1 << 20

  typealias Receive = @Sendable (Stream, [UInt8]) throws -> Void

  func spawn(
    _ configuration: Configuration, _ ender: ProcessEnder, _ receive: @escaping Receive
  ) async throws -> CommandStatus {
    let status: TerminationStatus
    switch (command.input, mergesStreams) {
    case (nil, true):
      status = try await Subprocess.run(
        configuration, input: .none, output: .sequence, error: .combinedWithOutput
      ) { execution in
        try await follow(execution.processIdentifier, ender) {
          try await Self.forward(
            execution.standardOutput, .output, execution.processIdentifier, ender, receive)
        }
      }.terminationStatus
    case (nil, false):
      status = try await Subprocess.run(
        configuration, input: .none, output: .sequence, error: .sequence
      ) { execution in
        try await follow(execution.processIdentifier, ender) {
          try await Self.forwardBoth(
            execution.standardOutput, execution.standardError, execution.processIdentifier, ender,
            receive)
        }
      }.terminationStatus
    case (let input?, true):
      status = try await Subprocess.run(
        configuration, input: .inputWriter, output: .sequence, error: .combinedWithOutput
      ) { execution in
        try await follow(execution.processIdentifier, ender) {
          async let written: Void = Self.write(input, to: execution.standardInputWriter)
          try await Self.forward(
            execution.standardOutput, .output, execution.processIdentifier, ender, receive)
          await written
        }
      }.terminationStatus
    case (let input?, false):
      status = try await Subprocess.run(
        configuration, input: .inputWriter, output: .sequence, error: .sequence
      ) { execution in
        try await follow(execution.processIdentifier, ender) {
          async let written: Void = Self.write(input, to: execution.standardInputWriter)
          try await Self.forwardBoth(
            execution.standardOutput, execution.standardError, execution.processIdentifier, ender,
            receive)
          await written
        }
      }.terminationStatus
    }
    return switch status {
    case .exited(let code): .exited(code)
    case .signaled(let number): .signalled(number)
    }
  }

  /// Registers the process, forwards its output, and waits until it can be reaped.
  private func follow(
    _ process: ProcessIdentifier, _ ender: ProcessEnder, _ forward: () async throws -> Void
  ) async throws {
    ender.started(process.value)
    let result: Result<Void, any Error>
    do { result = .success(try await forward()) } catch { result = .failure(error) }
    await Self.waitForEnd(of: process)
    ender.leaderEnded(endsGroup: endsLeftovers)
    try result.get()
  }

  /// A child that does not read its input is no error: its own exit code speaks.
  private static func write(_ input: [UInt8], to writer: StandardInputWriter) async {
    _ = try? await writer.write(input)
    try? await writer.finish()
  }

  private static func forwardBoth(
    _ output: SubprocessOutputSequence, _ errorOutput: SubprocessOutputSequence,
    _ process: ProcessIdentifier, _ ender: ProcessEnder, _ receive: @escaping Receive
  ) async throws {
    async let errors: Void = forward(errorOutput, .errorOutput, process, ender, receive)
    try await forward(output, .output, process, ender, receive)
    try await errors
  }

  private static func forward(
    _ sequence: SubprocessOutputSequence, _ stream: Stream, _ process: ProcessIdentifier,
    _ ender: ProcessEnder, _ receive: Receive
  ) async throws {
    var refusal: (any Error)?
    var drained = 0
    for try await buffer in sequence {
      if refusal == nil {
        do {
          try receive(stream, buffer.withUnsafeBytes { Array($0) })
        } catch {
          refusal = error
          ender.end(.refused)
        }
      }
      // Someone else may hold the pipe and write for ever.
      if hasEnded(process, waitingMilliseconds: 0) {
        drained += buffer.count
        if drained > drainLimit { break }
      }
    }
    if let refusal { throw refusal }
  }

  /// Waits for a leader that closed its output: a little while at once, since most end with it.
  private static func waitForEnd(of process: ProcessIdentifier) async {
    if hasEnded(process, waitingMilliseconds: 1) { return }
    var pause: Int64 = 1
    while !hasEnded(process, waitingMilliseconds: 0) {
      try? await Task.sleep(for: .milliseconds(pause))
      pause = min(pause * 2, 20)
    }
  }

  /// Whether a process has ended; it is not reaped by that.
  private static func hasEnded(_ process: ProcessIdentifier, waitingMilliseconds: CInt) -> Bool {
    // Where the kernel gives no descriptor, its list of processes tells the same, more slowly.
    guard process.processDescriptor >= 0 else {
      return RunCookie.livingParent(of: process.value) == nil
    }
    var query = pollfd(fd: process.processDescriptor, events: Int16(POLLIN), revents: 0)
    return poll(&query, 1, waitingMilliseconds) > 0
  }

  /// Says in a sentence why a program could not be run.
  func problem(_ error: SubprocessError) -> Problem {
    let program = command.executable
    switch error.code {
    case .executableNotFound:
      return Problem(
        .toolMissing, "the program \"\(program)\" is not there or cannot be executed",
        advice: "Install it, or correct its path.")
    case .failedToChangeWorkingDirectory:
      return Problem(
        .badInput,
        "the working directory \"\(command.directory ?? "")\" of \"\(program)\" "
          + "cannot be entered")
    default:
      let reason = error.underlyingError.map { ": \($0.description)" } ?? ""
      return Problem(.toolMissing, "the program \"\(program)\" could not be run\(reason)")
    }
  }
}
