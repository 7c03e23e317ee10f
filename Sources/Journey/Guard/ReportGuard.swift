import Model
import PHI

/// Looks for PHI in reports before they are kept or become evidence.
enum ReportGuard {
  private static let shown = 3

  /// Refuses a report in which something may be PHI, or that cannot be looked at whole.
  ///
  /// - Parameter path: its path; the name is looked at too.
  /// - Throws: `Problem` with `phiFound`, the places and the kinds; never a value.
  static func check(_ report: [UInt8], at path: String) throws {
    let seen = FileScan(today: "").scan(report, name: path)
    if let refused = seen.refused.first {
      throw Problem(
        .phiFound, "it cannot be looked at for PHI, so it is not kept: \(refused.reason)",
        at: path)
    }
    guard !seen.findings.isEmpty else { return }
    // One patient's number makes times and names beside it count too: the surest is told first.
    let surest = seen.findings.sorted { $0.finding.confidence > $1.finding.confidence }
    let places = surest.prefix(shown).map(Self.words).joined(separator: "; ")
    let more = seen.findings.count + seen.more - min(shown, seen.findings.count)
    throw Problem(
      .phiFound,
      "it may hold PHI, and is not kept: \(places)" + (more > 0 ? "; and \(more) more" : ""),
      at: path,
      advice: "Let what wrote it name people by numbers of its own making; see all places with:"
        + " pratique phi scan")
  }

  /// A finding in words: what, and where.
  static func words(_ hit: PHIHit) -> String {
    "\(hit.finding.type.meaning) at line \(hit.finding.line), column \(hit.finding.column)"
      + (hit.place.map { ", \($0)" } ?? "")
  }
}

extension LedgerHome {
  /// Keeps a report's bytes, unless something in them may be PHI.
  ///
  /// - Throws: `Problem` with `phiFound`; then nothing was kept.
  func keep(report: [UInt8], at path: String) async throws -> Digest {
    try ReportGuard.check(report, at: path)
    return try await blobs.put(report)
  }
}
