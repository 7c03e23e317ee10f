public import Model
import Reading

/// What whoever collects a report knows about it beforehand.
public struct ReportExpectation: Hashable, Sendable {
  /// The image that it must be about, and must show to be about.
  public var subject: ExpectedSubject?
  /// The digests of what it is collected for. A report that names digests of its own must name one
  /// of them; one that names none is taken at the word of whoever collects it.
  public var digests: [Digest]
  /// When the commit was made that it is collected for: nothing older can be about it.
  public var commitTime: Instant?

  /// Expects these things; nothing by default.
  public init(
    subject: ExpectedSubject? = nil, digests: [Digest] = [], commitTime: Instant? = nil
  ) {
    self.subject = subject
    self.digests = digests
    self.commitTime = commitTime
  }

  func check(_ parsed: IntakeReader.Parsed, _ format: ReportFormat) throws {
    try checkImage(parsed, format)
    try checkDigests(parsed)
    guard let commitTime, let madeAt = parsed.madeAt, madeAt.latest < commitTime else { return }
    // What somebody says of vulnerabilities, and other people's documents, may be older.
    let isAboutThis = parsed.contents.contains {
      switch $0 {
      case .exploitability, .statement, .document: false
      default: true
      }
    }
    guard isAboutThis else { return }
    throw ReadingError(
      "it says that it was made at \(madeAt.latest), before the commit of \(commitTime)")
  }

  /// The readers of Trivy, SARIF and CycloneDX look themselves.
  private func checkImage(_ parsed: IntakeReader.Parsed, _ format: ReportFormat) throws {
    guard let subject, ![.trivy, .sarif, .cyclonedx].contains(format) else { return }
    let images = parsed.subjects.filter { $0.sort != .commit }
    guard !images.isEmpty else {
      throw ReadingError("\(format.rawValue) reports cannot say which image they are about")
    }
    let expected = [subject.imageConfig, subject.imageManifest].compactMap { $0?.description }
    guard images.contains(where: { image in expected.contains { $0.isSame(as: image.value) } })
    else { throw other(images, expected) }
  }

  private func checkDigests(_ parsed: IntakeReader.Parsed) throws {
    guard !digests.isEmpty else { return }
    for sort in [true, false] {
      let stated = parsed.subjects.filter { ($0.sort == .commit) == sort }
      let expected = digests.filter { ($0.algorithm == .gitCommit) == sort }
        .map { sort ? $0.hex : $0.description }
      guard !stated.isEmpty, !expected.isEmpty else { continue }
      let isOurs = stated.contains { one in expected.contains { $0.isSame(as: one.value) } }
      guard isOurs else { throw other(stated, expected) }
    }
  }

  private func other(_ stated: [StatedSubject], _ expected: [String]) -> ReadingError {
    ReadingError(
      "it is about another subject: it names \(stated.map(\.value).joined(separator: ", ")), "
        + "expected \(expected.joined(separator: " or "))")
  }
}

extension String {
  /// Identifiers are compared byte by byte.
  func isSame(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
