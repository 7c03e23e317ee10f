import Model
import Reading

/// A name that points elsewhere in the file, and where it stands.
struct NameReference: Hashable {
  let name: String
  let position: Position
}

/// A step as written: names are looked up once all of them are known.
struct WrittenStep {
  let definition: StepDefinition
  let needs: [NameReference]
  let services: [NameReference]
  let position: Position
}

/// Reads one step.
struct StepReader {
  let vocabulary: PipelineVocabulary
  static let day: Int64 = 86_400_000
  static let keys = [
    "run", "uses", "with", "needs", "timeout", "retries", "when", "environment", "secrets",
    "directory", "inputs", "outputs", "executor", "tools", "services", "reports",
  ]

  func read(_ entry: YAMLNode.Entry, stage: String) throws -> WrittenStep {
    let name = try Fields.identifier(entry, "a step")
    let fields = try FieldReader(
      entry.value, "a step",
      known: Self.keys)
    let executor = try ExecutorReader.read(fields)
    let services = try references(fields, "services")
    let work = try work(fields, name, at: entry.position)
    var isGate = false
    if case .action(let action, _) = work,
      let signature = vocabulary.actions.first(where: { $0.name == action })
    {
      try checkAction(fields, signature, executor)
      isGate = signature.isGate
    }
    let retries = try fields.integer("retries", in: 0...10) ?? 0
    if isGate, retries > 0, let node = fields.node("retries") {
      throw ReadingError("a gate is never retried; take \"retries\" away", at: node.position)
    }
    let condition = try condition(fields)
    if isGate, let node = fields.node("when") {
      throw ReadingError("a gate has no condition; take \"when\" away", at: node.position)
    }
    let needs = try references(fields, "needs")
    let definition = StepDefinition(
      stage: stage, name: name, work: work, needs: [],
      timeoutMilliseconds: try Fields.duration(fields, "timeout", in: 1...Self.day) ?? 1_800_000,
      retries: retries, condition: condition,
      environment: try EnvironmentReader.read(fields, isContainer: executor.isContainer),
      directory: try Fields.directory(fields), inputs: try Fields.globs(fields, "inputs"),
      outputs: try Fields.globs(fields, "outputs"),
      executor: Self.joined(executor, hasServices: !services.isEmpty, fields),
      tools: try tools(fields), services: services.map(\.name),
      reports: try fields.list("reports").map(report))
    return WrittenStep(
      definition: definition, needs: needs, services: services, position: entry.position)
  }

  /// A container that needs services is on their network unless the file says otherwise.
  private static func joined(
    _ executor: ExecutorDefinition, hasServices: Bool, _ fields: FieldReader
  ) -> ExecutorDefinition {
    guard hasServices, case .container(let image, .none) = executor,
      fields.node("executor")?["container"]?["network"] == nil
    else { return executor }
    return .container(image: image, network: .services)
  }

  private func references(_ fields: FieldReader, _ key: String) throws -> [NameReference] {
    try Fields.texts(fields, key).map { NameReference(name: $0.text, position: $0.at) }
  }

  private func work(
    _ fields: FieldReader, _ name: String, at position: Position
  ) throws -> StepDefinition.Work {
    let run = try Fields.work(fields)
    switch (run, fields.node("uses")) {
    case (.some, let uses?):
      throw ReadingError(
        "the step \"\(name)\" has both \"run\" and \"uses\"; keep one", at: uses.position)
    case (nil, nil):
      throw ReadingError("the step \"\(name)\" needs \"run\" or \"uses\"", at: position)
    case (let run?, nil):
      if let with = fields.node("with") {
        throw ReadingError("\"with\" belongs to \"uses\"", at: with.position)
      }
      return run
    case (nil, let uses?):
      let action = try FieldReader.string(uses)
      guard
        let signature = vocabulary.actions.first(where: { $0.name.utf8.elementsEqual(action.utf8) })
      else {
        throw Fields.unknown(
          "action", action, in: vocabulary.actions.map(\.name), at: uses.position)
      }
      return .action(action, try ParameterReader(signature).read(fields, at: uses.position))
    }
  }

  /// A built-in action runs inside this program: what is for a program of its own is refused.
  private func checkAction(
    _ fields: FieldReader, _ action: ActionSignature, _ executor: ExecutorDefinition
  ) throws {
    if action.runsTool, executor.isContainer, let node = fields.node("executor") {
      throw ReadingError(
        "the action \"\(action.name)\" runs as a process: the tool of this machine, as another"
          + " user where one is named", at: node.position)
    }
    let ofTools: Set<String> = action.runsTool ? ["executor", "secrets"] : []
    for key in ["executor", "directory", "environment", "secrets", "outputs", "reports", "tools"]
    where !ofTools.contains(key) {
      if let node = fields.node(key) {
        throw ReadingError(
          "\"\(key)\" belongs to \"run\"; the action \"\(action.name)\" has no use for it",
          at: node.position)
      }
    }
  }

  private func condition(_ fields: FieldReader) throws -> StepCondition {
    guard let node = fields.node("when") else { return StepCondition() }
    let modes = StepCondition.Mode.allCases.map(\.rawValue)
    if case .scalar = node.content {
      let word = try fields.choice("when", of: modes) ?? ""
      return StepCondition(mode: .init(rawValue: word) ?? .onSuccess)
    }
    let inner = try FieldReader(node, "a condition", known: ["run", "branch", "changed"])
    let mode = try inner.choice("run", of: modes).flatMap(StepCondition.Mode.init)
    return StepCondition(
      mode: mode ?? .onSuccess, branches: try Fields.globs(inner, "branch"),
      changed: try Fields.globs(inner, "changed"))
  }

  /// Names of programs, looked up where the step runs.
  private func tools(_ fields: FieldReader) throws -> [String] {
    var names: [String] = []
    for node in try fields.list("tools") {
      let name = try FieldReader.string(node)
      let isName = name.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0)
          || [0x2b, 0x2d, 0x2e, 0x5f].contains($0)
      }
      guard isName, let first = name.utf8.first, first != 0x2d, name.utf8.count <= 64 else {
        throw ReadingError("\"\(name)\" cannot name a tool", at: node.position)
      }
      guard !Fields.contains(name, in: names) else {
        throw ReadingError("the tool \"\(name)\" is named twice", at: node.position)
      }
      names.append(name)
    }
    return names
  }

  private func report(_ node: YAMLNode) throws -> ReportDefinition {
    let fields = try FieldReader(
      node, "a report", known: ["path", "format", "kind", "suite", "scope"])
    let path = try Fields.glob(
      fields.requiredString("path"), at: try fields.required("path").position)
    _ = try (fields.required("format"), fields.required("kind"))
    let format = try fields.choice("format", of: vocabulary.reportFormats) ?? ""
    let kind = try fields.choice("kind", of: vocabulary.reportKinds.map(\.rawValue)) ?? ""
    if kind == EvidenceKind.testResult.rawValue { _ = try fields.requiredString("suite") }
    return ReportDefinition(
      path: path, format: format, kind: EvidenceKind(rawValue: kind),
      suite: try fields.string("suite"), scope: try fields.string("scope"))
  }
}
