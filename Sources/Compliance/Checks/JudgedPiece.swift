import Attestation
import CEL
import Model
import Reading

/// A piece of evidence as checks see it: read once in a decision, however many checks ask it.
struct JudgedPiece {
  /// The predicate.
  let evidence: CELValue
  /// The older of when it says that it was made and when it was recorded, and the younger.
  let times: ClosedRange<Instant>
  /// From then on it counts no more, where it says so.
  let expires: Instant?

  /// Reads a piece.
  ///
  /// - Throws: `Problem` with `judgingFailed`: evidence that cannot be read is never passed over.
  init(_ piece: AdmittedEvidence, as shape: Shape) throws {
    do throws(Shape.Fault) {
      evidence = try shape.value(piece.statement.predicate)
    } catch {
      throw Problem(
        .judgingFailed,
        "entry \(piece.index) of kind \"\(piece.kind.rawValue)\" cannot be read as such: "
          + error.words)
    }
    let stated = Self.statedTime(piece) ?? piece.time
    times = min(stated, piece.time)...max(stated, piece.time)
    expires =
      piece.kind == .personStatement ? evidence["expires"]?.text.flatMap { Instant($0) } : nil
  }

  /// When evidence says that it was made; `nil` for kinds that do not say it.
  static func statedTime(_ piece: AdmittedEvidence) -> Instant? {
    let predicate = piece.statement.predicate
    let text =
      switch piece.kind {
      case .trustRoot: nil as String?
      case .provenance: predicate["runDetails"]?["metadata"]?["finishedOn"]?.string
      default:
        predicate["finishedAt"]?.string ?? predicate["urn:pratique:time"]?.string
          ?? predicate["time"]?.string
      }
    return text.flatMap { Instant($0) }
  }
}
