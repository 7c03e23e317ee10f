import Attestation
import Compliance
import Ledger
import Model

/// The evidence that decisions still to come will look at, by what it speaks of.
///
/// What speaks of a release is let go after the last decision about it; what people state of the
/// application or the organisation stays.
struct ReplayMemory {
  /// An entry as a gate may be shown it.
  enum Piece: Sendable {
    case admitted(AdmittedEvidence)
    case refused(RefusedEvidence, erasedBy: Int64?)

    var index: Int64 {
      switch self {
      case .admitted(let piece): piece.index
      case .refused(let piece, _): piece.index
      }
    }
  }

  private var pieces: [Digest: [Piece]] = [:]
  private var roots: [Piece] = []
  private let needed: [Digest: Int64]
  private let standing: Set<Digest>
  private var ends: [(size: Int64, digest: Digest)]

  /// - Parameter standing: subjects of standing words: applications and the organisation's names.
  init(needed: [Digest: Int64], standing: Set<Digest>) {
    self.needed = needed
    self.standing = standing
    ends = needed.map { ($0.value, $0.key) }.sorted { $0.0 > $1.0 }
  }

  /// Whether any decision will look at an entry.
  func wants(_ leaf: Leaf, index: Int64) -> Bool {
    leaf.kind == .trustRoot
      || leaf.subjects.contains { (needed[$0] ?? 0) > index }
      || EvidenceKind.standing.contains(leaf.kind)
        && leaf.subjects.contains(where: standing.contains)
  }

  /// Keeps an entry.
  mutating func add(_ piece: Piece, leaf: Leaf) {
    if leaf.kind == .trustRoot { roots.append(piece) }
    let isStanding = EvidenceKind.standing.contains(leaf.kind)
    for subject in Set(leaf.subjects)
    where (needed[subject] ?? 0) > piece.index || isStanding && standing.contains(subject) {
      pieces[subject, default: []].append(piece)
    }
  }

  /// All that a decision looks at, each entry once.
  func pieces(of release: Release, organisations: [String]) -> [Piece] {
    let words = ([.application(release.application)] + organisations.map(Subject.organisation))
      .flatMap(\.digests)
    var found: [Int64: Piece] = [:]
    for piece in roots { found[piece.index] = piece }
    for digest in release.digests + words {
      for piece in pieces[digest] ?? [] { found[piece.index] = piece }
    }
    return found.values.sorted { $0.index < $1.index }
  }

  /// Lets go of what no decision above that size looks at.
  mutating func forget(upTo size: Int64) {
    while let end = ends.last, end.size <= size {
      ends.removeLast()
      if !standing.contains(end.digest) { pieces[end.digest] = nil }
    }
  }
}
