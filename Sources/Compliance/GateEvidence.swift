import Attestation
import Model

/// The evidence that a gate counts: in the ledger's order, each signed statement once.
struct GateEvidence {
  /// What is told apart: a statement, and whose key signed it. An envelope can be written in many
  /// ways around one signed statement, so its digest would not do.
  private struct Word: Hashable {
    let signer: String
    let statement: Statement
  }

  private let pieces: [EvidenceKind: [AdmittedEvidence]]
  /// The organisation's name in the trust root in force.
  let organisation: String
  /// Every trust root, by the ascending index of the entry that brought it.
  private let roots: [(index: Int64, root: TrustRoot)]
  /// Entries that only repeat an earlier one, and which.
  let repeats: [(piece: AdmittedEvidence, original: Int64)]

  /// Takes all evidence, of a ledger of that size.
  ///
  /// A statement that is recorded again counts where it first stood: else an old pass, recorded
  /// again, would hide the failure that came after it, and old evidence would look young.
  ///
  /// - Throws: `Problem` with `judgingFailed` when the evidence cannot be what the ledger had at
  ///   that position.
  init(_ evidence: [AdmittedEvidence], size: Int64, trust: TrustRoot) throws {
    var pieces: [AdmittedEvidence] = []
    var places: [Int64: Digest] = [:]
    var first: [Word: Int64] = [:]
    var repeats: [(piece: AdmittedEvidence, original: Int64)] = []
    let ordered = evidence.sorted { ($0.index, $0.envelope) < ($1.index, $1.envelope) }
    for piece in ordered {
      try Self.check(piece, size: size)
      if let envelope = places.updateValue(piece.envelope, forKey: piece.index) {
        guard envelope == piece.envelope else {
          throw Problem(.judgingFailed, "two pieces of evidence stand at entry \(piece.index)")
        }
        continue
      }
      let word = Word(signer: piece.signer, statement: piece.statement)
      if let original = first[word] {
        repeats.append((piece, original))
      } else {
        first[word] = piece.index
        pieces.append(piece)
      }
    }
    self.pieces = Dictionary(grouping: pieces, by: \.kind)
    self.repeats = repeats
    organisation = trust.organisation
    roots = try pieces.filter { $0.kind == .trustRoot }.map { ($0.index, try $0.predicate()) }
    if let latest = roots.last, latest.root != trust {
      throw Problem(
        .judgingFailed,
        "the trust root in force is not the latest one in the evidence, entry \(latest.index)")
    }
  }

  /// The piece at an index; `nil` for one that only repeats another.
  func piece(at index: Int64) -> AdmittedEvidence? {
    pieces.values.joined().first { $0.index == index }
  }

  /// The trust root that stood before an entry; `nil` where the evidence has none.
  func trust(before index: Int64) -> TrustRoot? { roots.last { $0.index < index }?.root }

  /// Every piece by its envelope's digest.
  var references: [Digest: EvidenceReference] {
    Dictionary(pieces.values.joined().map { ($0.envelope, $0.reference) }) { first, _ in first }
  }

  /// All pieces of a kind, by ascending index.
  func pieces(_ kind: EvidenceKind) -> [AdmittedEvidence] { pieces[kind] ?? [] }

  /// Whether evidence speaks of that part of a release, of its application, or of the organisation.
  ///
  /// - Parameter organisation: the organisation's name in the trust root in force; without it only
  ///   the trust root itself speaks of the organisation.
  static func concerns(
    _ piece: AdmittedEvidence, _ subject: Catalog.SubjectKind, of release: Release,
    organisation: String? = nil
  ) -> Bool {
    // One commit, and one image, may serve several applications: what was shown of one of them is
    // not shown of another.
    if let application = piece.statement.application {
      guard application.isSame(as: release.application) else { return false }
    }
    let subjects = piece.statement.subjects
    func isCommit(_ subject: Subject) -> Bool { release.commit?.isSame(as: subject) ?? false }
    // A digest is computed for it, so only where it is asked.
    func isOfOrganisation() -> Bool {
      organisation.map { subjects.contains(where: Subject.organisation($0).isSame) } ?? false
    }
    let speaksOfImage = subjects.contains(where: release.delivers)
    switch subject {
    case .organisation: return piece.kind == .trustRoot || isOfOrganisation()
    // What is said of the whole organisation is said of each of its applications.
    case .application:
      return isOfOrganisation()
        || subjects.contains(where: Subject.application(release.application).isSame)
    case .commit: return subjects.contains(where: isCommit)
    case .image: return speaksOfImage
    // What was made of the commit and of another image, as two builds of one commit are, speaks
    // of that image.
    case .release: return speaksOfImage || subjects.allSatisfy(isCommit)
    }
  }

  private static func check(_ piece: AdmittedEvidence, size: Int64) throws {
    guard piece.index >= 0, piece.index < size else {
      throw Problem(
        .judgingFailed,
        "entry \(piece.index) lies outside the \(size) entries that are judged")
    }
    guard piece.statement.predicateType.isSame(as: piece.kind.predicateType) else {
      throw Problem(
        .judgingFailed,
        "entry \(piece.index) is recorded as \"\(piece.kind.rawValue)\", but its statement is of"
          + " type \(piece.statement.predicateType)")
    }
  }
}
