import Model
public import Reading

/// An explanation as SARIF 2.1.0, for tools that show what checks found.
///
/// Only what is not met and required is a failure; missing is "open", what a person must judge
/// "review", an exception a suppressed failure. The verdict is a result of its own, so that a reader
/// of failures alone never takes a shut gate for an open one.
public struct ExplanationSARIF {
  private let explanation: Explanation
  private let version: String

  /// - Parameter version: the program's version.
  public init(_ explanation: Explanation, version: String) {
    self.explanation = explanation
    self.version = version
  }

  private var decision: Decision { explanation.decision }

  /// The log.
  public var json: JSONValue {
    let schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return .object([
      "$schema": .string(schema), "version": .string("2.1.0"), "runs": .array([run]),
    ])
  }

  private var run: JSONValue {
    let results = [verdict] + decision.bypasses.map(bypass) + decision.controls.map(control)
    let invocation: JSONObject = [
      "executionSuccessful": .bool(decision.outcome != .error),
      "endTimeUtc": .string(decision.time.description),
    ]
    return .object([
      "tool": .object(["driver": driver]),
      "invocations": .array([.object(invocation)]),
      "columnKind": .string("unicodeCodePoints"),
      "results": .array(results),
      "properties": properties,
    ])
  }

  private var driver: JSONValue {
    let own = [Self.rule("gate", "The gate's answer"), Self.rule("bypass", "What was left out")]
    let controls = decision.controls.map { control in
      Self.rule(
        control.control, "\(control.citation) \(control.title)",
        help: control.checks.compactMap(\.fix).joined(separator: "; "))
    }
    return .object([
      "name": .string("pratique"), "version": .string(version), "rules": .array(own + controls),
    ])
  }

  private var properties: JSONValue {
    .object([
      "environment": .string(decision.environment),
      "policy": .string(decision.policy.name),
      "policyDigest": .string(decision.policy.digest.description),
      "ledgerSize": .integer(decision.ledger.size),
      "ledgerRoot": .string(decision.ledger.root.description),
      "stepsToGreen": .array(explanation.steps.map { .string($0.sentence) }),
      "isShortest": .bool(explanation.isShortest),
    ])
  }

  private static func rule(_ id: String, _ title: String, help: String = "") -> JSONValue {
    var rule: JSONObject = ["id": .string(id), "shortDescription": text(title)]
    if !help.isEmpty { rule["help"] = text(help) }
    return .object(rule)
  }

  private static func text(_ words: String) -> JSONValue {
    .object(["text": .string(ShownText.line(words))])
  }

  private var verdict: JSONValue {
    let isOpen = decision.outcome == .allowed
    return result(
      "gate", kind: isOpen ? "pass" : "fail", level: isOpen ? "none" : "error",
      "\(decision.outcome.rawValue)"
        + (decision.reasons.isEmpty
          ? "" : ": " + decision.reasons.joined(separator: "; ")))
  }

  private func bypass(_ bypass: Bypass) -> JSONValue {
    result(
      "bypass", kind: "fail", level: "warning",
      "\(ExplanationText.word(bypass.kind)): \(bypass.sentence)",
      fingerprint: "bypass/\(bypass.kind.rawValue)/\(bypass.control ?? bypass.sentence)")
  }

  private func control(_ control: ControlResult) -> JSONValue {
    let (kind, level) = Self.weight(control)
    let words = control.checks.map(\.reason).joined(separator: "; ")
    var result = result(
      control.control, kind: kind, level: level,
      "\(control.state.rawValue): \(words.isEmpty ? control.producer : words)")
    if control.state == .excepted, var object = result.object {
      let reasons = decision.bypasses.filter { $0.control == control.control }.map(\.sentence)
      object["suppressions"] = .array([
        .object([
          "kind": .string("external"), "status": .string("accepted"),
          "justification": .string(ShownText.line(reasons.joined(separator: "; "))),
        ])
      ])
      result = .object(object)
    }
    return result
  }

  private static func weight(_ control: ControlResult) -> (kind: String, level: String) {
    switch control.state {
    case .met: ("pass", "none")
    case .outOfScope: ("notApplicable", "none")
    case .needsPerson: ("review", "none")
    case .missing: ("open", "none")
    case .excepted, .stale, .notMet: ("fail", control.isRequired ? "error" : "note")
    }
  }

  /// - Parameter fingerprint: what tells this result from the others of its rule.
  private func result(
    _ rule: String, kind: String, level: String, _ words: String, fingerprint: String? = nil
  ) -> JSONValue {
    let release = decision.release
    let place = "\(release.application)/\(decision.environment)"
    let location: JSONObject = [
      "name": .string(release.application),
      "fullyQualifiedName": .string("\(place)/\(release.version)"), "kind": .string("release"),
    ]
    let locations: JSONObject = ["logicalLocations": .array([.object(location)])]
    return .object([
      "ruleId": .string(rule), "kind": .string(kind), "level": .string(level),
      "message": Self.text(words), "locations": .array([.object(locations)]),
      "partialFingerprints": .object([
        "control/v1": .string("\(place)/\(fingerprint ?? rule)")
      ]),
    ])
  }
}
