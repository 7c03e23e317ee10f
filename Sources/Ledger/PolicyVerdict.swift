import Model

/// What a trust policy says of a checkpoint: which log signed it, which witnesses cosigned it, and
/// whether that is enough.
public struct PolicyVerdict: Sendable {
  /// A witness that cosigned.
  public struct Cosigned: Hashable, Sendable {
    /// The witness's name within the policy.
    public let witness: TrustPolicy.Name
    /// When, by the witness's clock, in seconds since 1970-01-01T00:00:00Z.
    public let timestamp: Int64
  }

  /// The checkpoint, which one of the policy's logs signed.
  public let checkpoint: Checkpoint
  /// The key that signed it.
  public let log: NoteKey
  /// The witnesses that cosigned it, in the order of the policy.
  public let cosigned: [Cosigned]
  /// Whether the quorum is reached.
  public let isMet: Bool
  /// How the quorum was counted, one sentence a line: the quorum first, then what it is made of.
  public let explanation: [String]

  /// The sentence to show for a quorum that was not reached.
  var problem: Problem {
    Problem(
      .notTrusted,
      "the checkpoint has not the cosignatures that the trust policy asks for: "
        + explanation.joined(separator: "; "),
      advice: "Ask the ledger's holder for a checkpoint with the missing cosignatures.")
  }
}

extension TrustPolicy {
  /// Judges a signed checkpoint.
  ///
  /// - Parameter known: further log keys that the asker trusts for other reasons, such as when the
  ///   policy names no log.
  /// - Returns: what was found, also when the quorum is not reached.
  /// - Throws: `Problem` with `badInput` when the note is no checkpoint; `notTrusted` when no
  ///   trusted log signed it under its own name, or a signature of a known key is wrong.
  public func judge(_ note: SignedNote, logs known: [NoteKey] = []) throws -> PolicyVerdict {
    let checkpoint = try Checkpoint(body: note.text)
    let listed = logs.map(\.key)
    let logKeys = listed + known.filter { !listed.contains($0) }
    guard !logKeys.isEmpty else {
      throw Problem(
        .notTrusted, "the trust policy names no log",
        advice: "Add a line \"log VKEY\" with the key that the log's operator publishes.")
    }
    let found = try note.examine(with: logKeys + witnesses.map(\.key))
    // The name of a log's key is the log's origin: a log that is trusted may not speak for another.
    guard
      let log = found.signed.map(\.key).first(where: { key in
        logKeys.contains(key) && LineText.same(key.name, checkpoint.origin)
      })
    else {
      let reason =
        found.notCheckable.contains { logKeys.contains($0) }
        ? "its log's signature is of an algorithm that cannot be checked here"
        : "none of the trusted logs signed it under this name"
      throw Problem(.notTrusted, "the checkpoint is of \"\(checkpoint.origin)\": \(reason)")
    }
    let cosigned = witnesses.compactMap { witness in
      found.signed.first { $0.key == witness.key }.map {
        PolicyVerdict.Cosigned(witness: witness.name, timestamp: $0.timestamp ?? 0)
      }
    }
    let count = QuorumCount(policy: self, cosigned: cosigned)
    let isMet = count.isMet
    return PolicyVerdict(
      checkpoint: checkpoint, log: log, cosigned: cosigned, isMet: isMet,
      explanation: count.explanation)
  }

  /// Checks that a signed checkpoint is of a trusted log and has the cosignatures that the policy
  /// asks for.
  ///
  /// - Returns: what was found.
  /// - Throws: `Problem` with `notTrusted` that says what is missing, `badInput` when the note is no
  ///   checkpoint.
  public func verify(_ note: SignedNote, logs known: [NoteKey] = []) throws -> PolicyVerdict {
    let verdict = try judge(note, logs: known)
    guard verdict.isMet else { throw verdict.problem }
    return verdict
  }
}

/// Counts who witnessed a checkpoint, group by group.
private struct QuorumCount {
  private var witnessed: Set<TrustPolicy.Name>
  private let policy: TrustPolicy

  init(policy: TrustPolicy, cosigned: [PolicyVerdict.Cosigned]) {
    self.policy = policy
    witnessed = Set(cosigned.map(\.witness))
    // A group stands after its members, so one pass is enough.
    for group in policy.groups
    where group.members.count(where: witnessed.contains) >= group.threshold {
      witnessed.insert(group.name)
    }
  }

  var isMet: Bool {
    switch policy.quorum {
    case .none: true
    case .of(let name): witnessed.contains(name)
    }
  }

  var explanation: [String] {
    switch policy.quorum {
    case .none: ["the policy asks for no cosignature"]
    case .of(let name): explain(name)
    }
  }

  private func explain(_ name: TrustPolicy.Name) -> [String] {
    guard let group = policy.groups.first(where: { $0.name == name }) else {
      if witnessed.contains(name) { return ["witness \(name) cosigned"] }
      let isCheckable =
        policy.witnesses.first { $0.name == name }?.key.algorithm.isVerifiable ?? true
      return [
        "witness \(name) is missing"
          + (isCheckable ? "" : " (its ML-DSA-44 cosignatures cannot be checked here)")
      ]
    }
    let present = group.members.filter(witnessed.contains)
    let missing = group.members.filter { !witnessed.contains($0) }
    func list(_ names: [TrustPolicy.Name]) -> String {
      names.map(\.description).joined(separator: ", ")
    }
    var line = "group \(name) needs \(group.threshold) of \(group.members.count)"
    line += present.isEmpty ? ", has none" : ", has \(present.count) (\(list(present)))"
    if !missing.isEmpty { line += "; not there: \(list(missing))" }
    let inner = group.members.filter { member in
      policy.groups.contains { $0.name == member }
        || policy.witnesses.contains { $0.name == member && !$0.key.algorithm.isVerifiable }
    }
    return [line] + inner.flatMap(explain)
  }
}
