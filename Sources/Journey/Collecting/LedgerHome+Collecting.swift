import Blobs
import Foundation
import Intake
public import Model

/// What was recorded of reports.
public struct CollectedReports: Sendable, Encodable {
  /// One report and its entries.
  public struct Report: Sendable, Encodable {
    /// The report's path.
    public let file: String
    /// Its format.
    public let format: String
    /// SHA-256 of its bytes, which lie in the blob store.
    public let digest: Digest
    /// The entries, in the order of what it holds.
    public let entries: [RecordedEvidence]
    /// What a person should know beside the totals.
    public let notes: [String]
  }

  /// Id under which they were recorded.
  public let run: String
  /// What they were recorded for.
  public let subjects: [Subject]
  /// The reports, in the order given.
  public let reports: [Report]
  /// Findings of all reports.
  public let findings: Int
  /// How many of them are different: what several tools report counts once.
  public let distinctFindings: Int
}

extension LedgerHome {
  /// Reads reports and records what they say, signed with the machine's key: all of it or nothing.
  ///
  /// - Parameters:
  ///   - application: the application that they belong to.
  ///   - run: the run that they belong to; without one an id of their own is made.
  /// - Throws: `Problem` when one of them is refused, or cannot become evidence.
  public func collect(
    _ paths: [String], application: String, run: String?, options: CollectingOptions,
    time: TimeSource
  ) async throws -> CollectedReports {
    guard !options.subjects.isEmpty else {
      throw Problem(
        .badInput, "evidence needs a subject",
        advice: "Name one with --release, --commit or --subject.")
    }
    for (what, name) in [("an application's name", application), ("a run's id", run ?? "run")]
    where !Actor.isIdentifier(name) {
      throw Problem(.badInput, "\"\(name)\" is not \(what)")
    }
    // Without its key nothing starts.
    let recorder = try await recorder(role: .pipeline, time: time)
    let now = time.now()
    let run = run ?? RunJourney.newID(now)
    var evidence: [Evidence] = []
    var read: [(path: String, report: IntakeReport, count: Int)] = []
    for path in paths {
      let report = try ReportCollecting.read(path, options).report
      let step = try ReportCollecting.step(
        of: report, path, application: application, run: run, time: now)
      let pieces = ReportCollecting.pieces(of: report, options)
      guard !pieces.isEmpty else {
        throw Problem(
          .badInput, "a \(report.format.rawValue) report says nothing that could be recorded",
          at: path, advice: "See what it is: pratique collect --explain \(path)")
      }
      do {
        evidence += try pieces.map {
          Evidence(
            kind: $0.kind, subjects: options.subjects,
            predicate: try $0.predicate(of: report, step))
        }
      } catch let problem as Problem {
        throw Problem(
          problem.code, problem.message, at: problem.location ?? path, advice: problem.advice)
      }
      read.append((path, report, pieces.count))
    }
    for (path, report, _) in read { try await keep(path, report.digest) }
    var entries = try await recorder.record(evidence)[...]
    await keepHighest()
    let reports = read.map { path, report, count in
      defer { entries = entries.dropFirst(count) }
      return CollectedReports.Report(
        file: path, format: report.format.rawValue, digest: report.digest,
        entries: Array(entries.prefix(count)), notes: report.notes)
    }
    let found = read.compactMap { _, report, _ in
      report.findingReport.map { findings in
        (
          tool: report.tools.map(\.name).joined(separator: ", "),
          findings: findings.rows.map(\.finding)
        )
      }
    }
    return CollectedReports(
      run: run, subjects: options.subjects, reports: reports,
      findings: found.reduce(0) { $0 + $1.findings.count },
      distinctFindings: FindingMerging.merge(found).count)
  }

  /// Keeps a report's bytes, which must be those that were read.
  private func keep(_ path: String, _ digest: Digest) async throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    guard bytes.count <= 256 << 20 else {
      throw Problem(
        .badInput, "the report has \(bytes.count) bytes, more than can be kept", at: path,
        advice: "Reports of more than 256 MiB can be explained and not recorded.")
    }
    let report = Array(bytes)
    guard Digest.sha256(report) == digest, try await keep(report: report, at: path) == digest else {
      throw Problem(.badInput, "the report changed while it was read", at: path)
    }
  }
}
