import Glibc
import Model

extension AttemptRunner {
  /// Makes the folders that outputs and reports name, and gives them to the user that the step
  /// runs as: the rest of the workspace stays the run's own.
  func handOver(to user: String) throws {
    guard let account = ProcessLaunch.account(user) else { return }
    let patterns = owner.step.outputs + owner.step.reports.map(\.path)
    for pattern in patterns {
      var path = owner.session.request.workspace
      for case .literal(let name) in pattern.components.dropLast().prefix(while: \.isLiteral) {
        path += "/" + String(decoding: name, as: UTF8.self)
        if mkdir(path, 0o755) == 0 {
          guard lchown(path, account.user, account.group) == 0 else {
            throw Problem(
              .inputOutput,
              "the folder cannot be given to \"\(user)\": "
                + WorkspaceFiles.lastError, at: path)
          }
        }
      }
    }
  }
}

extension Glob.Component {
  /// Whether it is a name without wildcards.
  var isLiteral: Bool { if case .literal = self { true } else { false } }
}
