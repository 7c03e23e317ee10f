/// What a named person says of one vulnerability in packages of one application, until a day, or its
/// withdrawal: the predicate of kind `vex`.
///
/// It excuses findings; it never makes a control "met", and hides nothing. A document that somebody
/// else wrote excuses nothing until a person who may has taken it over by signing this.
public struct VEXWord: Hashable, Sendable, Codable {
  /// What happens to the word.
  public enum Action: String, Sendable, Codable { case stated, withdrawn }

  /// What happens.
  public let action: Action
  /// The word's name, of the form of a pseudonym; a withdrawal ends all that was stated under it.
  public let word: String
  /// The application's name.
  public let application: String
  /// The digests of the one release that it is for, sorted; `nil` for every release.
  public let release: [Digest]?
  /// The vulnerability and the packages, what is said of them and why.
  public let statement: VEXStatement
  /// The document that was taken over, by its bytes; `nil` for a person's own word.
  public let document: Digest?
  /// Why it is believed, in the person's own words.
  public let reason: String
  /// From this instant on it counts no more; `nil` when it is withdrawn.
  public let expires: Instant?
  /// Pseudonym of the person who signs.
  public let person: String
  /// The capacity in which the person acts.
  public let role: Role
  /// When the person signed.
  public let time: Instant

  /// States something of a vulnerability.
  public init(
    stating word: String, application: String, release: [Digest]?, statement: VEXStatement,
    document: Digest?, reason: String, expires: Instant, person: String, role: Role, time: Instant
  ) {
    action = .stated
    self.word = word
    self.application = application
    self.release = release
    self.statement = statement
    self.document = document
    self.reason = reason
    self.expires = expires
    self.person = person
    self.role = role
    self.time = time
  }

  /// Takes back what was stated.
  public init(
    withdrawing stated: VEXWord, reason: String, person: String, role: Role, time: Instant
  ) {
    action = .withdrawn
    word = stated.word
    application = stated.application
    release = nil
    statement = stated.statement
    document = nil
    self.reason = reason
    expires = nil
    self.person = person
    self.role = role
    self.time = time
  }

  /// What the statement speaks of: the application, whatever the release.
  public var subjects: [Subject] { [.application(application)] }
}

extension VEXStatement {
  /// Whether it says of a finding that there is nothing to mend: the vulnerability by one of its ids,
  /// and the package, in the version named or in every one.
  public func excuses(_ rule: String, aliases: [String], package: String?) -> Bool {
    guard status == .notAffected || status == .fixed, let package else { return false }
    let ids = [vulnerability] + (self.aliases ?? [])
    guard ([rule] + aliases).contains(where: { id in ids.contains { $0.isSameText(as: id) } })
    else {
      return false
    }
    return products.contains { Self.names($0, package) }
  }

  /// A package URL names a package without its qualifiers, and without its version where it has none.
  private static func names(_ product: String, _ package: String) -> Bool {
    let one = plain(product)
    let other = plain(package)
    if one.elementsEqual(other) { return true }
    guard let at = other.lastIndex(of: 0x40), at > other.startIndex else { return false }
    return one.elementsEqual(other[..<at])
  }

  private static func plain(_ text: String) -> Substring.UTF8View.SubSequence {
    text[...].utf8.prefix { $0 != 0x3f && $0 != 0x23 }
  }
}

extension String {
  fileprivate func isSameText(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
