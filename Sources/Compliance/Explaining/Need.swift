import CEL
import Model

/// Something without which a gate stays shut.
struct Need: Hashable {
  /// What is needed.
  enum What: Hashable {
    /// Evidence of one of some kinds, of a subject, such as an expression asks.
    case evidence([EvidenceKind], Catalog.SubjectKind, about: String?)
    /// That what the evidence shows be changed.
    case mending(String)
    /// What a reason of the gate as a whole says.
    case reason(String)
  }

  let what: What
  /// The control and its check; `nil` for the gate as a whole.
  let check: String?
  let role: Role?
}

/// A step that might be taken, and the needs that it answers.
struct Candidate {
  let step: WayStep.Act
  /// What tells it from others of its sort: a topic, a fix.
  let object: String
  let subject: Catalog.SubjectKind?

  /// The kinds of evidence that a run of the pipeline records.
  static let ofRuns: Set<EvidenceKind> = [
    .sourceCheck, .step, .run, .intent, .testResult, .staticAnalysis, .vulnerabilityScan,
    .inventory, .provenance, .release, .rollout,
  ]

  func answers(_ need: Need) -> Bool {
    switch (step, need.what) {
    case (.mend, .mending(let fix)): return fix == object
    case (.run, .evidence(let kinds, _, _)): return !Self.ofRuns.isDisjoint(with: kinds)
    case (.run, .reason(let words)): return Self.isAnsweredByRun(words)
    case (.changeTrust, .evidence(let kinds, _, _)): return kinds.contains(.trustRoot)
    case (.changeTrust, .reason(let words)): return words.contains("does not pin policy")
    case (.state, .evidence(let kinds, let subject, let about)):
      return kinds.contains(.personStatement) && subject == self.subject
        && Topics.fits(object, about)
    case (.other, .evidence(let kinds, _, _)):
      return kinds.map(\.rawValue).joined(separator: " or ") == object
    case (.other, .reason(let words)):
      return words == object
    default: return false
    }
  }

  /// Whether a reason says itself that a new run answers it.
  static func isAnsweredByRun(_ words: String) -> Bool {
    words.contains("pratique run") || words.contains("release/bind")
      || words.contains("begin a new run") || words.contains("no check of the commit says")
  }
}

/// Which statements of people an expression asks for.
enum Topics {
  /// The texts in an expression: what a topic might be.
  static func named(in about: String) -> [String] {
    var found: [String] = []
    var rest = about[...]
    while let quote = rest.firstIndex(where: { $0 == "\"" || $0 == "'" }) {
      let after = rest.index(after: quote)
      guard let end = rest[after...].firstIndex(of: rest[quote]) else { break }
      found.append(String(rest[after..<end]))
      rest = rest[rest.index(after: end)...]
    }
    return found
  }

  /// Whether a statement on a topic is one that an expression speaks of. One that asks for more than
  /// a topic is answered only by a statement of its own.
  static func fits(_ topic: String, _ about: String?) -> Bool {
    guard let about else { return true }
    if about == topic { return true }
    let evidence = CELValue.map(CELMap([("topic", .string(topic))]))
    guard let program = try? Program(about, in: Environment(), isChecked: false),
      let value = try? program.evaluate(["evidence": evidence])
    else { return false }
    return value == .bool(true)
  }

  /// What to state, so that an expression is answered: its texts that fit, else itself.
  static func candidates(_ about: String?) -> [String] {
    guard let about else { return [""] }
    let fitting = named(in: about).filter { fits($0, about) }
    return fitting.isEmpty ? [about] : fitting
  }
}
