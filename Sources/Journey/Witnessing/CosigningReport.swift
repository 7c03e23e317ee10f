public import Model

/// What the witnesses said of a checkpoint.
public struct CosigningReport: Sendable, Encodable {
  /// What one witness said.
  public struct Answer: Sendable, Encodable {
    /// How it ended.
    public enum Outcome: String, Sendable, Encodable {
      /// It cosigned, and the cosignature was verified and kept.
      case cosigned
      /// There was no answer in time.
      case absent
      /// It did not cosign.
      case refused
      /// It holds a checkpoint, signed by this ledger's key, that this ledger contradicts.
      case contradicts
    }

    /// The witness's name in the configuration.
    public let witness: String
    /// How it ended.
    public let outcome: Outcome
    /// What was found, in one sentence.
    public let detail: String
    /// What proves a contradiction: the checkpoint that the witness holds, a signed note.
    public let proof: String?
  }

  /// The log's name.
  public let origin: String
  /// Size of the checkpoint.
  public let size: Int64
  /// What each witness said, in the order of the configuration.
  public let answers: [Answer]
  /// Whether the configured quorum is reached.
  public let isEnough: Bool
  /// How the quorum was counted, a sentence a line.
  public let explanation: [String]

  /// The witnesses that hold another history.
  public var contradictions: [Answer] { answers.filter { $0.outcome == .contradicts } }

  /// Number of witnesses whose cosignature is there.
  public var cosigned: Int { answers.count { $0.outcome == .cosigned } }

  /// What a person is to know, contradictions first.
  public var lines: [String] {
    contradictions.map { "CONTRADICTION: \($0.witness): \($0.detail)" } + [
      "the checkpoint of \(size) entries has \(cosigned) of \(answers.count) cosignatures: "
        + (isEnough ? "enough" : "NOT ENOUGH") + " (\(explanation.joined(separator: "; ")))"
    ]
      + answers.filter { $0.outcome != .contradicts }.map {
        "  \($0.witness): \($0.outcome.rawValue): \($0.detail)"
      }
  }

  /// What stands against going on: a contradiction; `nil` when there is none.
  public var contradiction: Problem? {
    contradictions.first.map { answer in
      Problem(
        .ledgerDamaged, "witness \(answer.witness) contradicts this ledger: \(answer.detail)",
        advice: "Append nothing. What the witness holds is kept in the ledger's folder,"
          + " contradictions/; docs/witness.md says what to do.")
    }
  }

  /// What stands against trusting the checkpoint: a contradiction, or too few; `nil` when there are
  /// enough.
  public var problem: Problem? {
    if let contradiction { return contradiction }
    guard !isEnough else { return nil }
    return Problem(
      .busy,
      "the checkpoint of \(size) entries has not enough cosignatures: "
        + explanation.joined(separator: "; "),
      advice: "Try again with: pratique ledger cosign")
  }
}
