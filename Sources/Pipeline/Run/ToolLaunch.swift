import Model
import Processes

/// Runs tools for a built-in action as the step's executor says.
struct ToolLaunch: Sendable {
  let session: RunSession
  let step: StepDefinition
  let attempt: Int

  /// The user that tools of the step run as, where it is another.
  static func user(of step: StepDefinition) -> ToolUser? {
    guard case .process(let name?) = step.executor, let account = ProcessLaunch.account(name)
    else { return nil }
    return ToolUser(user: account.user, group: account.group)
  }

  /// Runs a command and collects what it writes.
  var runner: CommandRunner {
    let cookie = session.cookie.part("\(step.id)/\(attempt)/tools")
    let grace = session.request.graceMilliseconds
    let executor = step.executor
    return CommandRunner { command in
      var command = command
      if case .process(let user?) = executor {
        let words = try ProcessLaunch.becoming(user) + [command.executable] + command.arguments
        command.executable = words[0]
        command.arguments = Array(words.dropFirst())
      }
      let result = try await ProcessRun(
        command, cookie: cookie, mergesStreams: false, graceMilliseconds: grace
      ).collected()
      await cookie.endLeftovers()
      return result
    }
  }
}
