public import Model
import Reading

/// What a report must be about, for it to count.
public struct ExpectedSubject: Hashable, Sendable {
  /// The image's config digest, which container engines show as the image id.
  public let imageConfig: Digest
  /// The image's manifest digest, when it is known.
  public let imageManifest: Digest?

  /// An image by its digests.
  public init(imageConfig: Digest, imageManifest: Digest? = nil) {
    self.imageConfig = imageConfig
    self.imageManifest = imageManifest
  }
}

/// Reads the reports of tools: wholly, or not at all.
///
/// A report that is cut off, not well-formed, of another format than declared, empty where it must
/// not be, at odds with itself, older than the commit or about another subject is refused; none of
/// these is ever "no findings".
public enum IntakeReader {
  /// Reads one report of a declared format.
  ///
  /// - Parameters:
  ///   - bytes: the report's bytes; their digest is in the result.
  ///   - format: the format that the pipeline declares.
  ///   - source: the report's path, for messages.
  ///   - subject: the image that the report must be about; a report that cannot show it is refused.
  /// - Throws: `Problem` with `badInput`, and the place inside the report.
  public static func read(
    _ bytes: [UInt8], format: ReportFormat, source: String, subject: ExpectedSubject? = nil
  ) throws -> IntakeReport {
    try read(
      ReportInput(bytes), source: source, format: format,
      expecting: ReportExpectation(subject: subject)
    ).report
  }

  /// Reads one report, and says by what it was recognised.
  ///
  /// - Parameters:
  ///   - format: the format that is declared; without one the content alone decides, and must fit
  ///     one kind and no other.
  ///   - mapping: how to read JSON of no known kind.
  /// - Throws: `Problem` with `badInput`, and the place inside the report.
  public static func read(
    _ input: consuming ReportInput, source: String, format: ReportFormat? = nil,
    mapping: ReportMapping? = nil, expecting expectation: ReportExpectation = ReportExpectation()
  ) throws -> RecognisedReport {
    var input = input
    let name = format.map { "the \($0.rawValue) report" } ?? "the report"
    do {
      let opened = try OpenedReport(&input, declared: format, mapping: mapping)
      let parsed = try opened.read(expectation.subject)
      try expectation.check(parsed, opened.format)
      guard let content = parsed.contents.first else { throw ReadingError("it says nothing") }
      let report = IntakeReport(
        format: opened.format, digest: try input.digest(), tools: parsed.tools, content: content,
        furtherContent: Array(parsed.contents.dropFirst()), notes: parsed.notes,
        madeAt: parsed.madeAt, subjects: parsed.subjects, feed: parsed.feed)
      return RecognisedReport(report: report, reasons: opened.reasons)
    } catch let error as ReadingError {
      throw Problem(
        .badInput, "\(name) was refused: \(error.message)", at: source + place(of: error),
        advice: "Run the tool again and keep its report as the tool wrote it.")
    }
  }

  /// A report before its digest is known.
  struct Parsed {
    var tools: [IntakeReport.Tool] = []
    var contents: [IntakeReport.Content]
    var notes: [String] = []
    var madeAt: StatedTime?
    var subjects: [StatedSubject] = []
    var feed: ReportSource.Feed?

    init(
      tools: [IntakeReport.Tool] = [], content: IntakeReport.Content..., notes: [String] = []
    ) {
      self.tools = tools
      contents = content
      self.notes = notes
    }
  }

  private static func place(of error: ReadingError) -> String {
    switch (error.position, error.pointer) {
    case (let position?, _): ":\(position)"
    case (nil, let pointer?): "#\(pointer)"
    case (nil, nil): ""
    }
  }
}

/// A report that was read, and by what it was recognised.
public struct RecognisedReport: Sendable {
  /// The report.
  public let report: IntakeReport
  /// What in the content shows its kind, one phrase each.
  public let reasons: [String]
}
