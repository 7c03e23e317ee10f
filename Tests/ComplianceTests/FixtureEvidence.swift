import Compliance
import Model
import Reading

/// Evidence of a good release, piece by piece.
extension Fixture {
  static let goodPieces: [Piece] = [
    .source(), .step("source", "check"), .tests(), .provenance(), .inventory(), .scan(), .secrets(),
    .step("image", "build"), .rollout(),
    Piece(kind: .release, subjects: [image], predicate: .null),
  ]

  /// A fixture whose release both roles have approved.
  static func approved() throws -> Fixture {
    var fixture = Fixture()
    try fixture.approve("ben", official)
    try fixture.approve("cleo", clinical)
    return fixture
  }

  /// Records an approval, bound to what the gate shows now unless it is changed.
  mutating func approve(
    _ person: String, _ role: Role, at time: String = "2026-06-01T09:00:00Z",
    signedBy signer: String? = nil, change: (inout ApprovalDraft) -> Void = { _ in }
  ) throws {
    let decision = try decide()
    var draft = ApprovalDraft(
      environment: environment, release: release.digests, policy: decision.policy.digest,
      evidenceSet: decision.evidenceSet, person: person, role: role, time: Self.instant(time),
      subjects: release.subjects)
    change(&draft)
    pieces.append(try draft.piece(signer: signer ?? person))
  }

  /// Replaces the good piece of a kind.
  mutating func replace(_ piece: Piece) {
    if let place = pieces.firstIndex(where: { $0.kind == piece.kind }) { pieces[place] = piece }
  }

  /// Leaves all evidence of a kind out.
  mutating func remove(_ kind: EvidenceKind) { pieces.removeAll { $0.kind == kind } }
}

/// An approval that can still be changed.
struct ApprovalDraft {
  var verdict = Approval.Verdict.approved
  var application = "patient-portal"
  var environment: String
  var release: [Digest]
  var policy: Digest
  var evidenceSet: [Digest]
  var person: String
  var role: Role
  var meaning: String?
  var reason = "I read it"
  var time: Instant
  var subjects: [Subject]

  func piece(signer: String) throws -> Fixture.Piece {
    let approval = Approval(
      verdict: verdict, application: application, environment: environment, release: release,
      policy: policy,
      evidenceSet: evidenceSet, person: person, role: role, meaning: meaning, reason: reason,
      time: time)
    return Fixture.Piece(
      kind: .approval, subjects: subjects, predicate: try JSONValue(encoding: approval),
      signer: signer, time: time)
  }
}

extension Fixture.Piece {
  /// When reports were read; in most tests before they were recorded.
  private static let moment = Fixture.instant("2026-05-31T09:30:00Z")
  private static let report = Digest.sha256(Array("report".utf8))

  private init(_ kind: EvidenceKind, _ subjects: [Subject], _ predicate: some Encodable) {
    let value = try? JSONValue(encoding: predicate)
    self.init(kind: kind, subjects: subjects, predicate: value ?? .null)
  }

  static func source(
    author: String? = "ada", signer: String? = "ada", isSigned: Bool = true,
    isCommitterMatched: Bool = true, commit: String = String(repeating: "c", count: 40),
    application: String = "patient-portal", run: String = "run-1",
    changes: [Changes] = [Self.changes()]
  ) -> Self {
    Self(
      .sourceCheck, [Fixture.commit],
      SourceCheck(
        application: application, run: run, time: moment, commit: commit, export: report,
        isSigned: isSigned,
        reason: isSigned ? "signed" : "the commit is not signed", key: nil, signer: signer,
        author: author, isCommitterMatched: isCommitterMatched,
        changes: changes))
  }

  static func changes(
    _ people: [String] = ["ada"], since: Digest? = nil, commits: Int = 3, unknown: Int = 0,
    isComplete: Bool = true, environment: String = "production"
  ) -> Changes {
    Changes(
      environment: environment, since: since, commits: commits, people: people,
      unknownAuthors: unknown, isComplete: isComplete)
  }

  static func step(
    _ stage: String, _ step: String, _ outcome: StepReport.Outcome = .passed,
    action: String? = nil, finished: String = "2026-05-31T09:00:00Z", run: String = "run-1"
  ) -> Self {
    let finished = Fixture.instant(finished)
    return Self(
      .step, [Fixture.commit],
      StepReport(
        application: "patient-portal", run: run, stage: stage, step: step, stepKey: report,
        command: ["true"], action: action,
        executor: "process", executorImage: nil, isolation: .isolated, outcome: outcome,
        exitCode: 0, attempt: 1, startedAt: finished, finishedAt: finished, tools: [],
        variables: [], inputs: [], outputs: [], log: nil))
  }

  static func tests(
    suite: String = "security", failed: [String] = [], skipped: Int = 0, tool: String = "pytest",
    passed: [String] = ["suite.test_no_token", "suite.test_wrong_token"],
    application: String = "patient-portal", run: String = "run-1"
  ) -> Self {
    Self(
      .testResult, [Fixture.commit],
      TestResult(
        application: application, run: run, time: moment, suite: suite,
        totals: TestTotals(
          passed: passed.count, failed: failed.count, errors: 0, skipped: skipped),
        passedTests: passed, failedTests: failed, source: source(tool, feed: nil)))
  }

  static func provenance(
    sources: [String] = [String(repeating: "c", count: 40)], image: Subject = Fixture.image
  ) -> Self {
    func digest(_ algorithm: String, _ hex: String) -> JSONValue {
      .object(["digest": .object([algorithm: .string(hex)])])
    }
    let dependencies = sources.map { digest("gitCommit", $0) } + [digest("sha256", report.hex)]
    let finished = JSONValue.object(["finishedOn": .string("2026-05-31T09:30:00.000Z")])
    return Self(
      kind: .provenance, subjects: [image],
      predicate: .object([
        "urn:pratique:application": .string("patient-portal"),
        "urn:pratique:run": .string("run-1"),
        "buildDefinition": .object([
          "buildType": .string("urn:example:build"), "externalParameters": .object([:]),
          "resolvedDependencies": .array(dependencies),
        ]),
        "runDetails": .object([
          "builder": .object(["id": .string("urn:example:builder")]), "metadata": finished,
        ]),
      ]))
  }

  static func inventory(versions: [String] = ["1", "2"], image: Subject = Fixture.image) -> Self {
    let components = versions.map { Component(name: "c\($0)", version: $0, packageURL: nil) }
    return Self(
      .inventory, [Fixture.commit, image],
      InventoryResult(
        application: "patient-portal", run: "run-1", time: moment, components: components,
        source: source("trivy", feed: nil)))
  }

  static let feed = ReportSource.Feed(
    name: "db", digest: report, updatedAt: Fixture.instant("2026-05-20T00:00:00Z"),
    isExample: false)

  static func scan(
    _ findings: [Finding] = [], feed: ReportSource.Feed? = Self.feed, tool: String = "trivy",
    components: Int? = 40, subjects: [Subject] = [Fixture.commit, Fixture.image],
    application: String = "patient-portal", run: String = "run-1"
  ) -> Self {
    Self(
      .vulnerabilityScan, subjects,
      ScanResult(
        application: application, run: run, time: moment, scope: "vulnerability",
        findings: findings, componentsScanned: components,
        source: source(tool, feed: feed)))
  }

  static func secrets(_ findings: [Finding] = [], scope: String = "secret") -> Self {
    Self(
      .staticAnalysis, [Fixture.commit],
      ScanResult(
        application: "patient-portal", run: "run-1", time: moment, scope: scope, findings: findings,
        componentsScanned: nil,
        source: source("gitleaks", feed: nil)))
  }

  static func rollout(
    _ outcome: RolloutReport.Outcome = .released, environment: String = "staging",
    application: String = "patient-portal", image: Digest? = Fixture.image.digests.first,
    finished: String = "2026-05-31T11:00:00Z"
  ) -> Self {
    let finished = Fixture.instant(finished)
    var piece = Self(
      .rollout, [Fixture.commit, Fixture.image],
      RolloutReport(
        environment: environment, application: application, version: "1.0.0",
        image: image ?? report, previousImage: nil, previousVersion: nil, strategy: "blue-green",
        outcome: outcome, reason: outcome == .released ? nil : "it was unhealthy",
        startedAt: finished, finishedAt: finished,
        requests: .init(served: 90, lost: 0, serverErrors: 0), events: [], translations: []))
    piece.time = finished
    return piece
  }

  private static func source(_ tool: String, feed: ReportSource.Feed?) -> ReportSource {
    ReportSource(tool: tool, toolVersion: "1", format: "f", report: report, feed: feed)
  }

  /// The same with one field of the predicate changed.
  func with(_ path: String..., as value: JSONValue) -> Self {
    var piece = self
    piece.predicate = Self.setting(predicate, path[...], value)
    return piece
  }

  /// The same at another time.
  func at(_ time: String) -> Self {
    var piece = self
    piece.time = Fixture.instant(time)
    return piece
  }

  private static func setting(
    _ value: JSONValue, _ path: ArraySlice<String>, _ new: JSONValue
  ) -> JSONValue {
    guard let name = path.first, case .object(var object) = value else { return new }
    object[name] = setting(object[name] ?? .object([:]), path.dropFirst(), new)
    return .object(object)
  }
}
