import CEL
import Model

/// What a check says of one piece: which conditions are false, or what else speaks against it.
struct PieceAnswer {
  let piece: JudgedPiece
  /// The conditions that are false.
  let failing: [CheckProgram.Condition]
  /// What speaks against its age or its signer, where no condition is false.
  let fault: (state: ControlState, reason: String)?

  var state: ControlState { fault?.state ?? CheckProgram.state(failing) }
}

/// What a check says of all pieces that decide.
struct CheckVerdict {
  var state: ControlState
  var reason: String
  var because: [String] = []
  /// The conditions that are false.
  var failing: [CheckProgram.Condition] = []
}

extension CheckProgram {
  /// What false conditions make of a check.
  static func state(_ failing: [Condition]) -> ControlState {
    guard !failing.isEmpty else { return .met }
    return failing.allSatisfy { $0.otherwise == .stale } ? .stale : .notMet
  }
}

extension CheckJudging {
  func answer(_ program: CheckProgram, _ piece: JudgedPiece) throws -> PieceAnswer {
    let failing = try failing(
      program.each, "each", program.check, piece, piece.activation(base))
    let fault = failing.isEmpty ? time(program.check, piece) ?? signer(piece) : nil
    return PieceAnswer(piece: piece, failing: failing, fault: fault)
  }

  private func failing(
    _ conditions: [CheckProgram.Condition], _ key: String, _ check: Catalog.Check,
    _ piece: JudgedPiece?, _ activation: Activation
  ) throws -> [CheckProgram.Condition] {
    try conditions.filter { condition in
      let value: CELValue
      do throws(CELError) {
        value = try condition.program.evaluate(activation)
      } catch {
        throw failure(key, check, piece, error.description)
      }
      guard case .bool(let truth) = value else {
        throw failure(key, check, piece, "it is neither true nor false")
      }
      return !truth
    }
  }

  /// What the deciding pieces say, each by itself and then together.
  func verdict(_ program: CheckProgram, _ deciding: [PieceAnswer]) throws -> CheckVerdict {
    let failing = deciding.filter { $0.state != .met }
    guard failing.isEmpty else {
      let isStale = failing.allSatisfy { $0.state == .stale }
      let faults = failing.map { answer in
        answer.fault.map { CheckVerdict(state: $0.state, reason: $0.reason) }
          ?? explained(answer.failing, answer.piece.activation(base))
      }
      return CheckVerdict(
        state: isStale ? .stale : .notMet,
        reason: faults.map(\.reason).joined(separator: "; "), because: faults.flatMap(\.because),
        failing: faults.flatMap(\.failing))
    }
    var activation = base
    activation.values["pieces"] = .list(deciding.map(\.piece.evidence))
    activation.values["entries"] = .list(deciding.map(\.piece.entry))
    let together = try self.failing(
      program.together, "together", program.check, nil, activation)
    guard together.isEmpty else { return explained(together, activation) }
    let reason =
      program.togetherMet?.text(activation)
      ?? deciding.map { answer in
        program.met?.text(answer.piece.activation(base)) ?? "recorded at \(answer.piece.piece.time)"
      }.joined(separator: "; ")
    return CheckVerdict(state: .met, reason: reason)
  }

  /// False conditions in words, with the why-trace of each.
  private func explained(
    _ failing: [CheckProgram.Condition], _ activation: Activation
  ) -> CheckVerdict {
    var reasons: [String] = []
    var because: [String] = []
    for condition in failing {
      let lines = WhyTrace.lines(condition.program, activation)
      because += lines
      reasons.append(
        condition.unmet?.text(activation) ?? lines.first ?? "\(condition.program.source) is false")
    }
    return CheckVerdict(
      state: CheckProgram.state(failing), reason: reasons.joined(separator: "; "),
      because: because, failing: failing)
  }

  /// What speaks against a piece's age: by the older of its two times it must be young enough, and
  /// by neither may it be of the future.
  fileprivate func time(
    _ check: Catalog.Check, _ piece: JudgedPiece
  ) -> (state: ControlState, reason: String)? {
    if piece.times.upperBound > context.time {
      return (.notMet, "the evidence is of \(piece.times.upperBound), which lies in the future")
    }
    if let expires = piece.expires, expires <= context.time {
      return (.stale, "it counted until \(expires.date)")
    }
    let oldest = piece.times.lowerBound
    if let days = context.days(check.maximumAge), context.isOlder(oldest, thanDays: days) {
      return (.stale, "the evidence is of \(oldest.date), older than \(days) days")
    }
    return nil
  }

  /// A person's statement is that person's own: signed by nobody else, in a role that they hold.
  private func signer(_ piece: JudgedPiece) -> (state: ControlState, reason: String)? {
    guard piece.piece.kind == .personStatement else { return nil }
    let person = piece.evidence["person"]?.text ?? ""
    let role = piece.evidence["role"]?.text ?? ""
    guard person.isSame(as: piece.piece.signer) else {
      return (.notMet, "it names \(person), but \(piece.piece.signer) signed it")
    }
    guard let known = context.trust.people.first(where: { $0.id.isSame(as: person) }) else {
      return (.notMet, "\(person) is no person of the trust root in force")
    }
    guard known.roles.contains(where: { $0.rawValue.isSame(as: role) }) else {
      return (.notMet, "\(person) does not hold the role \"\(role)\"")
    }
    return nil
  }
}
