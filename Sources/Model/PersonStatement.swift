/// A person's statement about the organisation, a system or an application: the predicate of kind
/// `person-statement`. It shows that something is present and current; whether it is adequate, a
/// person judges.
public struct PersonStatement: Hashable, Sendable, Codable {
  /// A document that the statement rests on; the ledger holds its digest alone.
  public struct Document: Hashable, Sendable, Codable {
    /// The document's name, for people.
    public let name: String
    /// SHA-256 of its bytes.
    public let digest: Digest

    /// Names a document.
    public init(name: String, digest: Digest) {
      self.name = name
      self.digest = digest
    }
  }

  /// What is stated, of the form of a pseudonym, such as `risk-analysis`; catalogs ask for topics.
  public let topic: String
  /// The statement in the person's own words.
  public let text: String
  /// The application that it speaks of; `nil` for the organisation.
  public let application: String?
  /// What it rests on.
  public let documents: [Document]
  /// Facts that checks may ask about, by name.
  public let facts: [String: String]
  /// Pseudonym of the person.
  public let person: String
  /// The capacity in which the person speaks.
  public let role: Role
  /// When the person signed.
  public let time: Instant
  /// From this instant on it counts no more.
  public let expires: Instant

  /// States what a person says.
  public init(
    topic: String, text: String, application: String?, documents: [Document],
    facts: [String: String], person: String, role: Role, time: Instant, expires: Instant
  ) {
    self.topic = topic
    self.text = text
    self.application = application
    self.documents = documents
    self.facts = facts
    self.person = person
    self.role = role
    self.time = time
    self.expires = expires
  }
}
