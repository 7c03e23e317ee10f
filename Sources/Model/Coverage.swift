/// How much of some code tests have run.
public struct CoverageTotals: Hashable, Sendable, Codable {
  /// A part of a whole.
  public struct Share: Hashable, Sendable, Codable {
    /// How many were run.
    public var covered: Int
    /// How many there are.
    public var total: Int

    /// So many of so many.
    public init(covered: Int, total: Int) {
      self.covered = covered
      self.total = total
    }
  }

  /// Lines.
  public var lines: Share
  /// Branches, where the tool counts them.
  public var branches: Share?
  /// Functions or methods, where the tool counts them.
  public var functions: Share?
  /// Number of source files, where the tool names them.
  public var files: Int?

  /// States coverage.
  public init(lines: Share, branches: Share? = nil, functions: Share? = nil, files: Int? = nil) {
    self.lines = lines
    self.branches = branches
    self.functions = functions
    self.files = files
  }
}

/// How much of the code a suite ran: the predicate of kind `coverage`.
public struct CoverageResult: Hashable, Sendable, Codable {
  /// The application's name.
  public let application: String
  /// Id of the run in which it was measured.
  public let run: String
  /// When the report was read.
  public let time: Instant
  /// The tests that ran: `unit`, `integration` or another name of the pipeline's.
  public let suite: String
  /// Totals as counted from the report's rows.
  public let totals: CoverageTotals
  /// The tool and its report.
  public let source: ReportSource

  /// States coverage.
  public init(
    application: String, run: String, time: Instant, suite: String, totals: CoverageTotals,
    source: ReportSource
  ) {
    self.application = application
    self.run = run
    self.time = time
    self.suite = suite
    self.totals = totals
    self.source = source
  }
}
