import Model

/// Starts steps when all that they wait for has ended, so many at once.
///
/// A step has ended when its evidence is durable. While that is written, steps that do not wait for
/// it may begin in its place, and what they leave shares one flush to the disk.
struct Schedule {
  private enum Event: Sendable {
    case performed(StepRunner, PerformedStep)
    case ended(String, StepEnding)
  }

  /// So many steps may wait for their evidence to be durable before no other begins.
  private static let greatestBacklog = 16

  let plan: Plan
  private let session: RunSession
  private let pool: ServicePool
  private let definitions: [String: StepDefinition]
  private let dependents: [String: [String]]
  /// How many needs of a step have not ended.
  private var open: [String: Int]
  private var ready: [String]
  private var next = 0
  /// How steps ended, by id.
  private(set) var endings: [String: StepEnding] = [:]
  /// What did not pass on the way to a step, itself included.
  private var hindrances: [String: Hindrance] = [:]
  /// Why nothing more may happen: evidence could not be recorded.
  private(set) var stopped: Problem?
  /// Whether the run was cancelled while there was something to do.
  private(set) var isInterrupted = false

  init(_ plan: Plan, _ session: RunSession, _ pool: ServicePool) {
    self.plan = plan
    self.session = session
    self.pool = pool
    let steps = session.request.definition.steps
    definitions = Dictionary(uniqueKeysWithValues: steps.map { ($0.id, $0) })
    var dependents: [String: [String]] = [:]
    for step in plan.steps {
      for need in step.needs { dependents[need, default: []].append(step.id) }
    }
    self.dependents = dependents
    open = Dictionary(uniqueKeysWithValues: plan.steps.map { ($0.id, $0.needs.count) })
    ready = plan.steps.filter(\.needs.isEmpty).map(\.id)
  }

  /// Runs until nothing is left that can run.
  mutating func run() async {
    await withTaskGroup(of: Event.self) { group in
      var running = 0
      var backlog = 0
      while true {
        while running < max(1, session.request.concurrency), backlog < Self.greatestBacklog,
          let id = await nextReady()
        {
          guard let step = definitions[id] else { continue }
          let runner = StepRunner(
            step: step, session: session, pool: pool,
            needs: step.needs.compactMap { need in endings[need].map { (need, $0) } },
            isAfterFailure: step.needs.contains { hindrances[$0]?.isFailure == true })
          group.addTask { .performed(runner, await runner.perform()) }
          running += 1
        }
        guard let event = await group.next() else { break }
        switch event {
        case .performed(let runner, let performed):
          running -= 1
          backlog += 1
          group.addTask { .ended(runner.step.id, await runner.settle(performed)) }
        case .ended(let id, let ending):
          backlog -= 1
          settle(id, ending)
          if ending.stopsRun, stopped == nil {
            stopped = ending.problem
            group.cancelAll()
          }
        }
      }
    }
    if Task.isCancelled, endings.count < plan.steps.count { isInterrupted = true }
  }

  /// The next step that may run; those that may not are ended on the way.
  private mutating func nextReady() async -> String? {
    guard stopped == nil, !Task.isCancelled else { return nil }
    while next < ready.count {
      let id = ready[next]
      next += 1
      guard let step = definitions[id] else { continue }
      guard let hindrance = hindrance(of: step) else { return id }
      let summary = StepSummary(
        step: id, state: .blocked, reason: "\(hindrance.step) did not pass")
      await pool.release(step)
      session.emit(.stepFinished(summary))
      settle(
        id,
        StepEnding(
          summary: summary, key: nil, subjects: session.request.subjects,
          problem: hindrance.problem))
    }
    return nil
  }

  /// What keeps a step from running.
  private func hindrance(of step: StepDefinition) -> Hindrance? {
    let before = step.needs.compactMap { hindrances[$0] }
    switch step.condition.mode {
    case .always: return nil
    case .onSuccess: return before.first
    case .onFailure: return before.contains(where: \.isFailure) ? nil : before.first
    }
  }

  private mutating func settle(_ id: String, _ ending: StepEnding) {
    endings[id] = ending
    switch ending.summary.state {
    case .failed, .timedOut, .cancelled:
      hindrances[id] = Hindrance(step: id, problem: ending.problem, isFailure: true)
    case .waiting: hindrances[id] = Hindrance(step: id, problem: nil, isFailure: false)
    case .passed, .skipped, .alreadyDone, .blocked:
      let before = definitions[id]?.needs.compactMap { hindrances[$0] } ?? []
      hindrances[id] = before.first(where: \.isFailure) ?? before.first
    }
    for dependent in dependents[id] ?? [] {
      open[dependent, default: 0] -= 1
      if open[dependent] == 0 { ready.append(dependent) }
    }
  }
}
