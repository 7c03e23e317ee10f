public import Model

/// A bypass as people read it: what one person's word says of many controls is one line.
public struct GroupedBypass {
  /// What it is.
  public let kind: Bypass.Kind
  /// What it says, of all its controls.
  public let sentence: String
  /// The control that it is about, where it is about one.
  public let control: String?
  /// Until when it lasts.
  public let until: Instant?
  /// The entry that says so.
  public let evidence: EvidenceReference?

  /// Until when it lasts, where its sentence does not name the day already.
  public var end: Instant? { until.flatMap { sentence.contains($0.date) ? nil : $0 } }

  /// All bypasses of an answer, each once: first what opened the gate, then what was waived, then the
  /// rest.
  public static func all(of decision: Decision) -> [GroupedBypass] {
    let prefixes = Dictionary(
      decision.controls.map { ($0.control, "\($0.citation) \($0.title): ") },
      uniquingKeysWith: { first, _ in first })
    var groups: [[Bypass]] = []
    var places: [Word: Int] = [:]
    for bypass in decision.bypasses {
      let word = Word(bypass, prefix: bypass.control.flatMap { prefixes[$0] })
      if let word, let place = places[word] {
        groups[place].append(bypass)
      } else {
        if let word { places[word] = groups.count }
        groups.append([bypass])
      }
    }
    let rank = Self.rank
    let ordered = groups.enumerated().sorted {
      (rank[$0.element[0].kind] ?? 0, $0.offset) < (rank[$1.element[0].kind] ?? 0, $1.offset)
    }
    return ordered.map(\.element).map { group in
      guard group.count > 1, let control = group[0].control, let prefix = prefixes[control] else {
        return GroupedBypass(group[0])
      }
      return GroupedBypass(group, words: String(group[0].sentence.dropFirst(prefix.count)))
    }
  }

  private static let rank: [Bypass.Kind: Int] = [
    .breakGlass: 0, .observation: 1, .waiver: 2, .override: 3, .skip: 4, .outOfScope: 5,
  ]

  private init(_ bypass: Bypass) {
    kind = bypass.kind
    sentence = bypass.sentence
    control = bypass.control
    until = bypass.until
    evidence = bypass.evidence
  }

  private init(_ group: [Bypass], words: String) {
    kind = group[0].kind
    sentence = "each of \(Self.names(group.compactMap(\.control))) \(words)"
    control = nil
    until = group[0].until
    evidence = group[0].evidence
  }

  /// `24 controls (eu.ai-act 10, fda.gmlp 10, fda.pccp 4)`: by the first two parts of their ids, then
  /// by as much as all of a group have in common.
  private static func names(_ controls: [String]) -> String {
    let parts = controls.map { $0.split(separator: ".").map(String.init) }
    var groups: [[[String]]] = []
    for part in parts {
      if let place = groups.firstIndex(where: { $0[0].prefix(2) == part.prefix(2) }) {
        groups[place].append(part)
      } else {
        groups.append([part])
      }
    }
    let words = groups.map { group in
      let common = group.dropFirst().reduce(group[0]) { common, next in
        zip(common, next).prefix { $0 == $1 }.map(\.0)
      }
      return common.joined(separator: ".") + (group.count > 1 ? " \(group.count)" : "")
    }
    return "\(controls.count) controls (\(words.joined(separator: ", ")))"
  }

  /// What makes bypasses of several controls one word: the entry, and what it says.
  private struct Word: Hashable {
    let entry: Int64
    let text: String

    /// `nil` for what is always told by itself.
    init?(_ bypass: Bypass, prefix: String?) {
      guard bypass.kind == .outOfScope, let evidence = bypass.evidence, let prefix,
        bypass.sentence.hasPrefix(prefix)
      else { return nil }
      entry = evidence.index
      text = String(bypass.sentence.dropFirst(prefix.count))
    }
  }
}
