import Delivery
import Model
import Testing

@Suite("Rollout, killed")
struct RolloutCrashTests {
  struct Scenario: Sendable, CustomTestStringConvertible {
    let name: String
    var canShareTraffic = true
    var behaviour = Behaviour.good
    var isReturn = false
    let outcome: RolloutReport.Outcome
    /// It has so many effects at least.
    let effects: Int
    let summary: String
    var testDescription: String { name }
  }

  static let scenarios = [
    Scenario(
      name: "release", outcome: .released, effects: 6,
      summary: "blue: 1 stopped 0%, green: 2 runs 100%"),
    Scenario(
      name: "refusal", behaviour: .neverReady, outcome: .refused, effects: 2,
      summary: "blue: 1 runs 100%, green: -"),
    Scenario(
      name: "going back", behaviour: .turnsUnready, outcome: .rolledBack, effects: 6,
      summary: "blue: 1 runs 100%, green: -"),
    Scenario(
      name: "way back that a person asked for", isReturn: true, outcome: .rolledBack, effects: 6,
      summary: "blue: 1 runs 100%, green: 2 stopped 0%"),
    Scenario(
      name: "replacement", canShareTraffic: false, outcome: .released, effects: 2,
      summary: "blue: 1 stopped, green: 2 runs"),
    Scenario(
      name: "replacement that goes back", canShareTraffic: false, behaviour: .neverReady,
      outcome: .rolledBack, effects: 4, summary: "blue: 1 runs, green: -"),
  ]

  /// Kills the process before and after each effect, twice in a row even; each time a new process
  /// resumes, and the end is the same. At no time do requests go to a slot that does not run.
  @Test("killed at any effect, it ends the same", arguments: scenarios)
  func killed(scenario: Scenario) async throws {
    var effects = 0
    var isKilled = true
    while isKilled {
      isKilled = false
      effects += 1
      for before in [true, false] {
        for again in [0, 1] {
          if try await end(scenario, effects, before, again) { isKilled = true }
        }
      }
    }
    #expect(effects > scenario.effects, "the scenario was killed at \(effects - 1) effects only")
  }

  /// Runs one scenario with its deaths.
  ///
  /// - Returns: whether there was an effect to be killed at.
  private func end(
    _ scenario: Scenario, _ effect: Int, _ before: Bool, _ again: Int
  ) async throws -> Bool {
    let bench = try RolloutBench(canShareTraffic: scenario.canShareTraffic)
    defer { bench.cleanUp() }
    _ = try await bench.release("1")
    if scenario.isReturn { _ = try await bench.release("2") }
    bench.fake.behave("2", scenario.behaviour)
    func run() async throws -> RolloutReport {
      scenario.isReturn
        ? try await bench.rollout.rollBack(reason: "asked", identifier: "back")
        : try await bench.release("2")
    }
    var report: RolloutReport?
    bench.fake.die(at: effect, before: before)
    do { report = try await run() } catch is Killed {}
    let isKilled = report == nil
    if again > 0, isKilled {
      bench.fake.die(at: again, before: before)
      do { report = try await run() } catch is Killed {}
    }
    bench.fake.live()
    if report == nil { report = try await run() }
    let place = "\(scenario.name), killed at effect \(effect), \(before) \(again)"
    #expect(report?.outcome == scenario.outcome, "\(place)")
    #expect(bench.fake.summary == scenario.summary, "\(place)")
    #expect(bench.fake.violations == [], "\(place)")
    #expect(try await bench.rollout.resume() == nil)
    // Asked once more by one who was killed before he heard, it answers the same.
    #expect(try await run() == report, "\(place)")
    return isKilled
  }
}
