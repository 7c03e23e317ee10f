public import Model

/// The order of the steps, and what each will do: what `pratique plan` shows.
public struct Plan: Hashable, Sendable, Codable {
  /// One step of the plan.
  public struct Step: Hashable, Sendable, Codable {
    /// `stage/step`.
    public let id: String
    /// Ids of the steps that it waits for.
    public let needs: [String]
    /// Longest way from a step that waits for nothing, counted from zero.
    public let level: Int
    /// The command, or the built-in action.
    public let does: String
    /// `process`, `process as USER`, `container IMAGE` or `built-in`.
    public let executor: String
    /// When it runs, in words; `nil` for the ordinary case.
    public let condition: String?
    /// Services that it needs.
    public let services: [String]
    /// After so long an attempt is ended.
    public let timeoutMilliseconds: Int64
    /// How often it is tried again.
    public let retries: Int
  }

  /// The application's name.
  public let application: String
  /// Digest of the pipeline file.
  public let definition: Digest
  /// The steps, each after all that it waits for; otherwise in the order of the file.
  public let steps: [Step]

  /// Orders the steps of a definition.
  public init(_ definition: PipelineDefinition) {
    application = definition.application.name
    self.definition = definition.digest
    let all = definition.steps
    let places = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1.id, $0) })
    let needs = all.map { step in step.needs.compactMap { places[$0] } }
    var level = [Int](repeating: -1, count: all.count)
    var ordered: [Int] = []
    for start in all.indices where level[start] < 0 {
      var path = [start]
      while let top = path.last {
        if level[top] >= 0 {
          path.removeLast()
        } else if let open = needs[top].first(where: { level[$0] < 0 }) {
          path.append(open)
        } else {
          level[top] = (needs[top].map { level[$0] }.max() ?? -1) + 1
          ordered.append(top)
          path.removeLast()
        }
      }
    }
    steps = ordered.map { Step(all[$0], level: level[$0]) }
  }
}

extension Plan.Step {
  init(_ step: StepDefinition, level: Int) {
    var isBuiltIn = false
    if case .action = step.work { isBuiltIn = true }
    self.init(
      id: step.id, needs: step.needs, level: level, does: step.work.words,
      executor: isBuiltIn ? "built-in" : step.executor.words, condition: step.condition.words,
      services: step.services, timeoutMilliseconds: step.timeoutMilliseconds,
      retries: step.retries)
  }
}

extension StepDefinition.Work {
  /// The command or action on one line.
  var words: String {
    switch self {
    case .shell(let text):
      let lines = text.split(separator: "\n")
      return (lines.first.map(String.init) ?? "") + (lines.count > 1 ? " …" : "")
    case .command(let words): return words.joined(separator: " ")
    case .action(let name, _): return "uses \(name)"
    }
  }

  /// The program with its arguments; empty for an action.
  var arguments: [String] {
    switch self {
    case .shell(let text): ["sh", "-euc", text]
    case .command(let words): words
    case .action: []
    }
  }
}

extension ExecutorDefinition {
  /// The executor in words.
  var words: String {
    switch self {
    case .process(nil): "process"
    case .process(let user?): "process as \(user)"
    case .container(let image, _): "container \(image)"
    }
  }
}

extension StepCondition {
  /// The condition in words; `nil` for the ordinary one.
  var words: String? {
    var parts: [String] = []
    if mode != .onSuccess { parts.append(mode.rawValue) }
    if !branches.isEmpty {
      parts.append("on branch \(branches.map(\.text).joined(separator: ", "))")
    }
    if !changed.isEmpty {
      parts.append("when \(changed.map(\.text).joined(separator: ", ")) changed")
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}
