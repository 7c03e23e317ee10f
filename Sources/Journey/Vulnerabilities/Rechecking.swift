import Attestation
import Compliance
import Intake
import Ledger
public import Model
import Reading

/// What today's feeds say of one release that runs.
public struct Recheck: Sendable, Encodable {
  /// The application's name.
  public let application: String
  /// The environment in which it runs.
  public let environment: String
  /// Its version.
  public let version: String
  /// Since when it runs.
  public let since: Instant
  /// What was found; `nil` where it could not be judged.
  public let result: RecheckResult?
  /// Why it could not be judged: then nothing is known, and nothing is clean.
  public let problem: String?
  /// Where it was recorded; `nil` where it was not.
  public var entry: RecordedEvidence?

  /// Whether it passes, as far as anybody can tell.
  public var isPassing: Bool { result?.outcome == .passing }
}

extension LedgerHome {
  /// Judges every release that runs by today's feeds and its recorded inventory, without building
  /// anything, and records what it comes to.
  ///
  /// - Parameters:
  ///   - feed: folder with `osv`, and `known-exploited.json` and `epss.csv` where they are there.
  ///   - accepted: what may stay unchecked, by the matcher's words.
  ///   - isRecorded: `false` to record nothing.
  /// - Throws: `Problem` where the feed is missing, unreadable or older than allowed.
  public func recheck(
    feed folder: String, maximumAgeDays: Int, accepted: Set<String>, isRecorded: Bool,
    time: TimeSource, progress: (String) -> Void = { _ in }
  ) async throws -> [Recheck] {
    let now = time.now()
    let matching = try VulnerabilityMatching(
      feed: "\(folder)/osv", maximumAgeDays: maximumAgeDays, accepted: accepted, at: now)
    let exploits = try ExploitFeeds(folder: folder)
    // Without its key nothing starts.
    let recorder = isRecorded ? try await self.recorder(role: .pipeline, time: time) : nil
    var rechecks: [Recheck] = []
    for serving in try await servingReleases() {
      progress("\(serving.application) \(serving.release.version) in \(serving.environment)")
      var recheck: Recheck
      do {
        recheck = Recheck(
          serving,
          result: try await result(serving, matching, exploits, at: now, source: time.name))
      } catch let problem as Problem {
        recheck = Recheck(serving, problem: problem.message)
      }
      if let recorder, let result = recheck.result {
        recheck.entry = try await recorder.record(
          Evidence(kind: .recheck, subjects: [serving.release.image], predicate: result))
      }
      rechecks.append(recheck)
    }
    if isRecorded { await keepHighest() }
    return rechecks
  }

  private func result(
    _ serving: ServingRelease, _ matching: VulnerabilityMatching, _ exploits: ExploitFeeds,
    at now: Instant, source: String
  ) async throws -> RecheckResult {
    let release = serving.release
    let collected = try await evidence(on: release)
    let (inventory, bytes) = try await inventory(of: release, collected)
    let report = try matching.match(billOfMaterials: bytes, of: "inventory \(inventory.short)")
    let digest = try await keep(report: report.bytes(), at: "matches.json")
    let scan = try await enriched(
      report.scan(
        application: release.application, run: "recheck-\(now.milliseconds / 1000)", time: now,
        report: digest), exploits: exploits)
    let input = try await gateInput(
      release, serving.environment, collected, time: now, source: source)
    let before = try Gate.decide(input)
    let after = try Gate.decide(input.with(scan, of: release))
    func failing(_ decision: Decision) -> Set<String> {
      Set(decision.controls.filter { $0.isRequired && $0.state == .notMet }.map(\.control))
    }
    for decision in [before, after] where decision.outcome == .error {
      throw Problem(.judgingFailed, decision.reasons.first ?? "the gate could not judge")
    }
    // Only what looks at the scan can fail by it.
    let looking = Set(
      after.controls.filter { control in
        control.checks.contains { $0.evidence.contains { $0.index == collected.position.size } }
      }.map(\.control))
    let new = failing(after).subtracting(failing(before))
    let known = Self.known(collected)
    return RecheckResult(
      scan: scan, environment: serving.environment, version: release.version,
      image: release.image.digests[0], inventory: inventory,
      outcome: !new.isEmpty
        ? .newlyFailing : failing(after).isDisjoint(with: looking) ? .passing : .failing,
      newlyFailing: Array(new),
      newFindings: report.findings.compactMap { finding in
        guard !known.contains(finding.vulnerabilityOfPackage) else { return nil }
        return scan.findings.first { $0 == finding || $0.fingerprint == finding.fingerprint }
          ?? finding
      })
  }

  /// The latest bill of materials of the image that was admitted, and its bytes.
  private func inventory(
    of release: Release, _ collected: CollectedEvidence
  ) async throws -> (digest: Digest, bytes: [UInt8]) {
    let pieces = collected.evidence.filter { piece in
      piece.kind == .inventory && piece.statement.subjects.contains(where: release.image.isSame)
    }
    let results = pieces.sorted { $0.index < $1.index }
      .compactMap { try? $0.statement.predicate(as: InventoryResult.self) }
    guard let latest = results.last(where: { $0.source.format == "cyclonedx" }) else {
      throw Problem(
        .notFound, "no bill of materials of it was recorded that can be matched",
        advice: "The steps image/scan and image/match record one.")
    }
    guard let bytes = try await blobs.get(latest.source.report) else {
      throw Problem(.notFound, "its bill of materials \(latest.source.report) is gone")
    }
    return (latest.source.report, bytes)
  }

  /// What earlier scans and rechecks of the image named.
  private static func known(_ collected: CollectedEvidence) -> Set<[String]> {
    let scans = collected.evidence.filter { $0.kind == .vulnerabilityScan }
      .compactMap { try? $0.statement.predicate(as: ScanResult.self) }.flatMap(\.findings)
    let rechecks = collected.evidence.filter { $0.kind == .recheck }
      .compactMap { try? $0.statement.predicate(as: RecheckResult.self) }.flatMap(\.findings)
    return Set((scans + rechecks).map(\.vulnerabilityOfPackage))
  }
}

extension Recheck {
  init(_ serving: ServingRelease, result: RecheckResult? = nil, problem: String? = nil) {
    application = serving.application
    environment = serving.environment
    version = serving.release.version
    since = serving.since
    self.result = result
    self.problem = problem
  }
}

extension Gate.Input {
  /// The same question as if a scan had been recorded now; what it answers is never recorded.
  fileprivate func with(_ scan: ScanResult, of release: Release) throws -> Gate.Input {
    let statement = try Statement(
      Evidence(kind: .vulnerabilityScan, subjects: [release.image], predicate: scan))
    let piece = AdmittedEvidence(
      statement: statement, kind: .vulnerabilityScan, signer: VulnerabilityMatching.tool,
      index: position.size, envelope: .sha256(try statement.json()), time: time)
    return Gate.Input(
      release: self.release, environment: environment, bundle: bundle,
      evidence: evidence + [piece], refused: refused, trust: trust, live: live, calendar: calendar,
      position: LedgerPosition(
        origin: position.origin, size: position.size + 1, root: position.root),
      time: time, timeSource: timeSource)
  }
}
