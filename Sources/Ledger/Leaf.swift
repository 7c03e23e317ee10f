public import Model

/// Leaf v1: the exact bytes of one ledger entry.
///
/// Lines in a fixed order, each ended by a line feed, so that any program can read them and equal
/// values have equal bytes (`docs/formats/leaf.md`):
///
///     pratique-leaf/v1
///     entry <32 hexadecimal characters>
///     kind <evidence kind>
///     envelope sha256:<salted digest>
///     subject <algorithm>:<digest>        (none or more, sorted, each once)
///     actor <pseudonym>
///     role <role>
///     time <RFC 3339, UTC, milliseconds>
public struct Leaf: Hashable, Sendable {
  private static let version = "pratique-leaf/v1"

  /// Random, 16 bytes: the same entry sent twice is one entry.
  public let entryID: [UInt8]
  /// The evidence's kind.
  public let kind: EvidenceKind
  /// The salted digest of the envelope.
  public let envelope: Digest
  /// The subjects' digests, sorted, each once.
  public let subjects: [Digest]
  /// Pseudonym of the actor.
  public let actor: String
  /// The role in which the actor acted.
  public let role: Role
  /// When it was recorded, by the recorder's clock.
  public let time: Instant

  /// States an entry.
  ///
  /// - Throws: `Problem` with `badInput` when an identifier is not of its form.
  public init(
    entryID: [UInt8], kind: EvidenceKind, envelope: Digest, subjects: [Digest], actor: String,
    role: Role, time: Instant
  ) throws {
    guard entryID.count == 16 else { throw Problem(.badInput, "an entry id has 16 bytes") }
    for identifier in [kind.rawValue, actor, role.rawValue] {
      guard Actor.isIdentifier(identifier) else {
        throw Problem(
          .badInput, "\"\(identifier)\" is no identifier",
          advice:
            "Use 1 to 64 characters of a-z, 0-9, '.', '_' and '-', the first a letter or digit."
        )
      }
    }
    self.entryID = entryID
    self.kind = kind
    self.envelope = envelope
    self.subjects = Array(Set(subjects)).sorted()
    self.actor = actor
    self.role = role
    self.time = time
  }

  /// Reads a leaf; only the exact form is taken.
  ///
  /// - Throws: `Problem` with `ledgerDamaged`.
  public init(bytes: [UInt8]) throws {
    self = try bytes.withUnsafeBytes { try Leaf(LeafScan($0)) }
  }

  /// The leaf whose fields were found.
  ///
  /// - Throws: `Problem` with `ledgerDamaged`.
  init(_ scan: LeafScan) throws {
    guard let entryID = Hexadecimal.decode(scan.text(scan.entryID)),
      let envelope = Digest(scan.text(scan.envelope)), let time = Instant(scan.text(scan.time))
    else { throw Problem(.ledgerDamaged, "the leaf is not of its form") }
    self.entryID = entryID
    kind = EvidenceKind(rawValue: scan.text(scan.kind))
    self.envelope = envelope
    subjects = scan.subjects.compactMap { Digest(scan.text($0)) }
    actor = scan.text(scan.actor)
    role = Role(rawValue: scan.text(scan.role))
    self.time = time
  }

  /// The exact bytes.
  public var bytes: [UInt8] {
    var text = "\(Self.version)\nentry \(Hexadecimal.encode(entryID))\nkind \(kind.rawValue)\n"
    text += "envelope \(envelope)\n"
    for subject in subjects { text += "subject \(subject)\n" }
    text += "actor \(actor)\nrole \(role.rawValue)\ntime \(time)\n"
    return Array(text.utf8)
  }

  /// The salted digest of an envelope: SHA-256 of `pratique-payload/v1`, a line feed, the 32 salt
  /// bytes and the envelope. Without the salt, which is erased with the payload, nobody can tell
  /// what an erased entry said by guessing.
  public static func saltedDigest(of envelope: [UInt8], salt: [UInt8]) -> Digest {
    var stream = Digest.Stream()
    for part in [Array("pratique-payload/v1\n".utf8), salt, envelope] {
      part.withUnsafeBytes { stream.update($0) }
    }
    return stream.finalize()
  }
}
