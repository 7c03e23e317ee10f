import Foundation
public import Model

/// What a person states, before it is signed.
public struct StatementRequest: Sendable {
  /// The topic that catalogs ask for.
  public var topic: String
  /// The statement in the person's own words.
  public var text: String
  /// The application that it speaks of; `nil` for the organisation.
  public var application: String?
  /// Paths of the documents that it rests on; their digests alone are recorded.
  public var documents: [String]
  /// Facts that checks may ask about.
  public var facts: [String: String]
  /// From this instant on it counts no more.
  public var expires: Instant

  /// Takes what a person states.
  public init(
    topic: String, text: String, application: String?, documents: [String],
    facts: [String: String], expires: Instant
  ) {
    self.topic = topic
    self.text = text
    self.application = application
    self.documents = documents
    self.facts = facts
    self.expires = expires
  }

  private static let textLimit = 4_000
  private static let factLimit = 200
  private static let countLimit = 32
  private static let longest: Int64 = 3_660 * 86_400_000

  /// Holds it to its form.
  ///
  /// - Throws: `Problem` with `badInput`.
  fileprivate func check(now: Instant) throws {
    guard Actor.isIdentifier(topic) else {
      throw Problem(
        .badInput, "\"\(topic)\" is no topic: use a-z, 0-9, '.', '_' and '-'",
        advice: "`pratique controls explain CONTROL` says which topic a control asks for.")
    }
    guard !text.allSatisfy(\.isWhitespace), text.utf8.count <= Self.textLimit else {
      throw Problem(.badInput, "a statement has 1 to \(Self.textLimit) bytes of text")
    }
    if let application, !Actor.isIdentifier(application) {
      throw Problem(.badInput, "\"\(application)\" is no name of an application")
    }
    guard documents.count <= Self.countLimit, facts.count <= Self.countLimit else {
      throw Problem(
        .badInput, "a statement has at most \(Self.countLimit) documents and as many facts")
    }
    for (name, value) in facts.sorted(by: { $0.key < $1.key }) {
      guard Actor.isIdentifier(name), value.utf8.count <= Self.factLimit else {
        throw Problem(
          .badInput,
          "the fact \"\(name)\" has a name of a-z, 0-9, '.', '_' and '-', and a value of"
            + " at most \(Self.factLimit) bytes")
      }
    }
    guard expires > now, expires.milliseconds(since: now) <= Self.longest else {
      throw Problem(
        .badInput, "a statement expires after now, and within ten years; not at \(expires)")
    }
  }

  fileprivate func named() throws -> [PersonStatement.Document] {
    let named = try documents.map { path in
      PersonStatement.Document(
        name: URL(fileURLWithPath: path).lastPathComponent,
        digest: .sha256(try InputFile.read(path)))
    }
    guard Set(named.map(\.digest)).count == named.count else {
      throw Problem(.badInput, "a document is named twice")
    }
    return named
  }
}

extension LedgerHome {
  /// Signs and records what a person states of the organisation or of an application.
  ///
  /// - Returns: the statement and its entry, after the entry is durable.
  /// - Throws: `Problem` with `badInput`, `notFound` for a document, or `notTrusted`.
  public func attest(
    _ request: StatementRequest, by acting: ActingPerson, time: TimeSource
  ) async throws -> (PersonStatement, RecordedEvidence) {
    try request.check(now: time.now())
    let documents = try request.named()
    let subject =
      if let application = request.application {
        Subject.application(application)
      } else {
        Subject.organisation(try await trustRoot().organisation)
      }
    let act = PersonalAct(
      kind: .personStatement, application: request.application, environment: nil,
      subjects: [subject])
    return try await record(act, by: acting, time: time) { person, _, now in
      PersonStatement(
        topic: request.topic, text: request.text, application: request.application,
        documents: documents, facts: request.facts, person: person.person, role: person.role,
        time: now, expires: request.expires)
    }
  }
}
