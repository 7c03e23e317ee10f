public import Model

/// Signed evidence that could not be recorded, and waits in the spool.
///
/// What is in no ledger counts for nothing, and nobody looks at what it says; but it may speak against
/// the release, so the gate stays shut while it waits, or is opened by break-glass.
public struct UnrecordedEvidence: Hashable, Sendable {
  /// What it says that it is about.
  public let kind: EvidenceKind
  /// SHA-256 of the envelope; of the whole file where that cannot be read.
  public let digest: Digest

  /// Names what waits.
  public init(kind: EvidenceKind, digest: Digest) {
    self.kind = kind
    self.digest = digest
  }

  /// What waited when a decision was made.
  public static func of(_ decision: Decision) -> [UnrecordedEvidence] {
    decision.inputs.filter { $0.what == .unrecorded }.map {
      UnrecordedEvidence(kind: EvidenceKind(rawValue: $0.name ?? ""), digest: $0.digest)
    }
  }
}

/// What evidence that waits in the spool means for a gate.
struct UnrecordedJudging {
  private let waiting: [UnrecordedEvidence]
  private static let shown = 5

  init(_ waiting: [UnrecordedEvidence]) { self.waiting = Self.ordered(waiting) }

  private static func ordered(_ waiting: [UnrecordedEvidence]) -> [UnrecordedEvidence] {
    Set(waiting).sorted { ($0.kind, $0.digest) < ($1.kind, $1.digest) }
  }

  /// As inputs of the decision.
  var inputs: [DecisionInput] {
    waiting.map {
      DecisionInput(what: .unrecorded, name: $0.kind.rawValue, entry: nil, digest: $0.digest)
    }
  }

  /// Why the gate is shut; empty where nothing waits.
  var reasons: [String] {
    waiting.isEmpty
      ? [] : ["\(words) — record it first: pratique ledger spool flush"]
  }

  /// What stands first in the answer, whatever it is.
  var bypasses: [Bypass] {
    waiting.isEmpty
      ? [] : [Bypass(kind: .skip, control: nil, sentence: words, until: nil, evidence: nil)]
  }

  private var words: String {
    let names = waiting.prefix(Self.shown).map {
      "\($0.kind.rawValue) \($0.digest.algorithm.rawValue):\($0.digest.short)"
    }
    let more = waiting.count - names.count
    return "\(waiting.count) piece\(waiting.count == 1 ? "" : "s") of signed evidence could not be"
      + " recorded, and nobody has looked at what waits in the spool: "
      + names.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
  }
}
