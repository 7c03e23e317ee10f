import Dossier
import Model

/// A release with everything that a page can show, good and bad.
enum Sample {
  static let names = [
    "p-ada": "Ada Ångström", "p-bo": "Bo Lindqvist", "p-chen": "Chen Wei",
    "m-runner": "Build runner",
  ]

  static func digest(_ seed: String) -> Digest { .sha256(Array(seed.utf8)) }

  static func time(_ minutes: Int64) -> Instant {
    Instant(milliseconds: 1_795_430_000_000 + minutes * 60_000)
  }

  static func entry(_ kind: EvidenceKind, _ index: Int64, by signer: String = "m-runner")
    -> EvidenceReference
  {
    EvidenceReference(
      kind: kind, index: index, envelope: digest("envelope \(index)"), signer: signer,
      time: time(index))
  }

  static let commit = Digest(.gitCommit, hex: "3f2a9c1d5b7e8f901234567890abcdef12345678")
  static let release = Release(
    application: "patient-portal", version: "1.4.0-3f2a9c1", origin: .built,
    commit: commit.map { Subject(name: "portal", digest: $0) },
    image: Subject(name: "localhost/patient-portal", digest: digest("manifest")),
    imageConfig: digest("config"))
  static let policy = PolicyReference(
    name: "hospital-release", version: "3", digest: digest("policy"))
  static let ledger = LedgerPosition(
    origin: "ledger.hospital.example", size: 1042, root: digest("root"))

  static func control(
    _ id: String, _ citation: String, _ title: String, _ state: ControlState,
    isRequired: Bool = true, evidence: [EvidenceReference] = [], earlier: [EvidenceReference] = []
  ) -> ControlResult {
    ControlResult(
      control: id, citation: citation, title: title, scope: "release", isRequired: isRequired,
      producer: "the pipeline", state: state,
      checks: [
        CheckResult(
          check: "\(id).check", state: state,
          reason: state == .met
            ? "All 48 tests passed on the release's commit." : "No evidence of this kind.",
          fix: state == .met ? nil : "Add a step that leaves it, and run again.",
          evidence: evidence, earlierFailures: earlier)
      ])
  }

  static func decision(
    _ environment: String, _ outcome: Decision.Outcome, bypasses: [Bypass] = []
  ) -> Decision {
    Decision(
      environment: environment, release: release, policy: policy, ledger: ledger, time: time(60),
      timeSource: "system clock", outcome: outcome, bypasses: bypasses,
      reasons: outcome == .allowed ? [] : ["One approval of security-officer is missing."],
      controls: [
        control(
          "hipaa.164.312.c.1", "45 CFR 164.312(c)(1)",
          "Health information is protected from improper alteration", .met,
          evidence: [entry(.sourceCheck, 4), entry(.testResult, 7)],
          earlier: [entry(.testResult, 3)]),
        control(
          "hipaa.164.308.a.5.ii.B", "45 CFR 164.308(a)(5)(ii)(B)",
          "Malicious software is guarded "
            + "against", .met, evidence: [entry(.vulnerabilityScan, 8)]),
        control(
          "hipaa.164.308.a.8", "45 CFR 164.308(a)(8)", "Changes are evaluated periodically",
          .needsPerson, isRequired: false),
        control(
          "hipaa.164.312.b", "45 CFR 164.312(b)", "Activity is recorded and examined", .missing,
          isRequired: false),
      ],
      approvals: [
        ApprovalResult(
          role: Role(rawValue: "release-manager"), required: 1,
          counted: [entry(.approval, 11, by: "p-bo")]),
        ApprovalResult(
          role: Role(rawValue: "security-officer"), required: 1,
          counted: outcome == .allowed ? [entry(.approval, 12, by: "p-chen")] : []),
      ],
      rejectedApprovals: [
        RejectedApproval(
          approval: entry(.approval, 10, by: "p-ada"), reason: "the author's own does not count")
      ], evidenceSet: [digest("envelope 7")])
  }

  static func approval(_ index: Int64, _ person: String, _ role: String) -> Recorded<Approval> {
    Recorded(
      Approval(
        verdict: .approved, application: "patient-portal", environment: "production",
        release: release.digests,
        policy: policy.digest, evidenceSet: [], person: person, role: Role(rawValue: role),
        reason: "Tests and scan reviewed; the change is small and was tried in staging.",
        time: time(index)), entry(.approval, index, by: person))
  }

  static func step(
    _ index: Int64, _ stage: String, _ name: String, _ outcome: StepReport.Outcome,
    isolation: StepReport.Isolation = .isolated, attempt: Int = 1
  ) -> Recorded<StepReport> {
    Recorded(
      StepReport(
        application: "patient-portal", run: "run-7", stage: stage, step: name,
        stepKey: digest(name),
        command: ["python3", "-m", "pytest", "tests/\(name)"], action: nil, executor: "container",
        executorImage: nil, isolation: isolation, outcome: outcome,
        exitCode: outcome == .passed ? 0 : 1, attempt: attempt, startedAt: time(index),
        finishedAt: time(index).advanced(byMilliseconds: 12_430), tools: [], variables: [],
        inputs: [], outputs: [], log: nil), entry(.step, index))
  }

  static func source(_ tool: String, _ format: String, feed: ReportSource.Feed? = nil)
    -> ReportSource
  {
    ReportSource(
      tool: tool, toolVersion: "1.2", format: format, report: digest("report \(format)"), feed: feed
    )
  }

  static func rollout(
    _ index: Int64, _ environment: String, _ outcome: RolloutReport.Outcome, lost: Int64 = 0
  ) -> Recorded<RolloutReport> {
    Recorded(
      RolloutReport(
        environment: environment, application: "patient-portal", version: release.version,
        image: digest("manifest"), previousImage: digest("before"), previousVersion: "1.3.9",
        strategy: "blue-green", outcome: outcome,
        reason: outcome == .released ? nil : "/readyz answered 503 three times.",
        startedAt: time(index), finishedAt: time(index).advanced(byMilliseconds: 83_000),
        requests: .init(served: 57_434, lost: lost, serverErrors: 0),
        events: [
          .init(time: time(index), message: "The new version is up and healthy."),
          .init(time: time(index + 1), message: "All requests go to the new version."),
        ], translations: []), entry(.rollout, index))
  }

  static var dossier: ReleaseDossier {
    var dossier = ReleaseDossier(
      organisation: "Example Hospital", madeAt: time(90),
      release: Recorded(release, entry(.release, 9)), ledger: ledger)
    dossier.decisions = [
      Recorded(decision("staging", .allowed), entry(.decision, 13)),
      Recorded(decision("production", .waiting), entry(.decision, 14)),
      Recorded(decision("production", .allowed), entry(.decision, 15)),
    ]
    dossier.approvals = [
      approval(10, "p-ada", "release-manager"), approval(11, "p-bo", "release-manager"),
      approval(12, "p-chen", "security-officer"),
    ]
    dossier.sources = [
      Recorded(
        SourceCheck(
          application: "patient-portal", run: "run-7", time: time(4), commit: commit?.hex ?? "",
          export: digest("export"), isSigned: true,
          reason: "The commit is signed with the key 1f0c9a2b7d3e of p-ada.", key: "k",
          signer: "p-ada", author: "p-ada", isCommitterMatched: true), entry(.sourceCheck, 4))
    ]
    dossier.steps = [
      step(2, "test", "unit", .failed), step(5, "test", "unit", .passed, attempt: 2),
      step(6, "test", "integration", .passed, isolation: .notIsolated),
      step(20, "test", "load", .skipped),
    ]
    dossier.tests = [
      Recorded(
        TestResult(
          application: "patient-portal", run: "run-7", time: time(3), suite: "unit",
          totals: TestTotals(passed: 47, failed: 1, errors: 0, skipped: 0),
          passedTests: [], failedTests: ["portal.patients.refuses strangers"],
          source: source("pytest", "junit")), entry(.testResult, 3)),
      Recorded(
        TestResult(
          application: "patient-portal", run: "run-7", time: time(3), suite: "unit",
          totals: TestTotals(passed: 48, failed: 0, errors: 0, skipped: 0),
          passedTests: [], failedTests: [], source: source("pytest", "junit")),
        entry(.testResult, 7)),
    ]
    let feed = ReportSource.Feed(
      name: "trivy-db", digest: digest("feed"), updatedAt: time(-600), isExample: true)
    dossier.scans = [
      Recorded(
        ScanResult(
          application: "patient-portal", run: "run-7", time: time(8), scope: "vulnerability",
          findings: [
            Finding(
              rule: "CVE-2099-0004", severity: .high, title: "planted jinja2 fault",
              cvssTenths: 75, package: "pkg:pypi/jinja2@2.10", fixedVersion: "3.1.6"),
            Finding(
              rule: "CVE-2099-0002", severity: .unknown, title: "planted zlib fault",
              package: "zlib@1.2", file: "usr/lib/libz.so.1"),
          ], componentsScanned: 214, source: source("trivy", "trivy", feed: feed)),
        entry(.vulnerabilityScan, 8))
    ]
    dossier.inventories = [
      Recorded(
        InventoryResult(
          application: "patient-portal", run: "run-7", time: time(16),
          components: [Component(name: "jinja2", version: "2.10", packageURL: nil)],
          source: source("trivy", "cyclonedx")), entry(.inventory, 16))
    ]
    dossier.rollouts = [
      rollout(17, "staging", .released), rollout(18, "production", .rolledBack, lost: 3),
      rollout(19, "production", .released),
    ]
    dossier.running = [
      RunningImage(
        environment: "production", imageConfig: digest("config"), observedAt: time(89))
    ]
    dossier.receipts = dossier.entries.map {
      EntryReceipt(
        index: $0.index,
        text: "c2sp.org/tlog-proof@v1\nindex \($0.index)\n\nledger.hospital.example\n1042\n")
    }
    dossier.notes = ["The test portal.patients.retries passed only after it had failed."]
    dossier.limits = ["Whether the restore drill of this month was adequate."]
    return dossier
  }

  static func page(_ dossier: ReleaseDossier = dossier) -> String {
    ReleaseReport(dossier) { names[$0] }.html()
  }
}
