import Model
import Reading

/// The tool of a SARIF run and the rules that its results point to.
struct SARIFRules {
  /// One rule, as far as findings need it.
  struct Rule {
    let id: String
    var title: String?
    var level: String?
    var score: Int?
    var weaknesses: [String]?
  }

  static let levels: Set<String> = ["none", "note", "warning", "error"]

  let tool: IntakeReport.Tool
  private let driver: [Rule]
  private let extensions: [[Rule]]
  /// Places of the driver's rules by id.
  private let places: [String: Int]

  init(_ tool: ReportNode) throws {
    let driver = try tool.member("driver")
    let version = try driver.string("semanticVersion") ?? driver.string("version")
    self.tool = .init(name: try driver.requiredString("name"), version: version)
    self.driver = try Self.rules(driver)
    places = Dictionary(
      self.driver.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    extensions = try tool.elements("extensions").map(Self.rules)
  }

  private static func rules(_ component: ReportNode) throws -> [Rule] {
    try component.elements("rules").map { rule in
      let level = try rule.optional("defaultConfiguration")?.string("level")
      if let level, !levels.contains(level) { throw rule.error("\"\(level)\" is no level") }
      return Rule(
        id: try rule.requiredString("id"),
        title: try rule.optional("shortDescription")?.string("text") ?? rule.string("name"),
        level: level, score: try score(rule),
        weaknesses: try SARIFPlaces.weaknesses(ofRule: rule))
    }
  }

  /// The rule that a result points to by id, by index, or both (sections 3.27.5 to 3.27.7).
  func rule(of result: ReportNode) throws -> Rule {
    let reference = try result.optional("rule")
    let id = try result.string("ruleId") ?? reference?.string("id")
    var rules = driver
    if let place = try reference?.optional("toolComponent")?.count("index") {
      guard extensions.indices.contains(place) else {
        throw result.error("the result points to extension \(place), which the run does not hold")
      }
      rules = extensions[place]
    }
    let index =
      try Self.index(result, "ruleIndex") ?? reference.flatMap { try Self.index($0, "index") }
    guard let index else {
      guard let id else { throw result.error("the result names no rule") }
      let known = reference == nil ? places[id].map { rules[$0] } : nil
      return (known ?? rules.first { Self.covers($0.id, id) }).map { Self.named(id, $0) }
        ?? Rule(id: id)
    }
    guard rules.indices.contains(index) else {
      throw result.error("the result points to rule \(index), which the run does not hold")
    }
    if let id, !Self.covers(rules[index].id, id) {
      throw result.error("the result names rule \(id) and points to rule \(rules[index].id)")
    }
    return Self.named(id ?? rules[index].id, rules[index])
  }

  /// An index, where -1 says that there is none (section 3.7.4).
  private static func index(_ node: ReportNode, _ name: StaticString) throws -> Int? {
    if try node.optional(name)?.json.integer == -1 { return nil }
    return try node.count(name)
  }

  /// Whether a result's id is the rule's, or one below it (section 3.27.5, hierarchical ids).
  private static func covers(_ rule: String, _ id: String) -> Bool {
    id.utf8.elementsEqual(rule.utf8) || id.utf8.starts(with: (rule + "/").utf8)
  }

  private static func named(_ id: String, _ rule: Rule) -> Rule {
    Rule(
      id: id, title: rule.title, level: rule.level, score: rule.score,
      weaknesses: rule.weaknesses)
  }

  /// The property `security-severity`, which scanners write as text or as a number.
  static func score(_ node: ReportNode) throws -> Int? {
    guard let value = try node.optional("properties")?.optional("security-severity") else {
      return nil
    }
    let number = value.json.number ?? value.json.string.flatMap { Double($0) }
    guard let number, let tenths = Score.tenths(number) else {
      throw value.error("expected a score from 0 to 10")
    }
    return tenths
  }

  /// A severity from what was said: the score decides, by the bands of CVSS 3.1; else the level.
  static func severity(level: String?, score: Int?) -> Severity {
    if let score { return Score.severity(score) }
    return switch level {
    case "error": .high
    case "warning": .medium
    case "note": .low
    case "none": .none
    default: .unknown
    }
  }
}
