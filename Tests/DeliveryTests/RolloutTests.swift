import Delivery
import Foundation
import Glibc
import Model
import Synchronization
import Testing

/// A rollout on a target in memory, with its state on a real disk.
struct RolloutBench {
  let fake: FakeTarget
  let folder: String
  let time = ManualTime()

  init(canShareTraffic: Bool = true) throws {
    fake = FakeTarget(canShareTraffic: canShareTraffic)
    folder = NSTemporaryDirectory() + "pratique-rollout-\(UInt64.random(in: .min ... .max))"
  }

  /// A rollout as a new process would make it.
  var rollout: Rollout {
    Rollout(
      environment: EnvironmentDefinition(
        name: "production", manifests: "deploy",
        ports: fake.canShareTraffic ? .front(9000, blue: 9001, green: 9002) : .single(9000),
        health: HealthCheck(deadlineMilliseconds: 5000), folder: folder),
      application: "portal", target: fake.target, folder: folder, time: time.source,
      pause: { time.pause($0) })
  }

  static func release(_ version: String) throws -> Release {
    Release(
      application: "portal", version: version, origin: .built, commit: nil,
      image: Subject(name: "portal", digest: Digest.sha256(Array(version.utf8))),
      imageConfig: Digest.sha256(Array("config of \(version)".utf8)))
  }

  func release(_ version: String) async throws -> RolloutReport {
    try await rollout.release(Self.release(version), layout: "layout", identifier: "to \(version)")
  }

  func cleanUp() { try? FileManager.default.removeItem(atPath: folder) }
}

@Suite("Rollout")
struct RolloutTests {
  private func bench(
    canShareTraffic: Bool = true, _ body: (RolloutBench) async throws -> Void
  ) async throws {
    let bench = try RolloutBench(canShareTraffic: canShareTraffic)
    defer { bench.cleanUp() }
    try await body(bench)
    #expect(bench.fake.violations == [])
  }

  @Test("the first release has no way back, and says so")
  func first() async throws {
    try await bench { bench in
      let report = try await bench.release("1")
      #expect(report.outcome == .released)
      #expect(report.previousImage == nil)
      #expect(report.reason == nil)
      #expect(report.translations == ["one pod runs"])
      #expect(report.events.contains { $0.message.contains("there is no way back") })
      #expect(bench.fake.summary == "blue: 1 runs 100%, green: -")
    }
  }

  @Test("the next release takes over, and the one before is kept stopped")
  func second() async throws {
    try await bench { bench in
      _ = try await bench.release("1")
      let report = try await bench.release("2")
      #expect(report.outcome == .released)
      #expect(report.previousVersion == "1")
      #expect(report.requests.served > 0)
      #expect(bench.fake.summary == "blue: 1 stopped 0%, green: 2 runs 100%")
      #expect(
        bench.fake.operations.suffix(6)
          == [
            "stage 2 green", "traffic 100 blue", "traffic 100 blue", "traffic 100 -", "drain blue",
            "stop blue",
          ])
      // The third takes the slot of the first.
      _ = try await bench.release("3")
      #expect(bench.fake.summary == "blue: 3 runs 100%, green: 2 stopped 0%")
    }
  }

  @Test(
    "a release that is unhealthy before it takes requests is refused, and nothing is changed",
    arguments: [Behaviour.neverReady, .notStaged])
  func refused(behaviour: Behaviour) async throws {
    try await bench { bench in
      _ = try await bench.release("1")
      bench.fake.behave("2", behaviour)
      let report = try await bench.release("2")
      #expect(report.outcome == .refused)
      #expect(report.reason != nil)
      #expect(bench.fake.summary == "blue: 1 runs 100%, green: -")
      #expect(!bench.fake.operations.contains("traffic 100 blue"))
      #expect(try await bench.rollout.status().problems == [])
    }
  }

  @Test(
    "a release that turns unhealthy goes back once the old one is proven",
    arguments: [
      (Behaviour.turnsUnready, "lost its readiness"), (.failsRequests, "requests failed"),
    ])
  func rolledBack(behaviour: Behaviour, reason: String) async throws {
    try await bench { bench in
      _ = try await bench.release("1")
      bench.fake.behave("2", behaviour)
      let report = try await bench.release("2")
      #expect(report.outcome == .rolledBack)
      #expect(report.reason?.contains(reason) == true, "\(report.reason ?? "")")
      #expect(bench.fake.summary == "blue: 1 runs 100%, green: -")
      #expect(bench.fake.operations.suffix(3) == ["traffic 0 -", "drain green", "remove green"])
      #expect(report.events.contains { $0.message == "1 is proven healthy again" })
    }
  }

  @Test("nothing goes back to a release that is not healthy either")
  func noWayBack() async throws {
    try await bench { bench in
      _ = try await bench.release("1")
      bench.fake.behave("1", .neverReady)
      bench.fake.behave("2", .turnsUnready)
      let report = try await bench.release("2")
      #expect(report.outcome == .failed)
      #expect(report.events.contains { $0.message.contains("no way back is proven") })
      #expect(report.events.contains { $0.message.contains("is not healthy either") })
      #expect(bench.fake.summary == "blue: 1 runs 0%, green: 2 runs 100%")
    }
  }

  @Test("a first release that turns unhealthy is left for people to look at, and called failed")
  func firstFails() async throws {
    try await bench { bench in
      bench.fake.behave("1", .turnsUnready)
      let report = try await bench.release("1")
      #expect(report.outcome == .failed)
      #expect(try await bench.rollout.status().problems.contains { $0.contains("not healthy") })
      // The next one is released over it.
      #expect(try await bench.release("2").outcome == .released)
    }
  }

  @Test("a person can go back, and forth again; a way back that is not healthy is not taken")
  func back() async throws {
    try await bench { bench in
      await #expect(throws: Problem.self) {
        try await bench.rollout.rollBack(reason: "x", identifier: "b0")
      }
      _ = try await bench.release("1")
      _ = try await bench.release("2")
      let report = try await bench.rollout.rollBack(reason: "wrong totals", identifier: "b1")
      #expect(report.outcome == .rolledBack)
      #expect(report.reason == "wrong totals")
      #expect(report.version == "2")
      #expect(report.previousVersion == "1")
      #expect(bench.fake.summary == "blue: 1 runs 100%, green: 2 stopped 0%")
      // The same request is answered from the record.
      #expect(try await bench.rollout.rollBack(reason: "?", identifier: "b1") == report)

      bench.fake.behave("2", .neverReady)
      let refused = try await bench.rollout.rollBack(reason: "forth", identifier: "b2")
      #expect(refused.outcome == .refused)
      #expect(bench.fake.summary == "blue: 1 runs 100%, green: 2 stopped 0%")
    }
  }

  @Test("what is taken down no longer serves, and the next release is the first")
  func takenDown() async throws {
    try await bench { bench in
      let removals = Mutex(0)
      func down() async throws -> RolloutReport? {
        try await bench.rollout.takeDown(reason: "moving") { removals.withLock { $0 += 1 } }
      }
      #expect(try await down() == nil)
      _ = try await bench.release("1")
      _ = try await bench.release("2")
      #expect(try bench.rollout.releases().serving?.version == "2")
      #expect(try bench.rollout.releases().previous?.version == "1")
      // Killed before it ended: nothing is forgotten, and it is done again.
      await #expect(throws: Problem.self) {
        try await bench.rollout.takeDown(reason: "moving") { throw Problem(.cancelled, "killed") }
      }
      #expect(try bench.rollout.releases().serving?.version == "2")
      let report = try await down()
      #expect(report?.outcome == .takenDown && report?.version == "2")
      #expect(report?.reason == "moving")
      #expect(try bench.rollout.releases().serving == nil)
      #expect(try await down() == nil)
      #expect(removals.withLock { $0 } == 3)
      await #expect(throws: Problem.self) {
        try await bench.rollout.rollBack(reason: "x", identifier: "b")
      }
      #expect(try await bench.release("3").previousVersion == nil)
    }
  }

  @Test("what serves already is not released again")
  func same() async throws {
    try await bench { bench in
      _ = try await bench.release("1")
      let before = bench.fake.operations.filter { !$0.hasPrefix("traffic") }
      let report = try await bench.rollout.release(
        RolloutBench.release("1"), layout: "layout", identifier: "again")
      #expect(report.outcome == .released)
      #expect(report.events.contains { $0.message.contains("nothing was done") })
      #expect(bench.fake.operations.filter { !$0.hasPrefix("traffic") } == before)
    }
  }

  @Test("while a rollout is under way or interrupted, another is refused")
  func busy() async throws {
    try await bench { bench in
      bench.fake.die(at: 1, before: false)
      await #expect(throws: Killed.self) { try await bench.release("1") }
      bench.fake.live()
      let problem = try await #require(throws: Problem.self) { try await bench.release("2") }
      #expect(problem.code == .busy)
      await #expect(throws: Problem(.busy, "")) {
        try await bench.rollout.rollBack(reason: "x", identifier: "b")
      }
      #expect(try await bench.rollout.status().interruptedWhile == "staging")
      #expect(try await bench.rollout.resume()?.outcome == .released)
      #expect(try await bench.rollout.resume() == nil)
    }
  }

  @Test("without a load balancer the old one makes room, and comes back when the new one is bad")
  func recreate() async throws {
    try await bench(canShareTraffic: false) { bench in
      #expect(try await bench.release("1").outcome == .released)
      #expect(try await bench.release("2").outcome == .released)
      #expect(bench.fake.summary == "blue: 1 stopped, green: 2 runs")
      bench.fake.behave("3", .neverReady)
      let report = try await bench.release("3")
      #expect(report.outcome == .rolledBack)
      #expect(bench.fake.summary == "blue: -, green: 2 runs")
      #expect(try await bench.rollout.rollBackIsImpossible())
    }
  }

  @Test("a state of another application or a damaged one stops all, and nothing is done")
  func foreignState() async throws {
    try await bench { bench in
      _ = try await bench.release("1")
      let path = bench.folder + "/state.json"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let before = bench.fake.operations
      for other in [
        text.replacing("\"application\":\"portal\"", with: "\"application\":\"other\""),
        text.replacing("\"version\":1,", with: "\"version\":2,"),
        text.replacing("\"version\":1}", with: "\"version\":2}"), String(text.dropLast(9)), "",
      ] where other != text {
        try other.write(toFile: path, atomically: true, encoding: .utf8)
        await #expect(throws: Problem.self) { try await bench.release("2") }
      }
      #expect(bench.fake.operations == before)
    }
  }

  @Test("two processes cannot change one environment at a time")
  func locked() async throws {
    try await bench { bench in
      _ = try await bench.release("1")
      let other = open(bench.folder + "/lock", O_RDWR)
      defer { close(other) }
      try #require(flock(other, LOCK_EX | LOCK_NB) == 0)
      await #expect(throws: Problem(.busy, "")) { try await bench.release("2") }
    }
  }
}

extension Rollout {
  fileprivate func rollBackIsImpossible() async throws -> Bool {
    do {
      _ = try await rollBack(reason: "x", identifier: "impossible")
      return false
    } catch let problem as Problem {
      return problem.code == .notFound
    }
  }
}
