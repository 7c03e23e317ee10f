import Attestation
import Model
import Reading

/// An in-toto statement of somebody else's making: version 1, or 0.1 as older tools write it.
struct ForeignStatement: Sendable {
  private static let types = [
    "https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1",
  ]

  /// What it speaks of and this program knows a digest of.
  let subjects: [Subject]
  /// How many subjects have no digest of a known algorithm.
  let unknownSubjects: Int
  let predicateType: String
  let predicate: JSONValue

  /// - Throws: `ReadingError`, also for names that stand twice.
  init(json bytes: [UInt8]) throws {
    let value = try JSONReader.read(bytes)
    guard let type = value["_type"]?.string,
      Self.types.contains(where: { $0.utf8.elementsEqual(type.utf8) })
    else { throw ReadingError("the payload is no in-toto statement", pointer: "/_type") }
    guard let predicateType = value["predicateType"]?.string, !predicateType.isEmpty else {
      throw ReadingError("the statement has no predicate type", pointer: "/predicateType")
    }
    guard let list = value["subject"]?.array, !list.isEmpty else {
      throw ReadingError("the statement has no subject", pointer: "/subject")
    }
    self.predicateType = predicateType
    predicate = value["predicate"] ?? .null
    subjects = list.compactMap(Self.subject)
    unknownSubjects = list.count - subjects.count
  }

  private static func subject(_ value: JSONValue) -> Subject? {
    let name = value["name"]?.string ?? ""
    var digests: [Digest] = []
    for member in value["digest"]?.object?.members ?? [] {
      guard let hex = member.value.string else { return nil }
      if let algorithm = Digest.Algorithm(rawValue: member.name) {
        // A digest that is none makes the subject unknown, never half known.
        guard let digest = Digest(algorithm, hex: hex) else { return nil }
        digests.append(digest)
      } else if ["sha1", "gitCommit"].contains(member.name), Self.isCommit(name),
        let digest = Digest(.gitCommit, hex: hex)
      {
        digests.append(digest)
      }
    }
    return Subject(name: name, digests: digests)
  }

  /// Witness and Chainloop name commits by SHA-1.
  private static func isCommit(_ name: String) -> Bool {
    name.contains("/git/") && name.contains("commithash:") || name == "git.head"
      || name.hasPrefix("git+")
  }
}
