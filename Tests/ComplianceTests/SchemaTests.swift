import Attestation
import Compliance
import Foundation
import Model
import Reading
import TestKit
import Testing

/// The schemas under `schemas/` say what the program writes and takes.
@Suite("Schemas")
struct SchemaTests {
  static let digest = Digest.sha256([1])
  static let now = Fixture.instant("2026-06-01T12:00:00Z")

  private func check(_ kind: EvidenceKind, _ value: JSONValue) throws {
    let schema = try SchemaCheck("evidence/\(kind.rawValue)")
    #expect(try schema.faults(value) == [], "\(kind.rawValue)")
    #expect(schema.unnamed(value) == [], "\(kind.rawValue)")
  }

  @Test("evidence of a good release is as its schemas say")
  func goodRelease() throws {
    for piece in try Fixture.approved().evidence() {
      try check(piece.kind, piece.statement.predicate)
    }
  }

  @Test("evidence with everything that may be left out is as its schemas say")
  func fullRelease() throws {
    let finding = Finding(
      rule: "CVE-1", severity: .high, title: "t", cvssTenths: 98, package: "p", fixedVersion: "2",
      file: "f", line: 1)
    try check(.vulnerabilityScan, Fixture.Piece.scan([finding]).predicate)
    var full = finding
    full.cvssVector = "CVSS:3.1/AV:N"
    full.aliases = ["GHSA-1"]
    full.weaknesses = ["CWE-79"]
    full.firstSeen = Self.now
    full.fingerprint = Fingerprint(of: ["a"])
    full.sources = ["a", "b"]
    full.published = Self.now
    full.fixSeen = Self.now
    full.knownExploited = Self.now
    full.exploitScore = 9731
    full.origin = .base
    let source = ReportSource(
      tool: "t", toolVersion: "1", format: "grype", report: Self.digest, feed: Fixture.Piece.feed)
    var scan = ScanResult(
      application: "a", run: "r", time: Self.now, scope: "web", findings: [full],
      componentsScanned: 1, source: source,
      checks: TestTotals(passed: 1, failed: 1, errors: 0, skipped: 0))
    scan.comparedWith = [Fixture.Piece.feed]
    for kind in [EvidenceKind.vulnerabilityScan, .staticAnalysis] {
      try check(kind, JSONValue(encoding: scan))
    }
    try check(
      .recheck,
      JSONValue(
        encoding: RecheckResult(
          scan: scan, environment: "production", version: "1", image: Self.digest,
          inventory: Self.digest, outcome: .newlyFailing, newlyFailing: ["a"],
          newFindings: [full])))
    let vex = VEXWord(
      stating: "v", application: "a", release: [Self.digest],
      statement: VEXStatement(
        vulnerability: "CVE-1", aliases: ["GHSA-1"], products: ["p"], status: .notAffected,
        justification: "j", statement: "s", author: "w", timestamp: Self.now),
      document: Self.digest, reason: "r", expires: Self.now, person: "p",
      role: Role(rawValue: "r"), time: Self.now)
    try check(.vex, JSONValue(encoding: vex))
    try check(
      .vex,
      JSONValue(
        encoding: VEXWord(
          withdrawing: vex, reason: "r", person: "p", role: Role(rawValue: "r"), time: Self.now)))
    let share = CoverageTotals.Share(covered: 1, total: 2)
    try check(
      .coverage,
      JSONValue(
        encoding: CoverageResult(
          application: "a", run: "r", time: Self.now, suite: "unit",
          totals: CoverageTotals(lines: share, branches: share, functions: share, files: 1),
          source: source)))
    try check(
      .exploitability,
      JSONValue(
        encoding: ExploitabilityResult(
          application: "a", run: "r", time: Self.now,
          statements: [
            VEXStatement(
              vulnerability: "CVE-1", aliases: ["GHSA-1"], products: ["p"], status: .notAffected,
              justification: "j", statement: "s", author: "w", timestamp: Self.now)
          ], source: source)))
    try check(
      .infrastructurePlan,
      JSONValue(
        encoding: InfrastructurePlan(
          application: "a", run: "r", time: Self.now,
          changes: [.init(address: "a.b", action: .replace), .init(address: "c", action: .none)],
          source: source)))
    try check(.rollout, Fixture.Piece.rollout(.rolledBack).predicate)
    try check(
      .rollout,
      JSONValue(
        encoding: RolloutReport(
          environment: "e", application: "a", version: "1", image: Self.digest,
          previousImage: Self.digest, previousVersion: "0", strategy: "s", outcome: .takenDown,
          reason: "why", startedAt: Self.now, finishedAt: Self.now,
          requests: .init(served: 0, lost: 0, serverErrors: 0),
          events: [.init(time: Self.now, message: "m")], translations: ["t"],
          environmentFile: Self.digest, request: .init(person: "ada", isSigned: true))))
    try check(
      .testResult,
      JSONValue(
        encoding: TestResult(
          application: "a", run: "r", time: Self.now, suite: "s",
          totals: TestTotals(passed: 1, failed: 0, errors: 0, skipped: 0), passedTests: ["t"],
          failedTests: [],
          source: ReportSource(
            tool: "t", toolVersion: "1", format: "junit", report: Self.digest,
            feed: Fixture.Piece.feed,
            rules: .init(name: "n", digest: Self.digest, updatedAt: Self.now)))))
    let excused = PHIScanResult.Excused(
      path: "p", kind: "name", count: 1, reason: "r", owner: "o", expires: "2027-01-01")
    try check(
      .phiScan,
      JSONValue(
        encoding: PHIScanResult(
          application: "a", run: "r", time: Self.now, scope: "image", paths: [""],
          setting: "auto",
          recognisers: .init(version: "1", lists: Self.digest, listsMade: "2026-11", measured: "m"),
          files: 1, bytes: 1, count: 1, totals: [.init(kind: "name", count: 1)],
          findings: [
            .init(
              file: "f", place: "/a", line: 1, column: 1, kind: "name", rule: "r", confidence: 1)
          ], excused: [excused], expired: [excused], unread: [.init(file: "f", reason: "r")])))
    try check(
      .phiSpill,
      JSONValue(
        encoding: SpillReport(
          spill: "s", state: "held", kinds: ["name"], values: 1, reason: "r", entries: [1],
          contents: 1, files: 1, images: 1, runs: ["r"], since: Self.now, erasures: [2],
          held: ["h"], unread: 0, person: "ana", role: .pipeline, time: Self.now)))
    let file = StepReport.File(path: "a", digest: Self.digest, bytes: 1)
    var claims = Surroundings.Claims()
    claims.actor = "a"
    claims.run = "1"
    claims.attempt = "1"
    claims.job = "j"
    claims.workflow = "w"
    claims.repository = "r"
    claims.ref = "r"
    claims.commit = String(repeating: "a", count: 40)
    claims.event = "push"
    claims.url = "https://ci.example.org/1"
    claims.runner = "n"
    let surroundings = Surroundings(
      platform: .jenkins, claims: claims, contradictions: ["c"], changedFiles: 1)
    try check(
      .importedAttestation,
      JSONValue(
        encoding: ImportedAttestation(
          application: "a", run: "r", time: Self.now, form: "witness", predicateType: "p:t",
          signers: [
            .init(
              signer: "s", sort: .certificate, key: Self.digest, identity: "i", issuer: "o",
              claims: ["a": "b"])
          ], signedBy: Self.now, timeSource: "t", verified: ["v"], unverified: ["u"],
          facts: ["a": "b"], policy: Self.digest, attestation: Self.digest,
          statement: Self.digest)))
    try check(
      .step,
      JSONValue(
        encoding: StepReport(
          application: "a", run: "r", stage: "s", step: "t", environment: "e",
          stepKey: Self.digest, command: ["a"], action: "gate", executor: "container",
          executorImage: "sha256:1", isolation: .isolated, outcome: .timedOut, reason: "why",
          exitCode: -9, attempt: 1, startedAt: Self.now, finishedAt: Self.now,
          tools: [.init(name: "n", version: "1")], variables: ["PATH"], inputs: [file],
          outputs: [file], log: file, surroundings: surroundings,
          replaced: [.init(kind: "name", count: 1)])))
    try check(
      .intent,
      JSONValue(
        encoding: Intent(
          application: "a", run: "r", stage: "s", step: "t", environment: "e",
          stepKey: Self.digest, effect: "e", time: Self.now)))
    try check(
      .run,
      JSONValue(
        encoding: RunReport(
          run: "r", application: "a", state: .failed, definition: Self.digest, time: Self.now,
          reason: "why")))
    let key = TrustRoot.Key(
      id: Self.digest, algorithm: "ed25519", publicKey: "AA==", holder: "ada", kinds: [.approval],
      applications: ["a"], environments: ["e"], validFrom: Self.now, validTo: Self.now)
    let root = TrustRoot(
      organisation: "o", version: 1,
      people: [
        Fixture.ada,
        .init(
          id: "sol", roles: [Fixture.official], employer: "agency", sponsor: "ada",
          start: Self.now, end: Self.now),
      ], machines: [], keys: [key], changeApproval: [.init(role: Fixture.official, count: 1)],
      policies: [.init(name: "p", version: "1", digest: Self.digest)],
      applicationPolicies: [.init(application: "portal", policy: Self.digest)],
      recovery: .init(threshold: 1, keys: ["AA=="]), foreignSigners: Self.digest)
    try check(.trustRoot, JSONValue(encoding: root))
    let approval = Approval(
      verdict: .approved, application: "a", environment: "e", release: [Self.digest],
      policy: Self.digest, evidenceSet: [Self.digest], person: "sol", role: Fixture.official,
      meaning: "reviewed", reason: "why", time: Self.now)
    try check(.approval, JSONValue(encoding: approval))
  }

  @Test("what a ledger says of itself is as its schemas say")
  func ledgerEvents() throws {
    try check(
      .recoveryEpoch,
      JSONValue(
        encoding: RecoveryEpoch(
          number: 1, previousOrigin: "o", origin: "o/epoch-1", size: 3, root: Self.digest,
          lostUntil: 5, highest: "note", asked: ["w"], reason: "why")))
    try check(
      .reorganisation,
      JSONValue(
        encoding: Reorganisation(
          kind: .merge, from: ["a", "b"], to: ["c"],
          predecessors: [.init(key: "k", checkpoint: "n")], effective: Self.now, reason: "why")))
  }

  @Test("erasures, requests and holds are as their schemas say")
  func retention() throws {
    let entry = Erasure.Entry(
      index: 5, kind: .step, envelope: Self.digest, contents: [Self.digest])
    let official = Role(rawValue: "official")
    let erasure = Erasure(
      entries: [entry], basis: .request, reason: "why", requestedBy: "request-3", person: "ada",
      role: official, time: Self.now)
    try check(.erasure, JSONValue(encoding: erasure))
    let request = ErasureRequest(
      entries: [entry], holds: ["case-7"], basis: .spill, reason: "why", requestedBy: "request-3",
      person: "ada", role: official, time: Self.now)
    try check(.erasureRequest, JSONValue(encoding: request))
    var scope = LegalHold.Scope()
    scope.applications = ["portal"]
    scope.environments = ["production"]
    scope.subjects = [Self.digest]
    scope.kinds = [.step]
    scope.actors = ["runner"]
    scope.from = Self.now
    scope.to = Self.now
    for scope in [scope, LegalHold.Scope(), nil] {
      let hold = LegalHold(
        action: scope == nil ? .lifted : .placed, hold: "case-7", matter: "m", scope: scope,
        reason: "why", person: "ada", role: official, time: Self.now)
      try check(.legalHold, JSONValue(encoding: hold))
    }
  }

  @Test("decisions, allowed and refused, are as their schema says")
  func decisions() throws {
    var refused = try Fixture.approved()
    refused.pieces.append(.tests(failed: ["x"]))
    refused.refused = [
      .init(index: 2, kind: .testResult, reason: "why"),
      .init(index: 90, kind: .step, reason: "why"),
    ]
    let before = Fixture.digest(.gitCommit, String(repeating: "b", count: 40))
    var next = Fixture()
    next.live = LiveRelease(version: "0.9.0", commit: before)
    next.replace(.source(changes: [Fixture.Piece.changes(since: before)]))
    for fixture in [Fixture(), try Fixture.approved(), refused, next] {
      let summary = VerificationSummary(try fixture.decide(), verifier: "urn:pratique:gate")
      try check(.decision, JSONValue(encoding: summary))
    }
  }

  @Test("a schema that says nothing would pass everything: each refuses what is not it")
  func refusals() throws {
    let folder = Repository.root.appending(path: "schemas/evidence").path
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(Set(names) == Set(EvidenceKind.all.map { "\($0.rawValue).json" }))
    for name in names {
      let schema = try SchemaCheck("evidence/\(name.replacing(".json", with: ""))")
      #expect(try !schema.faults(.object(JSONObject())).isEmpty, "\(name)")
      #expect(try !schema.faults(.string("")).isEmpty, "\(name)")
    }
    let scan = Fixture.Piece.scan().with("totals", "high", as: .integer(-1)).predicate
    #expect(try !SchemaCheck("evidence/vulnerability-scan").faults(scan).isEmpty)
  }

  @Test("shipped catalogs and the example's policy are as their schemas say")
  func shipped() throws {
    for name in try ShippedCatalogTests.names() {
      let url = Repository.root.appending(path: "catalogs/\(name)")
      let value = try YAMLReader.read(Array(Data(contentsOf: url))).json
      #expect(try SchemaCheck("catalog").faults(value) == [])
    }
    let url = Repository.root.appending(path: ShippedCatalogTests.policyPath)
    let value = try YAMLReader.read(Array(Data(contentsOf: url))).json
    #expect(try SchemaCheck("policy").faults(value) == [])
    #expect(
      try SchemaCheck("catalog").faults(YAMLReader.read(Array(Fixture.catalogText.utf8)).json)
        == [])
    #expect(
      try SchemaCheck("policy").faults(YAMLReader.read(Array(Fixture.policyText.utf8)).json) == [])
  }

  @Test(
    "what the reader of catalogs refuses, its schema refuses",
    arguments: [
      ("id: signed\n", "id: Signed\n"), ("scope: release", "scope: releases"),
      ("automation: evidence\n", "automation: full\n"), ("kind: source-check", "kind: Source"),
      ("fix: sign it", "fox: it"), ("maximum-age-days: 30", "maximum-age-days: 0"),
      ("        kind: source-check\n", ""), ("otherwise: stale", "otherwise: late"),
      ("producer: p\n", "produced: p\n"), ("catalog: fixture", "name: fixture"),
      ("unmet: '{evidence.reason}'", "unless: a"), ("minimum: 2", "minimum: 2.5"),
    ])
  func catalogRefusals(old: String, new: String) throws {
    let text = Fixture.catalogText.replacing(old, with: new)
    #expect(throws: Problem.self) { try Catalog.read(Array(text.utf8), file: "c") }
    #expect(
      try !SchemaCheck("catalog").faults(YAMLReader.read(Array(text.utf8)).json).isEmpty)
  }

  @Test(
    "what the reader of policies refuses, its schema refuses",
    arguments: [
      ("required: [signed]", "shown: [signed]"), ("count: 1", "count: 0"), ("shown:", "showed:"),
      ("policy: fixture", "name: fixture"), ("feeds: false", "feeds: sometimes"),
      ("required: [signed]", "required: every"),
      ("accept-example", "parameters: [a]\naccept-example"),
      ("role: clinical-lead", "role: \"\""),
      ("role: clinical-lead", "meaning: \" \", role: clinical-lead"),
      ("role: clinical-lead", "maximum-age-days: 0, role: clinical-lead"),
      ("accept-example", "retention: {years: 0}\naccept-example"),
      ("accept-example", "retention: {months: 3}\naccept-example"),
      ("accept-example", "retention: {kinds: {trust-root: {years: 1}}}\naccept-example"),
      ("accept-example", "retention: {kinds: {stop: {years: 1}}}\naccept-example"),
      ("accept-example", "retention: {kinds: {step: {years: 1, days: 1}}}\naccept-example"),
      ("accept-example", "retention: {kinds: {step: {}}}\naccept-example"),
    ])
  func policyRefusals(old: String, new: String) throws {
    let text = Fixture.policyText.replacing(old, with: new)
    #expect(throws: Problem.self) { try Policy.read(Array(text.utf8), file: "p") }
    #expect(try !SchemaCheck("policy").faults(YAMLReader.read(Array(text.utf8)).json).isEmpty)
  }
}
