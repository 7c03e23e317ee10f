public import Model

/// Findings of a scan, and what the report shows to have been looked at.
public struct FindingReport: Hashable, Sendable {
  /// What a scan looks for.
  public enum Scope: String, Sendable, Codable, CaseIterable {
    /// Known vulnerabilities of components or hosts.
    case vulnerability
    /// Settings that weaken what they configure.
    case misconfiguration
    /// Passwords and keys in files.
    case secret
    /// Licences of components.
    case license
    /// Flaws in source code, or whatever a SARIF report is about.
    case code
    /// Flaws of a running application, seen from outside.
    case web
  }

  /// A finding and what kind of scan it comes from.
  public struct Row: Hashable, Sendable {
    /// The kind of scan.
    public let scope: Scope
    /// The finding.
    public var finding: Finding
  }

  /// Every finding that counts, in the report's order.
  public var rows: [Row] = []
  /// Findings that the report marks as suppressed: they do not count, and are not hidden.
  public var suppressed: [Finding] = []
  /// What the report itself shows to have been scanned; a secret scan that found nothing leaves no
  /// trace in Trivy's report, so absence here is no proof.
  public var shownScopes: Set<Scope> = []
  /// How many components the tool looked at, where it lists them.
  public var componentsScanned: Int?
  /// Checks by outcome, for tools that list those that passed, too.
  public var checks: TestTotals?

  /// The findings of one scope.
  public func findings(of scope: Scope) -> [Finding] {
    rows.filter { $0.scope == scope }.map(\.finding)
  }
}

/// Counts checks by outcome.
struct CheckCounter {
  var passed = 0
  var failed = 0
  var errors = 0
  var skipped = 0

  var totals: TestTotals {
    TestTotals(passed: passed, failed: failed, errors: errors, skipped: skipped)
  }
}
