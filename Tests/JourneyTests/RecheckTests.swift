import Attestation
import Foundation
import Ledger
import LedgerSQLite
import Model
import TestKit
import Testing

@testable import Journey

/// What runs, judged by today's feeds, with a ledger below it.
@Suite("Rechecking")
struct RecheckTests {
  static let start = Instant("2026-06-01T08:00:00Z") ?? Instant(milliseconds: 0)
  static let inventory =
    #"{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[{"type":"library","name":"jinja2","version":"3.1.2","purl":"pkg:pypi/jinja2@3.1.2"}]}"#

  static func advisory(_ id: String, _ fixed: String, severity: String = "CRITICAL") -> String {
    #"{"id":"\#(id)","modified":"2026-06-02T00:00:00Z","published":"2026-05-30T00:00:00Z","database_specific":{"severity":"\#(severity)"},"affected":[{"package":{"ecosystem":"PyPI","name":"jinja2"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"\#(fixed)"}]}]}]}"#
  }

  static func time(_ day: Int64) -> TimeSource {
    .fixed(start.advanced(byMilliseconds: day * 86_400_000))
  }

  private struct Setting {
    let folder: TemporaryFolder
    let home: LedgerHome
    let release = SmallLedger.release(1)
    let key = PrivateKey.generate()

    static func write(_ text: String, to path: String) throws {
      try FileManager.default.createDirectory(
        atPath: PathText.parent(of: path), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    init() async throws {
      folder = try TemporaryFolder()
      try Self.write(key.publicKey.pem, to: folder.file("sec.pub"))
      try Self.write(PrivateKey.generate().publicKey.pem, to: folder.file("dev.pub"))
      try Self.write(
        """
        catalog: small
        version: "1"
        framework: what the tests ask
        controls:
          - {id: scanned, citation: S 1, title: scan, scope: release, automation: evidence, producer: p, text-checked: true, checks: [{id: a, kind: vulnerability-scan, subject: image, series: evidence.source.tool, each: 'findings(evidence, "high") == 0', unmet: '{findingNames(evidence, "high")}', fix: mend it}]}
        """, to: folder.file("catalog.yaml"))
      try Self.write(
        """
        policy: small
        version: "1"
        catalogs: [catalog.yaml]
        environments:
          production: {required: [scanned], vex: {roles: [security-official], maximum-days: 30}}
        """, to: folder.file("policy.yaml"))
      try Self.write(
        """
        organisation: small
        people:
          - {id: dev, name: D, emails: [], roles: [developer], keys: [dev.pub]}
          - {id: sec, name: S, emails: [], roles: [security-official], keys: [sec.pub]}
        machine: {id: runner, on-behalf-of: dev, roles: [pipeline]}
        changes: [{role: security-official}]
        policy: policy.yaml
        """, to: folder.file("trust.yaml"))
      home = try await LedgerHome.initialise(
        at: folder.file("ledger"), from: TrustFile.read(path: folder.file("trust.yaml")),
        time: RecheckTests.start)
      try await record()
    }

    private func record() async throws {
      let recorder = try await home.recorder(role: .pipeline, time: .fixed(start))
      let report = try await home.blobs.put(Array(RecheckTests.inventory.utf8))
      let source = ReportSource(
        tool: "trivy", toolVersion: "1", format: "cyclonedx", report: report,
        feed: .init(name: "db", digest: .sha256([1]), updatedAt: start, isExample: false))
      let check = SourceCheck(
        application: release.application, run: "run-1", time: start,
        commit: String(repeating: "1", count: 40), export: .sha256([]), isSigned: true,
        reason: "signed", key: nil, signer: "dev", author: "dev", isCommitterMatched: true,
        changes: [])
      _ = try await recorder.record([
        Evidence(
          kind: .sourceCheck, subjects: [release.commit].compactMap(\.self), predicate: check),
        Evidence(kind: .release, subjects: release.subjects, predicate: release),
        Evidence(
          kind: .inventory, subjects: [release.image],
          predicate: InventoryResult(
            application: release.application, run: "run-1", time: start, components: [],
            source: source)),
        Evidence(
          kind: .vulnerabilityScan, subjects: [release.image],
          predicate: ScanResult(
            application: release.application, run: "run-1", time: start, scope: "vulnerability",
            findings: [], componentsScanned: 1, source: source)),
        Evidence(
          kind: .rollout, subjects: [release.image], predicate: SmallLedger.rollout(1)),
      ])
    }

    private var start: Instant { RecheckTests.start }

    func recheck(
      _ advisories: String..., on day: Int64, isRecorded: Bool = true
    ) async throws -> [Recheck] {
      try? FileManager.default.removeItem(atPath: folder.file("feed"))
      for (place, text) in advisories.enumerated() {
        try Self.write(text, to: folder.file("feed/osv/\(place).json"))
      }
      return try await home.recheck(
        feed: folder.file("feed"), maximumAgeDays: 7, accepted: [], isRecorded: isRecorded,
        time: RecheckTests.time(day))
    }
  }

  @Test(
    "what was clean when it was built is found by today's feed, recorded, and excused by a word")
  func newlyFailing() async throws {
    let setting = try await Setting()
    let clean = try await setting.recheck(
      Self.advisory("CVE-2099-0001", "3.0.0"), on: 2, isRecorded: false)
    #expect(clean.map(\.result?.outcome) == [.passing] && clean.first?.entry == nil)

    let first = try #require(
      try await setting.recheck(Self.advisory("CVE-2099-0001", "3.1.3"), on: 3).first)
    let result = try #require(first.result)
    #expect(first.environment == "production" && first.version == "1.0")
    #expect(result.outcome == .newlyFailing && result.newlyFailing == ["scanned"])
    let finding = try #require(result.newFindings.first)
    #expect(finding.rule == "CVE-2099-0001" && finding.fixedVersion == "3.1.3")
    #expect(finding.firstSeen == Self.time(3).now() && finding.fixSeen == Self.time(3).now())
    #expect(finding.published == Instant("2026-05-30T00:00:00Z"))
    let entry = try #require(first.entry)
    let size = try await setting.home.ledger.read { try $0.size() }
    #expect(entry.kind == .recheck && entry.index == size - 1)

    // The next day it is known; since when, the ledger says.
    let second = try await setting.recheck(Self.advisory("CVE-2099-0001", "3.1.3"), on: 4)
    #expect(second.first?.result?.newFindings == [])
    #expect(second.first?.result?.findings.first?.fixSeen == Self.time(3).now())

    let word = try await setting.home.state(
      VEXWish(
        vulnerability: "CVE-2099-0001", packages: ["pkg:pypi/jinja2"],
        justification: "vulnerable_code_not_present", application: "portal",
        environment: "production", reason: "it is not shipped", days: 14),
      by: ActingPerson(signer: setting.key.signer, role: nil), time: Self.time(4))
    #expect(word.value.person == "sec")
    let excused = try await setting.recheck(Self.advisory("CVE-2099-0001", "3.1.3"), on: 5)
    #expect(excused.first?.result?.outcome == .passing)
    #expect(excused.first?.result?.findings.count == 1)
    // When the word is over, it fails again.
    var late = Self.advisory("CVE-2099-0001", "3.1.3")
    late = late.replacing("2026-06-02", with: "2026-06-20")
    #expect(try await setting.recheck(late, on: 20).first?.result?.outcome == .newlyFailing)
  }

  @Test("an old feed, a missing one and one that says nothing of what is there are never clean")
  func neverClean() async throws {
    let setting = try await Setting()
    let size = try await setting.home.ledger.read { try $0.size() }
    await #expect(throws: Problem.self) {
      try await setting.recheck(Self.advisory("CVE-2099-0001", "3.0.0"), on: 30)
    }
    await #expect(throws: Problem.self) { try await setting.recheck(on: 2) }
    let other = Self.advisory("CVE-2099-0001", "3.0.0").replacing("PyPI", with: "npm")
    let recheck = try #require(try await setting.recheck(other, on: 2).first)
    #expect(recheck.result == nil && !recheck.isPassing)
    #expect(recheck.problem?.contains("says nothing of PyPI") == true)
    #expect(try await setting.home.ledger.read { try $0.size() } == size)
  }

  @Test("what was taken down is not judged")
  func takenDown() async throws {
    let setting = try await Setting()
    let recorder = try await setting.home.recorder(role: .pipeline, time: .fixed(Self.start))
    _ = try await recorder.record([
      Evidence(
        kind: .rollout, subjects: [setting.release.image],
        predicate: SmallLedger.rollout(1, .takenDown))
    ])
    #expect(
      try await setting.recheck(Self.advisory("CVE-2099-0001", "3.1.3"), on: 2).isEmpty)
  }
}
