import Model
import Synchronization

/// Answers commands as a test says, in that order, and fails on any other.
final class ScriptedRunner: Sendable {
  struct Answer: Sendable {
    let command: String
    let code: Int32
    let output: String
    let errorOutput: String
  }

  private let script: Mutex<[Answer]>
  private let seen = Mutex<[Command]>([])

  init(_ script: [Answer]) { self.script = Mutex(script) }

  var commands: [Command] { seen.withLock { $0 } }
  var isDone: Bool { script.withLock { $0.isEmpty } }

  var runner: CommandRunner {
    CommandRunner { [self] command in
      let line = ([command.executable] + command.arguments).joined(separator: " ")
      seen.withLock { $0.append(command) }
      let answer = try script.withLock { script in
        guard let next = script.first, next.command == line else {
          throw Problem(
            .inputOutput, "not expected: \(line); expected: \(script.first?.command ?? "nothing")")
        }
        return script.removeFirst()
      }
      return CommandResult(
        status: .exited(answer.code), output: Array(answer.output.utf8),
        errorOutput: Array(answer.errorOutput.utf8))
    }
  }
}

extension ScriptedRunner.Answer {
  /// An answer to one command.
  static func on(
    _ command: String, _ output: String = "", code: Int32 = 0, error: String = ""
  ) -> Self {
    Self(command: command, code: code, output: output, errorOutput: error)
  }
}
