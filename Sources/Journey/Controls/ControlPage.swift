import Compliance
import Model
import Reading

/// A control with all that is asked for it.
public struct ControlPage: Hashable, Sendable, Codable {
  /// One condition of a check.
  public struct Condition: Hashable, Sendable, Codable {
    /// The expression, in CEL.
    public let that: String
    /// What is said when it is false.
    public let unmet: String?
    /// What the control then is.
    public let otherwise: String
  }

  /// One check.
  public struct Check: Hashable, Sendable, Codable {
    /// The id.
    public let check: String
    /// The kinds of evidence that answer.
    public let kinds: [String]
    /// Of what the evidence must speak.
    public let subject: String
    /// Greatest age in days; `nil` for any.
    public let maximumAgeDays: Int?
    /// Which pieces it speaks of, in CEL; `nil` for all.
    public let about: String?
    /// Of which pieces a later one replaces an earlier one, in CEL; `nil` for all.
    public let series: String?
    /// What is asked of each piece that decides.
    public let each: [Condition]
    /// What is asked of all of them together.
    public let together: [Condition]
    /// What to do when it is not met.
    public let fix: String
    /// The role that does it.
    public let owner: String?
  }

  /// The control on one line.
  public let control: ControlLine
  /// The framework, in words.
  public let framework: String
  /// Who or what produces its evidence.
  public let producer: String
  /// Controls of other frameworks that ask the same.
  public let crossReferences: [String]
  /// What is asked.
  public let checks: [Check]
  /// What it comes to, in sentences: what evidence can show of it and what it cannot.
  public let meaning: [String]
}

extension ControlBook {
  /// The page of a control.
  ///
  /// - Throws: `Problem` with `notFound` for an id that no catalog has, with the nearest one.
  public func page(_ id: String) throws -> ControlPage {
    let all = catalogs.flatMap { catalog in catalog.controls.map { (catalog, $0) } }
    let line = try list().first { $0.control == id }
    guard let line, let (catalog, control) = all.first(where: { $0.1.id == id }) else {
      let nearest = NearestWord.to(id, in: all.map(\.1.id))
      throw Problem(
        .notFound, "no catalog has the control \"\(id)\"",
        advice: nearest.map { "Did you mean \"\($0)\"?" } ?? "See all: pratique controls list")
    }
    return ControlPage(
      control: line, framework: catalog.framework, producer: control.producer,
      crossReferences: control.crossReferences,
      checks: control.checks.map { check($0, owner: control.owner) },
      meaning: Self.meaning(control, line))
  }

  private func check(_ check: Catalog.Check, owner: Role?) -> ControlPage.Check {
    ControlPage.Check(
      check: check.id, kinds: check.kinds.map(\.rawValue), subject: check.subject.rawValue,
      maximumAgeDays: days(check.maximumAge), about: check.about, series: check.series,
      each: check.each.map(ControlPage.Condition.init),
      together: check.together.map(ControlPage.Condition.init), fix: check.fix,
      owner: (check.owner ?? owner)?.rawValue)
  }

  private func days(_ age: Catalog.Age?) -> Int? {
    switch age {
    case nil: return nil
    case .days(let days): return days
    case .parameter(let name):
      guard case .integer(let days) = parameters.first(where: { $0.name == name })?.value else {
        return nil
      }
      return Int(exactly: days)
    }
  }

  private static func meaning(_ control: Catalog.Control, _ line: ControlLine) -> [String] {
    var words: [String] = []
    switch control.automation {
    case .evidence where control.checks.isEmpty:
      words.append("Evidence could decide it, and no check asks for any yet.")
    case .evidence: words.append("Evidence decides it.")
    case .evidenceAndPerson where control.isDecidable:
      words.append(
        "Evidence shows a part of it; the rest a person states, which shows that it is present and"
          + " current, not that it is adequate.")
    case .evidenceAndPerson:
      words.append("Evidence shows a part of it; whether it is met, a person judges.")
    case .person where control.checks.isEmpty:
      words.append("Only a person can say it, and no check asks for a statement yet.")
    case .person:
      words.append(
        "A person states it: that shows that it is present and current, not that it is adequate.")
    case .inherited:
      words.append("A provider answers for it; what is recorded is that somebody holds its report.")
    }
    switch control.scope {
    case .organisation: words.append("It speaks of the organisation, not of one release.")
    case .system: words.append("It speaks of the systems that run, not of one release.")
    case .release: break
    }
    if !control.isTextChecked {
      words.append("Its citation is from memory: compare it with the text before you rely on it.")
    }
    if line.required.isEmpty, line.shown.isEmpty {
      words.append("No environment asks it.")
    }
    return words
  }
}

extension ControlPage.Condition {
  init(_ condition: Catalog.Condition) {
    that = condition.that
    unmet = condition.unmet
    otherwise = condition.otherwise.rawValue
  }
}
