import Attestation
import Model
import Reading

/// A standing statement of a trusted signer that cannot be read as what it is recorded as.
///
/// It speaks of every release of an application, or of the whole organisation, and stays in the ledger
/// for ever: so it must not stop them all. It gives nothing, and takes back whatever it may have taken
/// back; what is said after it counts.
struct UnreadWord {
  let piece: AdmittedEvidence
  /// Why it cannot be read.
  let fault: String

  /// The kinds of which that holds.
  static let kinds: [EvidenceKind] = EvidenceKind.standing.subtracting([.trustRoot]).sorted()

  /// Why the gate itself cannot read a statement of one of those kinds; `nil` where it can. What is
  /// asked of people's statements are checks' questions alone.
  static func fault(_ piece: AdmittedEvidence) -> String? {
    let statement = piece.statement
    do {
      switch piece.kind {
      case .scopeStatement: _ = try statement.predicate(as: ScopeStatement.self)
      case .waiver: _ = try statement.predicate(as: Waiver.self)
      case .breakGlass: _ = try statement.predicate(as: BreakGlass.self)
      case .breakGlassReview: _ = try statement.predicate(as: BreakGlassReview.self)
      case .observation: _ = try statement.predicate(as: Observation.self)
      case .vex: _ = try statement.predicate(as: VEXWord.self)
      default: return shapeFault(piece)
      }
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// Why checks cannot read a piece; `nil` where they can.
  static func shapeFault(_ piece: AdmittedEvidence) -> String? {
    do throws(Shape.Fault) {
      _ = try (Shape.kinds[piece.kind] ?? .any).value(piece.statement.predicate)
      return nil
    } catch {
      return error.words
    }
  }

  /// Whether a field may say that: unless it is a text, and another one.
  func maySay(_ text: String, in field: String) -> Bool {
    piece.statement.predicate[field]?.string.map { $0.isSame(as: text) } ?? true
  }

  /// Whether a list of texts may name that: unless it is one, and does not.
  func mayName(_ text: String, in field: String) -> Bool {
    guard let list = piece.statement.predicate[field]?.array else { return true }
    return list.contains { $0.string.map { $0.isSame(as: text) } ?? true }
  }
}

extension GateEvidence {
  /// The statements of a standing kind that can be read, by ascending index.
  func words(_ kind: EvidenceKind) -> [AdmittedEvidence] {
    places(kind).filter { unread[$0] == nil }.map { all[$0] }
  }

  /// Those that cannot be read, by ascending index.
  func unreadWords(_ kind: EvidenceKind) -> [UnreadWord] {
    places(kind).compactMap { place in
      unread[place].map { UnreadWord(piece: all[place], fault: $0) }
    }
  }
}

extension StandingWord {
  /// A statement that cannot be read, was recorded after another one, and may take that back;
  /// `nil` where there is none.
  ///
  /// - Parameter may: what else must be possible of it, beside speaking of this application and
  ///   environment.
  func doubt(
    of piece: AdmittedEvidence, _ kind: EvidenceKind, _ may: (UnreadWord) -> Bool
  ) -> Int64? {
    evidence.unreadWords(kind).last {
      $0.piece.index > piece.index && evidence.subjects.concerns($0.piece, .application)
        && $0.maySay(environment, in: "environment") && may($0)
    }?.piece.index
  }
}
