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
/// not be, at odds with itself or about another subject is refused; none of these is ever
/// "no findings".
public enum IntakeReader {
  /// Reads one report.
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
    do {
      guard !bytes.isEmpty else { throw ReadingError("the report is empty") }
      let parsed = try parse(bytes, format, subject)
      return IntakeReport(
        format: format, digest: .sha256(bytes), tools: parsed.tools, content: parsed.content,
        notes: parsed.notes)
    } catch let error as ReadingError {
      throw Problem(
        .badInput, "the \(format.rawValue) report was refused: \(error.message)",
        at: source + place(of: error),
        advice: "Run the tool again and keep its report as the tool wrote it.")
    }
  }

  /// A report before its digest is known.
  struct Parsed {
    var tools: [IntakeReport.Tool] = []
    var content: IntakeReport.Content
    var notes: [String] = []
  }

  private static func parse(
    _ bytes: [UInt8], _ format: ReportFormat, _ subject: ExpectedSubject?
  ) throws -> Parsed {
    guard ReportFormat.isXML(bytes) == (format == .junit) else {
      throw ReadingError(
        format == .junit ? "expected XML, found something else" : "expected JSON, found XML")
    }
    guard format != .junit else {
      guard subject == nil else {
        throw ReadingError("JUnit reports cannot say which image they are about")
      }
      return try JUnitReader.read(bytes)
    }
    let document = try JSONReader.read(bytes, limits: .report)
    guard case .object = document else {
      throw ReadingError("expected an object, found \(document.sort)")
    }
    guard let found = ReportFormat.recognise(document) else {
      throw ReadingError("the content has no form of a \(format.rawValue) report")
    }
    guard found == format else {
      throw ReadingError(
        "declared as \(format.rawValue), but the content is \(found.rawValue); declare that")
    }
    let root = ReportNode(document)
    return switch format {
    case .sarif: try SARIFReader.read(root, subject)
    case .trivy: try TrivyReader.read(root, subject)
    case .cyclonedx: try CycloneDXReader.read(root, subject)
    case .junit: try JUnitReader.read(bytes)
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
