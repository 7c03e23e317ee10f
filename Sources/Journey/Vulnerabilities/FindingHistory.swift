import Advisories
import Attestation
import Intake
import Ledger
import LedgerSQLite
import Model

/// When this organisation first recorded each vulnerability of a package, and first with a fix.
struct FindingHistory {
  private struct Seen {
    var first: Instant
    var fix: Instant?
  }

  private var seen: [[String]: Seen] = [:]

  mutating func add(_ findings: [Finding], at time: Instant) {
    for finding in findings {
      let key = finding.vulnerabilityOfPackage
      var known = seen[key] ?? Seen(first: time)
      known.first = min(known.first, time)
      if finding.fixedVersion != nil { known.fix = min(known.fix ?? time, time) }
      seen[key] = known
    }
  }

  /// Says of a finding since when it is known, and since when with a fix.
  func complete(_ finding: inout Finding, at now: Instant) {
    let known = seen[finding.vulnerabilityOfPackage]
    finding.firstSeen = min(finding.firstSeen ?? now, known?.first ?? now)
    // A fix that a feed takes back and names again was there from the first time on.
    if finding.fixedVersion != nil { finding.fixSeen = min(known?.fix ?? now, now) }
  }
}

extension LedgerHome {
  /// All that scans of an application ever said, of whatever image; what was not admitted counts for
  /// nothing here, too.
  func findingHistory(of application: String) async throws -> FindingHistory {
    var found = FindingHistory()
    let history = try await trustHistory()
    var indices = try await ledger.read { snapshot in
      try (snapshot.indices(kind: .vulnerabilityScan) + snapshot.indices(kind: .recheck)).sorted()
    }
    while !indices.isEmpty {
      let page = Array(indices.prefix(64))
      indices.removeFirst(page.count)
      for entry in try await ledger.entries(page) {
        guard let leaf = try? Leaf(bytes: entry.leaf),
          let statement = try? EntryReader.statement(entry, leaf: leaf, history: history)
        else { continue }
        let (name, findings) = Self.findings(statement, leaf.kind)
        guard name?.utf8.elementsEqual(application.utf8) == true else { continue }
        found.add(findings, at: leaf.time)
      }
    }
    return found
  }

  private static func findings(
    _ statement: Statement, _ kind: EvidenceKind
  ) -> (application: String?, findings: [Finding]) {
    if kind == .recheck, let result = try? statement.predicate(as: RecheckResult.self) {
      return (result.application, result.findings)
    }
    guard let scan = try? statement.predicate(as: ScanResult.self) else { return (nil, []) }
    return (scan.application, scan.findings)
  }

  /// A scan that says of each finding since when it is known, whether it is exploited, and how likely
  /// that is.
  func enriched(_ scan: ScanResult, exploits: ExploitFeeds) async throws -> ScanResult {
    let history = try await findingHistory(of: scan.application)
    var result = scan.saying { finding in
      history.complete(&finding, at: scan.time)
      finding.knownExploited = exploits.known?.added(finding)
      finding.exploitScore = exploits.scores?.tenThousandths(finding)
    }
    result.comparedWith = exploits.sources
    return result
  }
}
