import Attestation
import Foundation
import Ledger
import Model
import PHI
import Pipeline
import Reading

/// Looks for PHI in what is about to be signed, before it is.
///
/// A statement is looked at text by text, each under its field's name, so that a finding has a JSON
/// pointer. What people write and what reports say is refused: it can be written again. What the
/// program says it did has happened and must not be lost for a word in it: there the word is
/// replaced.
enum StatementGuard {
  /// Accounts of what the program did.
  static let accounts: Set<EvidenceKind> = [
    .step, .run, .intent, .rollout, .decision, .sourceCheck,
  ]

  /// A statement in which nothing was found, or in which it was replaced.
  ///
  /// - Throws: `Problem` with `phiFound`, the place and the kind; never the value.
  static func pass(_ statement: Statement, kind: EvidenceKind) throws -> Statement {
    var walk = Walk(replaces: accounts.contains(kind))
    let predicate = walk.look(at: statement.predicate, name: "", pointer: "")
    for subject in statement.subjects { walk.look(at: subject.name, pointer: "/subject") }
    guard let first = walk.found.first else {
      guard walk.hasReplaced else { return statement }
      return try Statement(
        subjects: statement.subjects, predicateType: statement.predicateType,
        predicate: predicate)
    }
    let more = walk.found.count > 1 ? ", and \(walk.found.count - 1) more like it" : ""
    throw Problem(
      .phiFound,
      "evidence of kind \"\(kind.rawValue)\" is not recorded: it may hold \(first.kind.meaning)\(more)",
      at: first.pointer,
      advice: "Say it without what tells a person: a number of your own making, a role, a year.")
  }

  private struct Walk {
    let replaces: Bool
    var found: [(kind: PHIKind, pointer: String)] = []
    var hasReplaced = false

    /// Looks at a value under a name; a list's elements stand under the list's name.
    mutating func look(at value: JSONValue, name: String, pointer: String) -> JSONValue {
      switch value {
      case .string(let text):
        guard let replaced = look(at: text, name: name, pointer: pointer) else { return value }
        return .string(replaced)
      case .array(let elements):
        return .array(
          elements.indices.map {
            look(at: elements[$0], name: name, pointer: "\(pointer)/\($0)")
          })
      case .object(var object):
        for member in object.members {
          object[member.name] = look(
            at: member.value, name: member.name, pointer: "\(pointer)/\(member.name)")
        }
        return .object(object)
      case .null, .bool, .integer, .number: return value
      }
    }

    mutating func look(at text: String, pointer: String) {
      _ = look(at: text, name: "", pointer: pointer)
    }

    /// The text with what was found replaced; `nil` where nothing was, or where it is refused.
    private mutating func look(at text: String, name: String, pointer: String) -> String? {
      guard !StatementGuard.isOwn(text) else { return nil }
      let label = Array("\(name): ".utf8)
      let hits = PHIScanner.findings(in: label + Array(text.utf8)).filter {
        $0.end > label.count
      }
      guard !hits.isEmpty else { return nil }
      guard replaces else {
        found += hits.map { ($0.type, pointer) }
        return nil
      }
      hasReplaced = true
      let shown = TextGuard { _ in
        hits.map {
          TextGuard.Hit(
            kind: $0.type.rawValue,
            range: max(0, $0.start - label.count)..<($0.end - label.count))
        }
      }
      return shown.masked(text)
    }
  }

  /// Whether a text is what this program writes as a whole: a digest, an instant, a type's name.
  private static func isOwn(_ text: String) -> Bool {
    if text.utf8.count > 160 { return false }
    return Digest(text) != nil || Instant(text) != nil || text.hasPrefix("urn:pratique:")
      || text.utf8.count >= 40 && text.allSatisfy(\.isHexDigit)
  }
}

extension EntryDraft {
  /// The draft of an entry, from a statement that the guard let pass: the only way to one in this
  /// room.
  ///
  /// - Parameter signers: those who sign it, after it was looked at.
  /// - Throws: `Problem` with `phiFound`.
  static func guarded(
    _ statement: Statement, kind: EvidenceKind, signers: [Signer], actor: String, role: Role,
    time: Instant
  ) throws -> EntryDraft {
    let passed = try StatementGuard.pass(statement, kind: kind)
    return EntryDraft(
      kind: kind, envelope: try Envelope(signing: passed.json(), by: signers).json(),
      subjects: passed.subjects.flatMap(\.digests), actor: actor, role: role, time: time,
      facts: EntryFacts(passed))
  }

  /// The draft of an entry that others signed: a statement in which anything is found is refused.
  ///
  /// - Throws: `Problem` with `phiFound`.
  static func guarded(
    _ envelope: Envelope, _ statement: Statement, kind: EvidenceKind, actor: String, role: Role,
    time: Instant
  ) throws -> EntryDraft {
    guard try StatementGuard.pass(statement, kind: kind) == statement else {
      throw Problem(.phiFound, "the signed statement may hold PHI, and is not recorded")
    }
    return EntryDraft(
      kind: kind, envelope: try envelope.json(),
      subjects: statement.subjects.flatMap(\.digests), actor: actor, role: role, time: time)
  }
}
