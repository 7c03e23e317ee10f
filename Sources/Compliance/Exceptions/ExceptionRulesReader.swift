import Model
import Reading

/// Reads what an environment of a policy file lets people do beside the way through its gate.
struct ExceptionRulesReader {
  /// The keys of an environment that are read here.
  static let keys = [
    "waivers", "vex", "out-of-scope", "observe-only", "break-glass", "emergency", "freezes",
    "windows", "acquired",
  ]

  let fields: FieldReader

  /// The rules; `nil` where nothing is said.
  func rules() throws -> ExceptionRules? {
    var rules = ExceptionRules(
      waivers: try fields.node("waivers").map { try permission($0, "waivers") },
      outOfScope: try fields.node("out-of-scope").map { try permission($0, "out-of-scope") },
      observeOnly: try fields.node("observe-only").map { try permission($0, "observe-only") },
      breakGlass: try fields.node("break-glass").map(breakGlass),
      emergencies: try fields.list("emergency").map(emergency),
      freezes: try fields.list("freezes").map(freeze),
      windows: try fields.list("windows").map(window))
    rules.vex = try fields.node("vex").map { try permission($0, "vex") }
    rules.acquired = try fields.node("acquired").map(acquired)
    if let fault = rules.fault {
      let key = Self.keys.first { fault.hasPrefix("\"\($0)\"") } ?? ""
      throw ReadingError(fault, at: (fields.node(key) ?? fields.node).position)
    }
    return rules.isEmpty ? nil : rules
  }

  private func permission(_ node: YAMLNode, _ key: String) throws -> ExceptionRules.Permission {
    let isObservation = key == "observe-only"
    let fields = try FieldReader(
      node, "\"\(key)\"", known: ["roles", "maximum-days"] + (isObservation ? [] : ["never"]))
    guard let days = try fields.integer("maximum-days", in: ExceptionRules.Permission.days) else {
      throw ReadingError(
        "\"\(key)\" needs \"maximum-days\": an exception without an end is a rule",
        at: node.position)
    }
    return ExceptionRules.Permission(
      roles: try roles(fields, "roles"), maximumDays: days, never: try fields.strings("never"))
  }

  private func acquired(_ node: YAMLNode) throws -> ExceptionRules.AcquiredRule {
    let fields = try FieldReader(node, "\"acquired\"", known: ["not-applicable", "reason"])
    return ExceptionRules.AcquiredRule(
      notApplicable: try fields.strings("not-applicable"),
      reason: try fields.requiredString("reason"))
  }

  private func breakGlass(_ node: YAMLNode) throws -> ExceptionRules.BreakGlassRule {
    let fields = try FieldReader(
      node, "\"break-glass\"", known: ["roles", "hours", "review-days", "reviewers"])
    return ExceptionRules.BreakGlassRule(
      roles: try roles(fields, "roles"),
      hours: try fields.integer("hours", in: ExceptionRules.BreakGlassRule.hours) ?? 24,
      reviewDays: try fields.integer("review-days", in: ExceptionRules.BreakGlassRule.days) ?? 3,
      reviewers: try roles(fields, "reviewers"))
  }

  private func emergency(_ node: YAMLNode) throws -> ExceptionRules.Emergency {
    let fields = try FieldReader(
      node, "an emergency", known: ["class", "signers", "second", "second-within-hours"])
    return ExceptionRules.Emergency(
      name: try fields.requiredString("class"), signers: try people(fields, "signers"),
      second: try people(fields, "second"),
      secondWithinHours: try fields.integer(
        "second-within-hours", in: ExceptionRules.BreakGlassRule.hours))
  }

  private func people(_ fields: FieldReader, _ key: String) throws -> [TrustRoot.Requirement] {
    try fields.list(key).map { node in
      let rule = try FieldReader(node, "a requirement", known: ["role", "count"])
      return TrustRoot.Requirement(
        role: Role(rawValue: try rule.requiredString("role")),
        count: try rule.integer("count", in: Policy.counts) ?? 1)
    }
  }

  private func roles(_ fields: FieldReader, _ key: String) throws -> [Role] {
    try fields.strings(key).map(Role.init)
  }

  private func freeze(_ node: YAMLNode) throws -> ExceptionRules.Freeze {
    let fields = try FieldReader(node, "a freeze", known: ["from", "to", "zone", "reason"])
    return ExceptionRules.Freeze(
      from: try moment(fields, "from"), to: try moment(fields, "to"),
      zone: try fields.requiredString("zone"), reason: try fields.requiredString("reason"))
  }

  private func moment(_ fields: FieldReader, _ key: String) throws -> LocalMoment {
    let text = try fields.requiredString(key)
    guard let moment = LocalMoment(text) else {
      throw ReadingError(
        "\"\(text)\" is no local time; it looks like 2026-12-20T18:30",
        at: try fields.required(key).position)
    }
    return moment
  }

  private func window(_ node: YAMLNode) throws -> ExceptionRules.Window {
    let fields = try FieldReader(node, "a window", known: ["days", "from", "to", "zone"])
    let days = try fields.list("days").map { day in
      let text = try FieldReader.string(day)
      guard let weekday = Weekday(rawValue: text) else {
        let nearest = NearestWord.to(text, in: Weekday.allCases.map(\.rawValue))
        throw ReadingError(
          "\"\(text)\" is no day of the week"
            + (nearest.map { "; did you mean \"\($0)\"?" } ?? "; it looks like monday"),
          at: day.position)
      }
      return weekday
    }
    return ExceptionRules.Window(
      days: days, from: try minutes(fields, "from"), to: try minutes(fields, "to"),
      zone: try fields.requiredString("zone"))
  }

  private func minutes(_ fields: FieldReader, _ key: String) throws -> Int {
    let text = try fields.requiredString(key)
    guard let minutes = LocalMoment.minutes(text) else {
      throw ReadingError(
        "\"\(text)\" is no time of day; it looks like 18:30",
        at: try fields.required(key).position)
    }
    return minutes
  }
}
