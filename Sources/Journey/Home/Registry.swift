import Blobs
import Foundation
import Model
import Reading

/// Who stands behind a pseudonym: kept outside the ledger, so that a name can be forgotten while
/// every proof still holds.
public struct Registry: Hashable, Sendable, Codable {
  /// A person's name and addresses.
  public struct Person: Hashable, Sendable, Codable {
    /// The pseudonym.
    public let id: String
    /// The name as it is shown.
    public let name: String
    /// E-mail addresses that commits may carry.
    public let emails: [String]

    /// States who stands behind a pseudonym.
    public init(id: String, name: String, emails: [String]) {
      self.id = id
      self.name = name
      self.emails = emails
    }
  }

  /// All that are known.
  public let people: [Person]

  /// States who is known.
  public init(people: [Person]) { self.people = people }

  /// The name to show; the pseudonym itself for one that is not known, or was forgotten.
  public func name(of id: String) -> String {
    people.first { $0.id.utf8.elementsEqual(id.utf8) }?.name ?? id
  }

  /// The pseudonym behind an e-mail address; the domain part is compared without case.
  public func person(email: String) -> String? {
    let wanted = Self.folded(email)
    return people.first { $0.emails.contains { Self.folded($0) == wanted } }?.id
  }

  private static func folded(_ email: String) -> [UInt8] {
    guard let at = email.lastIndex(of: "@") else { return Array(email.utf8) }
    return Array(email[..<at].utf8) + Array(email[at...].lowercased().utf8)
  }

  /// This registry with the people of another, who replace those of the same pseudonym.
  func merging(_ other: Registry) -> Registry {
    let replaced = Set(other.people.map(\.id))
    return Registry(people: people.filter { !replaced.contains($0.id) } + other.people)
  }

  static func read(path: String) throws -> Registry {
    guard let data = FileManager.default.contents(atPath: path) else { return Registry(people: []) }
    do {
      return try JSONReader.read(Array(data), limits: .configuration).decode()
    } catch {
      throw Problem(.badInput, "the registry of people cannot be read: \(error)", at: path)
    }
  }

  func write(path: String) throws { try DurableFile.write(CanonicalJSON.write(self), to: path) }
}
