import Attestation
import Model

/// The evidence that a gate counts: in the ledger's order, each signed statement once.
struct GateEvidence {
  /// An entry that only repeats an earlier one.
  struct Repeat {
    let piece: AdmittedEvidence
    /// The earlier entry, and its place among all that count.
    let original: Int64
    let place: Int
  }

  /// All pieces that were given, by ascending index. A piece's place in it stands for the piece
  /// wherever many are looked at; those that count are found by their kinds.
  let all: [AdmittedEvidence]
  private let kinds: [EvidenceKind: [Int]]
  /// Of what evidence may speak.
  let subjects: ReleaseSubjects
  /// Every trust root, by the ascending index of the entry that brought it.
  private let roots: [(index: Int64, root: TrustRoot)]
  /// Entries that only repeat an earlier one, by ascending index.
  let repeats: [Repeat]

  /// Why the gate cannot read standing statements, by their places.
  let unread: [Int: String]
  /// Why checks cannot read standing statements, by their places.
  let misshapen: [Int: String]

  /// Takes all evidence on a release, of a ledger of that size.
  ///
  /// A statement that is recorded again counts where it first stood: else an old pass, recorded
  /// again, would hide the failure that came after it, and old evidence would look young.
  ///
  /// - Throws: `Problem` with `judgingFailed` when the evidence cannot be what the ledger had at
  ///   that position.
  init(
    _ evidence: [AdmittedEvidence], on release: Release, size: Int64, trust: TrustRoot
  ) throws {
    let pieces = Self.ordered(evidence)
    var kinds: [EvidenceKind: [Int]] = [:]
    var words = SignedWords(capacity: evidence.count)
    var repeats: [Repeat] = []
    for place in pieces.indices {
      try Self.check(pieces[place], size: size)
      if place > 0, pieces[place - 1].index == pieces[place].index {
        guard pieces[place - 1].envelope == pieces[place].envelope else {
          throw Problem(
            .judgingFailed, "two pieces of evidence stand at entry \(pieces[place].index)")
        }
        continue
      }
      if let first = words.first(pieces[place], at: place, among: pieces) {
        repeats.append(
          Repeat(piece: pieces[place], original: pieces[first].index, place: first))
      } else {
        kinds[pieces[place].kind, default: []].append(place)
      }
    }
    all = pieces
    self.kinds = kinds
    self.repeats = repeats
    subjects = ReleaseSubjects(release, organisation: trust.organisation)
    var unread: [Int: String] = [:]
    var misshapen: [Int: String] = [:]
    for place in UnreadWord.kinds.flatMap({ kinds[$0] ?? [] }) {
      unread[place] = UnreadWord.fault(pieces[place])
      misshapen[place] = UnreadWord.shapeFault(pieces[place])
    }
    self.unread = unread
    self.misshapen = misshapen
    roots = try (kinds[.trustRoot] ?? []).map { (pieces[$0].index, try pieces[$0].predicate()) }
    if let latest = roots.last, latest.root != trust {
      throw Problem(
        .judgingFailed,
        "the trust root in force is not the latest one in the evidence, entry \(latest.index)")
    }
  }

  /// By ascending index; a ledger hands it over so.
  private static func ordered(_ evidence: [AdmittedEvidence]) -> [AdmittedEvidence] {
    let isOrdered = evidence.indices.dropFirst().allSatisfy {
      evidence[$0 - 1].index < evidence[$0].index
    }
    return isOrdered
      ? evidence : evidence.sorted { ($0.index, $0.envelope) < ($1.index, $1.envelope) }
  }

  /// The pieces that count and whose envelopes are among these, by ascending index.
  func pieces(_ envelopes: Set<Digest>) -> [AdmittedEvidence] {
    kinds.values.joined().filter { envelopes.contains(all[$0].envelope) }.sorted().map { all[$0] }
  }

  /// The piece at an index; `nil` where none stands.
  func piece(at index: Int64) -> AdmittedEvidence? {
    var (low, high) = (0, all.count)
    while low < high {
      let middle = (low + high) / 2
      if all[middle].index < index { low = middle + 1 } else { high = middle }
    }
    return low < all.count && all[low].index == index ? all[low] : nil
  }

  /// The trust root that stood before an entry; `nil` where the evidence has none.
  func trust(before index: Int64) -> TrustRoot? { roots.last { $0.index < index }?.root }

  /// The places of all pieces of a kind, ascending.
  func places(_ kind: EvidenceKind) -> [Int] { kinds[kind] ?? [] }

  /// All pieces of a kind, by ascending index.
  func pieces(_ kind: EvidenceKind) -> [AdmittedEvidence] { places(kind).map { all[$0] } }

  /// Whether evidence speaks of that part of a release or of its application; what is said of the
  /// organisation is left aside.
  static func concerns(
    _ piece: AdmittedEvidence, _ subject: Catalog.SubjectKind, of release: Release
  ) -> Bool { ReleaseSubjects(release, organisation: nil).concerns(piece, subject) }

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
