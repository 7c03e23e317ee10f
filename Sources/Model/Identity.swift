/// Who did something: a pseudonym, resolved to a name by a registry outside the ledger.
public struct Actor: Hashable, Sendable, Codable {
  /// Whether a person acted, or a machine that acts for a named person.
  public enum Kind: String, Sendable, Codable { case person, machine }

  /// The pseudonym, `[a-z0-9][a-z0-9._-]{0,63}`: never a name or an e-mail address.
  public let id: String
  /// Person or machine.
  public let kind: Kind
  /// For a machine, the pseudonym of the person it acts for.
  public let onBehalfOf: String?

  /// A person, by pseudonym.
  public static func person(_ id: String) -> Actor {
    Actor(id: id, kind: .person, onBehalfOf: nil)
  }

  /// A machine that acts for the person with the pseudonym `onBehalfOf`.
  public static func machine(_ id: String, onBehalfOf: String) -> Actor {
    Actor(id: id, kind: .machine, onBehalfOf: onBehalfOf)
  }

  /// Whether a text has the form of a pseudonym or role.
  public static func isIdentifier(_ text: some StringProtocol) -> Bool {
    // Not generic from here on, so that it costs nothing.
    let bytes = String(text).utf8
    guard let first = bytes.first, bytes.count <= 64, isAlphanumeric(first) else { return false }
    return bytes.allSatisfy { isAlphanumeric($0) || $0 == 0x2d || $0 == 0x2e || $0 == 0x5f }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte)
  }
}

/// In which capacity somebody acts, such as `developer` or `security-officer`.
public struct Role: RawRepresentable, Hashable, Sendable, Codable {
  /// The role's identifier, of the form that `Actor.isIdentifier` takes.
  public let rawValue: String
  /// Names a role.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The role of a machine that runs pipelines.
  public static let pipeline = Role(rawValue: "pipeline")
}
