import Compliance
import Foundation
import Model
import Testing

@testable import Journey

@Suite("What evidence is a word on")
struct PlaceTests {
  @Test("a key for staging alone signs what happened in staging, whichever gate looks at it")
  func environmentOfTheEvidence() async throws {
    let small = try await SmallLedger()
    let release = SmallLedger.release(1)
    try await small.record(.release, release, of: release)
    try await small.record(
      .rollout, SmallLedger.rollout(1, in: "staging"), of: release, by: [small.stager])
    let found = try await small.home.evidence(on: release)
    #expect(found.refused.map(\.reason) == [])
    let decision = try await small.home.judge(
      release, environment: "production", time: .fixed(SmallLedger.now))
    #expect(decision.outcome == .allowed, "\(decision.reasons)")
    // Of production it may not speak.
    try await small.record(
      .rollout, SmallLedger.rollout(1, in: "production"), of: release, by: [small.stager])
    let refused = try await small.home.evidence(on: release).refused
    #expect(refused.map(\.index) == [3])
    #expect(refused.first?.reason.contains("in environment \"production\"") == true)
    let again = try await small.home.judge(
      release, environment: "production", time: .fixed(SmallLedger.now))
    #expect(again.refused.map(\.isBlocking) == [true])
    // Another rollout to staging answers anew what the refused entry might have answered.
    try await small.record(
      .rollout, SmallLedger.rollout(1, before: 1, in: "staging"), of: release)
    let cured = try await small.home.judge(
      release, environment: "production", time: .fixed(SmallLedger.now))
    #expect(cured.outcome == .allowed, "\(cured.reasons)")
    #expect(cured.refused.map(\.supersededBy) == [4])
    #expect(try await small.home.replay(cured) == cured)
  }

  @Test("what serves is what went live last and was not rolled back, of another commit")
  func serving() async throws {
    let small = try await SmallLedger()
    for number in 1...4 {
      let release = SmallLedger.release(number)
      try await small.record(.release, release, of: release)
    }
    func serves(besides number: Int, size: Int64 = .max) async throws -> LiveRelease? {
      try await small.home.serving(
        SmallLedger.application, in: "production", besides: SmallLedger.release(number).commitID,
        size: size)
    }
    func live(_ number: Int) -> LiveRelease {
      LiveRelease(version: "\(number).0", commit: SmallLedger.release(number).commitID)
    }
    func roll(
      _ number: Int, _ outcome: RolloutReport.Outcome, before: Int? = nil,
      in environment: String = "production", application: String = SmallLedger.application
    ) async throws {
      try await small.record(
        .rollout,
        SmallLedger.rollout(
          number, outcome, before: before, in: environment, application: application),
        of: SmallLedger.release(number))
    }
    #expect(try await serves(besides: 4) == nil)
    try await roll(1, .released)
    #expect(try await serves(besides: 4) == live(1))
    try await roll(2, .released, before: 1)
    try await roll(3, .rolledBack, before: 2)
    try await roll(4, .refused, before: 2)
    try await roll(4, .released, in: "staging")
    try await roll(4, .released, application: "laboratory")
    try await roll(2, .takenDown)
    #expect(try await serves(besides: 4) == live(2))
    // Asked about what serves itself: what served before it.
    #expect(try await serves(besides: 2) == live(1))
    #expect(try await serves(besides: 4, size: 6) == live(1))
    // One that was signed by a key for staging says nothing of production.
    try await small.record(
      .rollout, SmallLedger.rollout(3, before: 2), of: SmallLedger.release(3), by: [small.stager])
    #expect(try await serves(besides: 4) == live(2))
  }

  @Test("a rollout that says that a person signed it bears that person's signature")
  func signedRequest() async throws {
    let small = try await SmallLedger()
    let release = SmallLedger.release(1)
    func refused(_ request: RolloutReport.Request, cosigned: Bool) async throws -> String? {
      let index = try await small.record(
        .rollout, SmallLedger.rollout(1, .takenDown, request: request), of: release,
        by: cosigned ? [small.runner, small.ana] : [small.runner])
      return try await small.home.evidence(on: release).refused.first { $0.index == index }?.reason
    }
    #expect(try await refused(.init(person: "ana", isSigned: true), cosigned: true) == nil)
    #expect(try await refused(.init(person: "ana", isSigned: false), cosigned: false) == nil)
    #expect(
      try await refused(.init(person: "ana", isSigned: true), cosigned: false)
        == "it says that ana signed it, and no key of ana did")
    #expect(try await refused(.init(person: "ben", isSigned: true), cosigned: true) != nil)
  }
}
