import Attestation
import Foundation
import Journey
import Ledger
import Model
import Reading
import TestKit
import Testing

/// A ledger that tells of two applications, written entry by entry with times of our own.
private struct AuditedLedger {
  let ward: Ward
  let home: LedgerHome
  private let machine: Signer
  private let log: Signer

  static let day: Int64 = 86_400_000
  static let start = Instant("2030-10-01T00:00:00Z") ?? Instant(milliseconds: 0)

  init() async throws {
    ward = try await Ward()
    try await ward.makeLedger()
    home = try LedgerHome.open(at: ward.ledger)
    log = try PrivateKey(path: "\(ward.ledger)/keys/log.pem").signer
    let id = try #require(try await home.trustRoot().machines.first?.id)
    machine = try PrivateKey(path: "\(ward.ledger)/keys/\(id).pem").signer
  }

  static func commit(_ name: String) -> Subject {
    let hex = Digest.sha256(name.utf8).hex.prefix(40)
    return Subject(name: "commit", digest: Digest(.gitCommit, hex: hex) ?? .sha256(name.utf8))
  }

  static func image(_ name: String) -> Subject {
    Subject(name: "image", digest: .sha256("image \(name)".utf8))
  }

  /// Records a predicate, given as JSON, so many days after the start.
  @discardableResult
  func record(
    _ kind: EvidenceKind, _ predicate: String, on subjects: [Subject], day: Int64
  ) async throws -> Int64 {
    let statement = try Statement(
      subjects: subjects, predicateType: kind.predicateType,
      predicate: JSONReader.read(Array(predicate.utf8)))
    let id = try #require(try await home.trustRoot().machines.first?.id)
    let draft = EntryDraft(
      kind: kind, envelope: try Envelope(signing: statement.json(), by: [machine]).json(),
      subjects: subjects.flatMap(\.digests), actor: id, role: .pipeline,
      time: Self.start.advanced(byMilliseconds: day * Self.day))
    return try await home.ledger.append([draft], logSigner: log)[0]
  }

  /// From the commit to production.
  func release(_ version: String, of application: String, day: Int64) async throws {
    let both = [Self.image(version), Self.commit(version)]
    try await record(
      .testResult,
      #"{"result":"PASSED","configuration":[],"passedTests":["a"],"failedTests":[],"warnedTests":[],"#
        + #""urn:pratique:application":"\#(application)","urn:pratique:suite":"unit","#
        + #""urn:pratique:totals":{"passed":41,"failed":0,"errors":0,"skipped":1},"#
        + #""urn:pratique:source":{"tool":"t","toolVersion":"1","format":"junit","#
        + #""report":"\#(Digest.sha256("r".utf8))"}}"#,
      on: [Self.commit(version)], day: day)
    try await record(
      .vulnerabilityScan,
      #"{"scope":"vulnerability","findings":[],"source":{"tool":"trivy"},"#
        + #""totals":{"unknown":0,"none":0,"low":3,"medium":2,"high":1,"critical":0}}"#,
      on: [Self.image(version)], day: day)
    let release = Release(
      application: application, version: version, origin: .built, commit: Self.commit(version),
      image: Self.image(version), imageConfig: .sha256("config".utf8))
    try await record(
      .release, String(decoding: Statement.canonical(release), as: UTF8.self), on: both, day: day)
    try await record(
      .decision,
      #"{"urn:pratique:decision:v1":{"environment":"production","outcome":"allowed","reasons":[],"#
        + #""release":{"application":"\#(application)"},"#
        + #""policy":{"name":"p","version":"3","digest":"\#(Digest.sha256("p".utf8))"},"#
        + #""controls":[{"control":"c.1","state":"met"}]}}"#, on: both, day: day)
    try await record(
      .rollout,
      #"{"environment":"production","application":"\#(application)","outcome":"rolled-back","#
        + #""reason":"unhealthy","previousVersion":"0.9","#
        + #""startedAt":"2030-10-01T00:00:00Z","finishedAt":"2030-10-01T00:00:00Z","#
        + #""requests":{"served":10,"lost":0,"serverErrors":0}}"#, on: both, day: day)
  }

  func ask(
    _ application: String, _ days: Range<Int64>, environment: String? = nil, control: String? = nil,
    actor: String? = nil
  ) async throws -> AuditAnswer {
    try await home.audit(
      AuditRequest(
        application: application,
        from: Self.start.advanced(byMilliseconds: days.lowerBound * Self.day),
        to: Self.start.advanced(byMilliseconds: days.upperBound * Self.day),
        environment: environment, control: control, actor: actor))
  }
}

extension AuditAnswer {
  fileprivate var versions: [String?] { releases.map { $0.release?.value.version } }
}

@Suite("Audit")
struct AuditEndToEnd {
  @Test(
    "says what was released in a period, tested, scanned, decided, rolled back, and what was not released"
  )
  func answer() async throws {
    let ledger = try await AuditedLedger()
    try await ledger.release("1.0", of: "ward-list", day: 1)
    try await ledger.release("7.0", of: "pharmacy", day: 2)
    try await ledger.record(
      .run,
      #"{"run":"r9","application":"ward-list","state":"failed","time":"2030-10-01T00:00:00Z"}"#,
      on: [AuditedLedger.commit("broken")], day: 3)
    try await ledger.release("1.1", of: "ward-list", day: 10)
    let answer = try await ledger.ask("ward-list", 0..<9)
    #expect(answer.notes == [])
    #expect(answer.versions == ["1.0"])
    let change = try #require(answer.releases.first)
    #expect(change.tests.map(\.value.totals.passed) == [41])
    #expect(change.scans.map(\.value.totals.high) == [1])
    #expect(change.decisions.map(\.value.outcome) == [.allowed])
    #expect(change.rollouts.map(\.value.outcome) == [.rolledBack])
    #expect(change.commit == AuditedLedger.commit("1.0").digests[0])
    #expect(answer.unreleased.map { $0.runs.map(\.value.state) } == [[.failed]])
    #expect(answer.unreleased.first?.commit == AuditedLedger.commit("broken").digests[0])
    #expect(answer.ledger.size == 17)
    #expect(try await ledger.ask("ward-list", 0..<11).versions == ["1.0", "1.1"])
    #expect(try await ledger.ask("pharmacy", 0..<11).versions == ["7.0"])
    #expect(try await ledger.ask("nobody", 0..<11).releases.isEmpty)
    #expect(try await ledger.ask("ward-list", 0..<9, environment: "staging").releases.isEmpty)
    #expect(try await ledger.ask("ward-list", 0..<9, environment: "production").versions == ["1.0"])
    #expect(try await ledger.ask("ward-list", 0..<9, control: "c.1").versions == ["1.0"])
    #expect(try await ledger.ask("ward-list", 0..<9, control: "c.2").releases.isEmpty)
    #expect(try await ledger.ask("ward-list", 0..<9, actor: "nobody").releases.isEmpty)
    let said = try await ledger.ward.pratique().check([
      "audit", "--app", "ward-list", "--from", "2030-10-01", "--to", "2030-10-09", "--ledger",
      ledger.ward.ledger,
    ])
    for words in [
      "1 releases, 1 rollouts (1 rolled-back), 1 commits", "release 1.0", "41 passed, 0 failed",
      "1 high", "production: allowed by policy p 3", "unhealthy", "at 17 entries",
    ] { #expect(said.contains(words), "\(words): \(said)") }
  }

  @Test("a clock that went back: the period is answered by time, and a remark says so")
  func clock() async throws {
    let ledger = try await AuditedLedger()
    try await ledger.release("1.0", of: "ward-list", day: 20)
    try await ledger.release("1.1", of: "ward-list", day: 5)
    let both = [AuditedLedger.image("1.1"), AuditedLedger.commit("1.1")]
    try await ledger.record(
      .rollout,
      #"{"environment":"staging","application":"ward-list","outcome":"released","#
        + #""startedAt":"2030-10-01T00:00:00Z","finishedAt":"2030-10-01T00:00:00Z","#
        + #""requests":{"served":10,"lost":0,"serverErrors":0}}"#, on: both, day: 4)
    let early = try await ledger.ask("ward-list", 0..<6)
    #expect(early.versions == ["1.1"])
    #expect(early.releases.first?.isOutOfOrder == true)
    let late = try await ledger.ask("ward-list", 19..<21)
    #expect(late.versions == ["1.0"])
    #expect(late.releases.first?.isOutOfOrder == false)
    let report = try await ledger.home.ledger.verify()
    #expect(report.isSound, "\(report.faults)")
    let doctor = try await ledger.ward.pratique().run(["doctor", "--ledger", ledger.ward.ledger])
    #expect(doctor.output.contains("clock: went back"), "\(doctor.output)")
  }

  @Test("an empty period and a date that is none are refused; a whole index stays as it is")
  func refusals() async throws {
    let ledger = try await AuditedLedger()
    try await Refusal(ledger.ward).expect(
      .badInput, ["empty"],
      [
        "audit", "--app", "a", "--from", "2030-10-02", "--to", "2030-10-01", "--ledger",
        ledger.ward.ledger,
      ])
    try await Refusal(ledger.ward).expect(
      .badInput, ["no date"],
      [
        "audit", "--app", "a", "--from", "yesterday", "--to", "2030-10-01", "--ledger",
        ledger.ward.ledger,
      ])
    let said = try await ledger.ward.pratique().check(
      ["ledger", "index", "--rebuild", "--ledger", ledger.ward.ledger])
    #expect(said.contains("right already"))
  }
}
