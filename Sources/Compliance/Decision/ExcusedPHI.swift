import Attestation
import Model
import Reading

extension SkipJudging {
  /// So many excuses of one search are shown one by one.
  private static let shown = 20

  /// Findings of the PHI guard that the commit's own file excuses. A commit must not be judged by
  /// what it brings itself without anybody seeing it: who approves sees each excuse first, and the
  /// policy's parameters bound them.
  func excusedPHI() -> [Bypass] {
    let searches = latest(.phiScan) { Series($0["scope"]?.string, nil) }
    return searches.flatMap { piece -> [Bypass] in
      let excuses = Self.byExcuse(piece.statement.predicate["excused"]?.array ?? [])
      let more = excuses.count - Self.shown
      return excuses.prefix(Self.shown).map { Self.bypass($0, piece) }
        + (more > 0
          ? [Self.bypass("\(more) more excuses of findings that may be PHI are in use", nil, piece)]
          : [])
    }
  }

  /// The sorts of findings that one excuse covers, together.
  private static func byExcuse(_ excused: [JSONValue]) -> [[JSONValue]] {
    var order: [[String?]] = []
    var found: [[String?]: [JSONValue]] = [:]
    for piece in excused {
      let excuse = ["path", "owner", "expires", "reason"].map { piece[$0]?.string }
      if found[excuse] == nil { order.append(excuse) }
      found[excuse, default: []].append(piece)
    }
    return order.compactMap { found[$0] }
  }

  private static func bypass(_ sorts: [JSONValue], _ piece: AdmittedEvidence) -> Bypass {
    func text(_ name: String) -> String { sorts.first?[name]?.string ?? "?" }
    let count = sorts.reduce(0) { $0 + ($1["count"]?.integer ?? 0) }
    let kinds = sorts.map { "\($0["count"]?.integer ?? 0) \($0["kind"]?.string ?? "?")" }
    let sentence =
      "\(count) finding\(count == 1 ? "" : "s") that may be PHI (\(kinds.joined(separator: ", ")))"
      + " in \(text("path")) \(count == 1 ? "is" : "are") excused by \(text("owner")) until"
      + " \(text("expires")): \(text("reason"))"
    return bypass(sentence, Instant("\(text("expires"))T23:59:59Z"), piece)
  }

  private static func bypass(
    _ sentence: String, _ until: Instant?, _ piece: AdmittedEvidence
  ) -> Bypass {
    Bypass(
      kind: .override, control: nil, sentence: sentence, until: until, evidence: piece.reference)
  }
}
