import Model
import Reading

/// Reads one advisory of the OSV schema, version 1. What this program does not match by is passed
/// over, as the schema asks of readers; what it matches by must be as the schema says.
enum AdvisoryReader {
  /// Reads an advisory.
  ///
  /// - Throws: `ReadingError` with the place.
  static func read(_ node: JSONNode) throws -> Advisory {
    if let version = try node.text("schema_version"), !version.hasPrefix("1.") {
      throw node.fault("an advisory of schema \(version); 1.x is understood")
    }
    let id = try node.requiredText("id")
    guard !id.isEmpty, id.utf8.count <= 128 else { throw node.fault("\"\(id)\" is no id") }
    let aliases = try node.texts("aliases") + node.texts("upstream")
    var other = 0
    let affected = try node.list("affected").compactMap { element -> Advisory.Affected? in
      let package = try Self.affected(element)
      if package == nil { other += 1 }
      return package
    }
    return Advisory(
      id: id, aliases: Self.ordered(aliases, besides: id),
      summary: try Self.summary(node) ?? id,
      modified: try Self.time(node, "modified", isNeeded: true),
      published: try Self.optionalTime(node, "published"),
      withdrawn: try Self.optionalTime(node, "withdrawn"),
      severity: try Self.severity(node, word: "database_specific"), affected: affected,
      otherEcosystems: other)
  }

  /// CVEs first, then the rest by name, each once.
  private static func ordered(_ ids: [String], besides id: String) -> [String] {
    let others = Set(ids).subtracting([id]).sorted()
    return others.filter { $0.hasPrefix("CVE-") } + others.filter { !$0.hasPrefix("CVE-") }
  }

  private static func summary(_ node: JSONNode) throws -> String? {
    let text = try node.text("summary") ?? node.text("details")
    let line = text?.split(whereSeparator: \.isNewline).first.map { String($0.prefix(300)) }
    return line?.isEmpty == false ? line : nil
  }

  private static func optionalTime(_ node: JSONNode, _ name: StaticString) throws -> Instant? {
    try node.text(name) == nil ? nil : time(node, name, isNeeded: false)
  }

  private static func time(
    _ node: JSONNode, _ name: StaticString, isNeeded: Bool
  ) throws -> Instant {
    let text = isNeeded ? try node.requiredText(name) : try node.text(name) ?? ""
    guard let instant = Instant(text), instant.milliseconds > 0 else {
      throw node.fault("\"\(name)\" is \"\(text)\"; expected a time such as 2026-11-23T11:30:00Z")
    }
    return instant
  }

  /// `nil` for a package of an ecosystem that is not known here, and for what names no package.
  private static func affected(_ node: JSONNode) throws -> Advisory.Affected? {
    guard let package = try node.object("package") else { return nil }
    let name = try package.requiredText("name")
    guard let ecosystem = Ecosystem(try package.requiredText("ecosystem")) else { return nil }
    var severity = try Self.severity(node, word: "ecosystem_specific")
    if severity.word == nil {
      severity.word = try Self.severity(node, word: "database_specific").word
    }
    return Advisory.Affected(
      ecosystem: ecosystem, name: ecosystem.canonical(name),
      ranges: try node.list("ranges").map(Self.range), versions: Set(try node.texts("versions")),
      severity: severity)
  }

  private static func range(_ node: JSONNode) throws -> Advisory.Range {
    let word = try node.requiredText("type")
    guard let kind = Advisory.Range.Kind(rawValue: word) else {
      throw node.fault("\"\(word)\" is no type of a range; expected ECOSYSTEM, SEMVER or GIT")
    }
    let events = try node.list("events").map { event -> Advisory.Event in
      let members = event.isObject ? Array(event.members) : []
      guard members.count == 1, let member = members.first, let value = member.value.string,
        !value.isEmpty
      else { throw event.fault("expected one event with a version") }
      switch member.name {
      case "introduced": return .introduced(value)
      case "fixed": return .fixed(value)
      case "last_affected": return .lastAffected(value)
      case "limit": return .limit(value)
      default: throw event.fault("\"\(member.name)\" is no event")
      }
    }
    let isBegun = events.contains { if case .introduced = $0 { true } else { false } }
    guard isBegun else { throw node.fault("a range without a version in which it was introduced") }
    return Advisory.Range(kind: kind, events: events)
  }

  private static func severity(
    _ node: JSONNode, word container: StaticString
  ) throws -> StatedSeverity {
    var stated = StatedSeverity()
    for row in try node.list("severity") {
      let score = try row.requiredText("score")
      let type = try row.requiredText("type")
      if type.hasPrefix("CVSS") {
        stated.vectors.append(score)
      } else if let severity = Self.word(score) {
        stated.word = severity
      }
    }
    // These members are the databases' own: of another form, they say nothing here.
    if let own = node.member(container), own.isObject, let text = own.member("severity")?.string,
      let severity = Self.word(text)
    {
      stated.word = severity
    }
    return stated
  }

  /// The words of GitHub, Ubuntu and Red Hat; of any other, nothing is guessed.
  private static func word(_ text: String) -> Severity? {
    switch text.lowercased() {
    case "critical": .critical
    case "high", "important": .high
    case "medium", "moderate": .medium
    case "low", "negligible": .low
    case "none": Severity.none
    default: nil
    }
  }
}

extension JSONNode {
  func fault(_ message: String) -> ReadingError { ReadingError(message, pointer: pointer) }

  /// The member, where there is one that is not `null`.
  func present(_ name: StaticString) throws -> JSONNode? {
    guard isObject else { throw fault("expected an object, found \(sort)") }
    guard let member = member(name), !member.isNull else { return nil }
    return member
  }

  func object(_ name: StaticString) throws -> JSONNode? {
    guard let node = try present(name) else { return nil }
    guard node.isObject else { throw node.fault("expected an object, found \(node.sort)") }
    return node
  }

  func text(_ name: StaticString) throws -> String? {
    guard let node = try present(name) else { return nil }
    guard let text = node.string else { throw node.fault("expected a text, found \(node.sort)") }
    return text
  }

  func requiredText(_ name: StaticString) throws -> String {
    guard let text = try text(name) else { throw fault("\"\(name)\" is missing") }
    return text
  }

  func list(_ name: StaticString) throws -> [JSONNode] {
    guard let node = try present(name) else { return [] }
    guard node.isArray else { throw node.fault("expected an array, found \(node.sort)") }
    return Array(node.elements)
  }

  func texts(_ name: StaticString) throws -> [String] {
    try list(name).map { element in
      guard let text = element.string else {
        throw element.fault("expected a text, found \(element.sort)")
      }
      return text
    }
  }
}
