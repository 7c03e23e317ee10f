import Foundation
import Intake
import Model

/// A report that a wrapped command wrote, as evidence.
struct WrappedReport {
  let evidence: [Evidence]
  /// The bytes that were read.
  let bytes: [UInt8]

  /// - Throws: `Problem` when the report is refused, says nothing that could be recorded, or changed
  ///   while it was read.
  static func read(
    _ path: String, _ options: CollectingOptions, application: String, run: String, time: Instant
  ) throws -> WrappedReport {
    let report = try ReportCollecting.read(path, options).report
    let step = try ReportCollecting.step(
      of: report, path, application: application, run: run, time: time)
    let pieces = ReportCollecting.pieces(of: report, options)
    guard !pieces.isEmpty else {
      throw Problem(
        .badInput, "a \(report.format.rawValue) report says nothing that could be recorded",
        at: path, advice: "See what it is: pratique collect --explain \(path)")
    }
    let evidence: [Evidence]
    do {
      evidence = try pieces.map {
        Evidence(
          kind: $0.kind, subjects: options.subjects, predicate: try $0.predicate(of: report, step))
      }
    } catch let problem as Problem {
      throw Problem(
        problem.code, problem.message, at: problem.location ?? path, advice: problem.advice)
    }
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe))
    guard Digest.sha256(bytes) == report.digest else {
      throw Problem(.badInput, "the report changed while it was read", at: path)
    }
    return WrappedReport(evidence: evidence, bytes: bytes)
  }
}

/// A folder that only this user can look into, for the time that a command runs.
struct ScratchPlace {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory.appending(path: "pratique-\(UUID().uuidString)")
      .path
    guard mkdir(path, 0o700) == 0 else {
      throw Problem(.inputOutput, "a folder for the log cannot be made", at: path)
    }
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
