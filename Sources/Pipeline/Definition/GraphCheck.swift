import Model
import Reading

/// Looks names up, and refuses unknown ones and cycles, told with the path.
struct GraphCheck {
  private var needs: [String: [String]] = [:]

  init(
    stages: [(name: String, needs: [NameReference])], steps: [(stage: String, step: WrittenStep)],
    services: [ServiceDefinition]
  ) throws {
    let stageNames = stages.map(\.name)
    for stage in stages {
      for need in stage.needs where !Fields.contains(need.name, in: stageNames) {
        throw Fields.unknown("stage", need.name, in: stageNames, at: need.position)
      }
    }
    try Self.refuseCycle(stages.map { ($0.name, $0.needs) }, "stages")
    var edges: [(name: String, needs: [NameReference])] = []
    let ids = Set(steps.map(\.step.definition.id))
    let byStage = Dictionary(grouping: steps, by: \.stage)
    for (stage, step) in steps {
      let named = try step.needs.map { need in
        let id = need.name.utf8.contains(0x2f) ? need.name : "\(stage)/\(need.name)"
        // Ids are lower-case ASCII, of which no other text is the canonical equivalent.
        guard ids.contains(id) else {
          let siblings = byStage[stage]?.map(\.step.definition.name) ?? []
          let known = need.name.utf8.contains(0x2f) ? ids.sorted() : siblings
          throw Fields.unknown("step", need.name, in: known, at: need.position)
        }
        return NameReference(name: id, position: need.position)
      }
      edges.append((step.definition.id, named))
      try Self.checkServices(step, services)
    }
    let inner = Dictionary(uniqueKeysWithValues: edges.map { ($0.name, $0.needs) })
    let sinks = Self.sinks(byStage, inner)
    let stageNeeds = Dictionary(uniqueKeysWithValues: stages.map { ($0.name, $0.needs) })
    // A step that waits for one of its own stage waits for the stages before through that one.
    edges = edges.map { edge in
      let stage = String(edge.name.prefix { $0 != "/" })
      let isRoot = !edge.needs.contains { $0.name.hasPrefix("\(stage)/") }
      guard isRoot else { return edge }
      let before = (stageNeeds[stage] ?? []).flatMap { need in
        (sinks[need.name] ?? []).map { NameReference(name: $0, position: need.position) }
      }
      let known = Set(edge.needs.map(\.name))
      return (edge.name, edge.needs + before.filter { !known.contains($0.name) })
    }
    try Self.refuseCycle(edges, "steps")
    for edge in edges { needs[edge.name] = edge.needs.map(\.name) }
  }

  /// The step with its needs written out.
  func resolved(_ step: StepDefinition) -> StepDefinition {
    StepDefinition(
      stage: step.stage, name: step.name, work: step.work, needs: needs[step.id] ?? [],
      timeoutMilliseconds: step.timeoutMilliseconds, retries: step.retries,
      condition: step.condition, environment: step.environment, directory: step.directory,
      inputs: step.inputs, outputs: step.outputs, executor: step.executor,
      tools: step.tools, services: step.services, reports: step.reports)
  }

  /// The steps of each stage that no other step of it waits for.
  private static func sinks(
    _ byStage: [String: [(stage: String, step: WrittenStep)]], _ needs: [String: [NameReference]]
  ) -> [String: [String]] {
    byStage.mapValues { members in
      let needed = Set(
        members.flatMap { needs[$0.step.definition.id] ?? [] }.map(\.name))
      return members.map(\.step.definition.id).filter { !needed.contains($0) }
    }
  }

  private static func checkServices(_ step: WrittenStep, _ services: [ServiceDefinition]) throws {
    for reference in step.services {
      guard
        let service = services.first(where: { $0.name.utf8.elementsEqual(reference.name.utf8) })
      else {
        throw Fields.unknown(
          "service", reference.name, in: services.map(\.name), at: reference.position)
      }
      guard case .container(_, let network) = step.definition.executor else { continue }
      guard service.executor.isContainer else {
        throw ReadingError(
          "a step in a container cannot reach the service \"\(service.name)\", which is a process",
          at: reference.position)
      }
      guard network == .services else {
        throw ReadingError(
          "a step on the network \"\(network.rawValue)\" cannot reach the service "
            + "\"\(service.name)\"; say \"services\"", at: reference.position)
      }
    }
  }

  /// Refuses a cycle, told as `a → b → a` at the place of the reference that closes it.
  private static func refuseCycle(
    _ edges: [(name: String, needs: [NameReference])], _ what: String
  ) throws {
    let needs = Dictionary(uniqueKeysWithValues: edges.map { ($0.name, $0.needs) })
    var isDone: [String: Bool] = [:]
    for edge in edges where isDone[edge.name] == nil {
      // Depth first with a stack of its own: a thousand steps in a row are fine.
      var path: [(name: String, next: Int)] = [(edge.name, 0)]
      isDone[edge.name] = false
      while let top = path.last {
        let references = needs[top.name] ?? []
        guard top.next < references.count else {
          isDone[top.name] = true
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let reference = references[top.next]
        switch isDone[reference.name] {
        case .some(true): continue
        case .some(false):
          let start = path.firstIndex { $0.name == reference.name } ?? 0
          let names = path[start...].map(\.name) + [reference.name]
          throw ReadingError(
            "the \(what) wait for each other: \(names.joined(separator: " → "))",
            at: reference.position)
        case nil:
          isDone[reference.name] = false
          path.append((reference.name, 0))
        }
      }
    }
  }
}
