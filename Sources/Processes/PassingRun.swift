import Foundation
public import Model

/// One program that runs as if this process were not there: it has this process's standard input,
/// its output goes where this process's goes, unchanged and as it comes, and signals reach it.
///
/// It stays in this process's group, so that whoever ends the group ends it too.
public struct PassingRun: Sendable {
  /// The program; its input, its time limit and its output limit are not looked at.
  public let command: Command
  /// Where its output goes.
  public let output: CInt
  /// Where its error output goes.
  public let errorOutput: CInt

  /// A program to run.
  public init(
    _ command: Command, output: CInt = 1, errorOutput: CInt = 2
  ) {
    self.command = command
    self.output = output
    self.errorOutput = errorOutput
  }

  /// Runs it to its end; what it leaves behind goes on.
  ///
  /// - Parameter receive: sees both streams after they were passed on.
  /// - Throws: `Problem` with `toolMissing` when it cannot be started, or what `receive` throws:
  ///   the program ran to its end then, and was seen no more.
  public func run(
    _ forwarding: SignalForwarding, _ receive: @escaping @Sendable ([UInt8]) throws -> Void
  ) async throws -> CommandStatus {
    try await withCheckedThrowingContinuation { answer in
      // A thread of its own: it waits for hours, which the pool's threads must not.
      let thread = Thread {
        answer.resume(with: Result { try runBlocking(forwarding, receive) })
      }
      thread.stackSize = 1 << 20
      thread.start()
    }
  }

  private func runBlocking(
    _ forwarding: SignalForwarding, _ receive: ([UInt8]) throws -> Void
  ) throws -> CommandStatus {
    _ = signal(SIGPIPE, SIG_IGN)
    // Where it was inherited as ignored, nobody could learn how the program ended.
    _ = signal(SIGCHLD, SIG_DFL)
    let outputs = try Pipe()
    let errors = try Pipe()
    defer {
      outputs.close()
      errors.close()
    }
    let child = try spawn(outputs, errors, forwarding)
    outputs.closeWriting()
    errors.closeWriting()
    forwarding.started(child)
    var relay = StreamRelay(
      child: child, streams: [(outputs, to: output), (errors, to: errorOutput)])
    var refusal: (any Error)?
    relay.run { bytes in
      guard refusal == nil else { return }
      do { try receive(bytes) } catch { refusal = error }
    }
    var information = siginfo_t()
    while waitid(P_PID, id_t(child), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    forwarding.ended()
    var status: CInt = 0
    var reaped = waitpid(child, &status, 0)
    while reaped < 0, errno == EINTR { reaped = waitpid(child, &status, 0) }
    guard reaped == child else {
      throw Problem(.internalError, "nobody could learn how \"\(command.executable)\" ended")
    }
    if let refusal { throw refusal }
    let signal = status & 0x7f
    return signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
  }

  private func spawn(
    _ outputs: Pipe, _ errors: Pipe, _ forwarding: SignalForwarding
  ) throws -> pid_t {
    let path = try ExecutableSearch.path(of: command.executable, environment: command.environment)
    let words = [command.executable] + command.arguments
    let variables = command.environment.map { "\($0.key)=\($0.value)" }
    guard !(words + variables).contains(where: { $0.utf8.contains(0) }) else {
      throw Problem(.badInput, "a word or variable of the command has a zero byte")
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, outputs.writing, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errors.writing, STDERR_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var restored = sigset_t()
    sigemptyset(&restored)
    for number in forwarding.restored + [SIGPIPE] { sigaddset(&restored, number) }
    var blocked = sigset_t()
    sigemptyset(&blocked)
    posix_spawnattr_setsigdefault(&attributes, &restored)
    posix_spawnattr_setsigmask(&attributes, &blocked)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))
    var arguments = words.map { strdup($0) } + [nil]
    var environment = variables.map { strdup($0) } + [nil]
    defer { for text in arguments + environment { free(text) } }
    var child = pid_t()
    let failure = posix_spawn(&child, path, &actions, &attributes, &arguments, &environment)
    guard failure == 0 else {
      throw Problem(
        .toolMissing,
        "the program \"\(command.executable)\" could not be started:"
          + " \(String(cString: strerror(failure)))",
        advice: "Install it, or correct its path.")
    }
    return child
  }
}

/// A pipe whose ends are not inherited.
struct Pipe {
  let reading: CInt
  let writing: CInt
  private let state = PipeState()

  init() throws {
    var ends: [CInt] = [-1, -1]
    guard pipe(&ends) == 0, ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }) else {
      throw Problem(.inputOutput, "a pipe cannot be made")
    }
    (reading, writing) = (ends[0], ends[1])
  }

  func closeWriting() {
    guard state.isWriting else { return }
    Glibc.close(writing)
    state.isWriting = false
  }

  func closeReading() {
    guard state.isReading else { return }
    Glibc.close(reading)
    state.isReading = false
  }

  func close() {
    closeWriting()
    closeReading()
  }
}

private final class PipeState {
  var isReading = true
  var isWriting = true
}
