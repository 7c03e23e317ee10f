import Foundation
import Model
import TestKit
import Testing

/// Ctrl-C: everything that the run started ends, that it was cancelled is recorded, and it goes on.
@Suite("A run that is interrupted", .serialized)
struct InterruptEndToEndSerial {
  /// Its third step does not heed SIGTERM, and has a helper in a session of its own.
  private static let pipeline = """
    version: 1
    application: {name: stubborn, handles-phi: false}
    services:
      helper:
        run: "echo up > $MARKS/helper; sleep 600"
        environment: {pass: [MARKS]}
        ready: {run: "test -e $MARKS/helper", interval: 50ms}
    stages:
      s:
        steps:
          first:
            run: echo ended >> "$MARKS/first"
            environment: {pass: [MARKS]}
          stubborn:
            run: |
              trap '' TERM INT
              test -e "$MARKS/go" && exit 0
              setsid sh -c 'trap "" TERM; sleep 600' > /dev/null 2>&1 &
              echo ready > "$MARKS/ready"
              while :; do sleep 0.05; done
            environment: {pass: [MARKS]}
            services: [helper]
            needs: first
          last: {run: "echo last", needs: stubborn}

    """

  private func start(_ ward: Ward, _ program: Program) async throws -> Spawned {
    try? FileManager.default.removeItem(atPath: ward.file("marks/ready"))
    let run = try program.start(
      ["run", "--repository", ward.repository, "--ledger", ward.ledger])
    for _ in 0..<6_000 where ward.marks("ready") == 0 && run.endingNow == nil {
      try await Task.sleep(for: .milliseconds(10))
    }
    try #require(ward.marks("ready") == 1, "\(run.errorOutput)")
    return run
  }

  private func finish(_ ward: Ward, _ program: Program, _ run: String, interrupted: Bool)
    async throws
  {
    let before = try await LedgerContent(ward.ledger)
    if interrupted {
      #expect(before.runs.last { $0.run == run }?.state == .cancelled)
      let stubborn = before.steps.filter { $0.run == run && $0.id == "s/stubborn" }
      #expect(stubborn.map(\.outcome) == [.cancelled])
      #expect(!before.steps.contains { $0.run == run && $0.id == "s/last" })
    }
    try ward.write("marks/go", "")
    let marks = ward.marks("first")
    try await program.check(["run", "--resume", "--run", run, "--ledger", ward.ledger])
    try FileManager.default.removeItem(atPath: ward.file("marks/go"))
    #expect(ward.marks("first") == marks, "what had passed was done again")
    let after = try await LedgerContent(ward.ledger)
    #expect(after.doubled == [])
    for step in ["first", "stubborn", "last"] {
      #expect(after.passes(run, "s/\(step)") == 1, "\(step)")
    }
    #expect(after.runs.last { $0.run == run }?.state == .succeeded)
    try await nothingIsLeft(ward)
    try await program.check(["ledger", "verify", "--ledger", ward.ledger])
  }

  @Test("by SIGINT, SIGTERM or SIGHUP: exit code 130, and all of it", arguments: [2, 15, 1])
  func signals(_ signal: Int32) async throws {
    let ward = try await Ward(pipeline: Self.pipeline)
    try await ward.makeLedger()
    let run = try await start(ward, ward.pratique())
    #expect(ward.leftovers().count >= 4, "the step, its helper and the service should run")
    run.kill(signal)
    #expect(try await run.ending() == .exited(130), "\(run.errorOutput)")
    #expect(ward.leftovers() == [])
    #expect(run.errorOutput.contains("pratique run --resume"))
    let id = try #require(Announcements(run.errorOutput).run)
    try await finish(ward, ward.pratique(), id, interrupted: true)
  }

  @Test("by a second SIGINT while it still ends things: at once, and --resume ends the rest")
  func impatient() async throws {
    let ward = try await Ward(pipeline: Self.pipeline)
    try await ward.makeLedger()
    let run = try await start(ward, ward.pratique())
    run.kill(SIGINT)
    try await Task.sleep(for: .milliseconds(300))
    run.kill(SIGINT)
    #expect(try await run.ending() == .exited(130), "\(run.errorOutput)")
    #expect(ward.leftovers() != [], "the second signal came too late to show anything")
    let id = try #require(Announcements(run.errorOutput).run)
    try await finish(ward, ward.pratique(), id, interrupted: false)
  }

  @Test("at random instants: exit code 130 once it began, nothing left, --resume finishes")
  func anyInstant() async throws {
    let seed =
      ProcessInfo.processInfo.environment["PRATIQUE_SEED"].flatMap { UInt64($0) }
      ?? .random(in: 0...999_999)
    print("interrupts: seed \(seed)")
    var random = Seeded(seed: seed)
    let ward = try await Ward()
    try await ward.makeLedger()
    let clock = ContinuousClock()
    let begun = clock.now
    let command = ["run", "--repository", ward.repository, "--ledger", ward.ledger]
    try await ward.pratique().check(command)
    let usual = begun.duration(to: clock.now)
    var interrupted = 0
    for _ in 0..<16 {
      let run = try ward.pratique().start(command)
      try await Task.sleep(for: usual * Double.random(in: 0..<1, using: &random))
      run.kill(SIGINT)
      let ending = try await run.ending()
      try await nothingIsLeft(ward)
      // Before it listens to signals it has started nothing.
      let words = Announcements(run.errorOutput)
      #expect(
        [.exited(130), .exited(0)].contains(ending)
          || ending == .signalled(SIGINT) && words.isSilent,
        "\(ending): \(run.errorOutput)")
      if ending == .exited(130) { interrupted += 1 }
      guard let id = words.run else { continue }
      let content = try await LedgerContent(ward.ledger)
      let expected: RunReport.State = ending == .exited(0) ? .succeeded : .cancelled
      #expect(content.runs.last { $0.run == id }?.state == expected)
      try await ward.pratique().check(["run", "--resume", "--run", id, "--ledger", ward.ledger])
      let after = try await LedgerContent(ward.ledger)
      for step in WardFiles.steps { #expect(after.passes(id, step) == 1) }
    }
    #expect(interrupted >= 4)
    try await ward.pratique().check(["ledger", "verify", "--ledger", ward.ledger])
  }
}
