import Model
import Reading

/// Decides whether a step that was done need not be done again.
enum StepKey {
  /// What of a step's surroundings counts.
  struct Surroundings {
    let subjects: [Subject]
    let inputs: [StepReport.File]
    let image: String?
    /// Versions of the tools that the step names.
    var tools: [StepReport.Tool] = []
    /// Names of variables, and `PATH`.
    let environmentNames: [String]
    let path: String
    /// Keys of needed steps by their ids; `nil` for one that did not run.
    let needs: [(id: String, key: Digest?)]
  }

  /// The digest of everything that decides what a step does: its definition, its inputs, its
  /// image, the names of its variables, and the keys of the steps before it.
  static func digest(_ step: StepDefinition, _ around: Surroundings) throws -> Digest {
    .sha256(
      try CanonicalJSON.write(
        .object([
          "version": .integer(1), "definition": json(step),
          "subjects": .array(
            around.subjects.flatMap(\.digests).sorted().map { .string($0.description) }),
          "inputs": .array(
            around.inputs.map { .array([.string($0.path), .string($0.digest.description)]) }),
          "image": around.image.map { .string($0) } ?? .null,
          "tools": .array(around.tools.map { strings([$0.name, $0.version]) }),
          "environment": strings(around.environmentNames.sorted()), "path": .string(around.path),
          "needs": .array(
            around.needs.map { need in
              .array([.string(need.id), need.key.map { .string($0.description) } ?? .null])
            }),
        ])))
  }

  private static func strings(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }

  private static func globs(_ globs: [Glob]) -> JSONValue { strings(globs.map(\.text)) }

  private static func json(_ step: StepDefinition) -> JSONValue {
    var object: JSONObject = [
      "id": .string(step.id), "timeout": .integer(step.timeoutMilliseconds),
      "directory": .string(step.directory), "inputs": globs(step.inputs),
      "outputs": globs(step.outputs), "services": strings(step.services),
      "condition": .array([
        .string(step.condition.mode.rawValue), globs(step.condition.branches),
        globs(step.condition.changed),
      ]),
      "pass": strings(step.environment.pass),
      "secrets": strings(step.environment.secrets.keys.sorted()),
      "reports": .array(
        step.reports.map { report in
          .array([
            .string(report.path.text), .string(report.format), .string(report.kind.rawValue),
            report.suite.map { .string($0) } ?? .null, report.scope.map { .string($0) } ?? .null,
          ])
        }),
    ]
    var set = JSONObject()
    for (name, value) in step.environment.set { set[name] = .string(value) }
    object["set"] = .object(set)
    switch step.work {
    case .shell(let text): object["shell"] = .string(text)
    case .command(let words): object["command"] = strings(words)
    case .action(let name, let parameters):
      var values = JSONObject()
      for (name, value) in parameters { values[name] = value }
      object["action"] = .array([.string(name), .object(values)])
    }
    switch step.executor {
    case .process(let user): object["process"] = user.map { .string($0) } ?? .null
    case .container(let image, let network):
      object["container"] = .array([.string(image), .string(network.rawValue)])
    }
    return .object(object)
  }
}
