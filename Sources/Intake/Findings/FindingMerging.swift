public import Model

/// Finds the findings that several tools report, each in its own words.
public enum FindingMerging {
  /// The findings of several reports, those that are the same made one.
  ///
  /// Two are the same when their fingerprints are, when they share an id and a package, or when two
  /// tools see the same weakness at the same line of the same file. Of severities and scores the
  /// worst that is known stands; unknown stays only where every tool says so. Each names its
  /// sources.
  public static func merge(_ reports: [(tool: String, findings: [Finding])]) -> [Finding] {
    var groups = Groups()
    var tools: [String] = []
    var findings: [Finding] = []
    for (tool, reported) in reports {
      for finding in reported {
        let place = findings.count
        findings.append(finding)
        tools.append(tool)
        groups.add()
        for key in keys(of: finding) { groups.join(place, key) }
        for key in weaknessKeys(of: finding) { groups.join(place, key, of: tool, in: tools) }
      }
    }
    return groups.members().map { members in
      merged(members.map { findings[$0] }, from: members.map { tools[$0] })
    }
  }

  private static func keys(of finding: Finding) -> [String] {
    var keys = finding.fingerprint.map { [$0.description] } ?? []
    if let package = finding.package {
      let name = PackageIdentity.of(package)
      keys += ([finding.rule] + (finding.aliases ?? [])).map { "\($0) \(name)" }
    }
    if let file = finding.file, let line = finding.line, finding.package == nil {
      keys.append("\(finding.rule) \(file):\(line)")
    }
    return keys
  }

  private static func weaknessKeys(of finding: Finding) -> [String] {
    guard let file = finding.file, let line = finding.line else { return [] }
    return (finding.weaknesses ?? []).map { "\($0) \(file):\(line)" }
  }

  private static func merged(_ findings: [Finding], from tools: [String]) -> Finding {
    let first = findings[0]
    let scored = findings.max { ($0.cvssTenths ?? -1) < ($1.cvssTenths ?? -1) } ?? first
    let ids = findings.flatMap { [$0.rule] + ($0.aliases ?? []) }
    let weaknesses = findings.flatMap { $0.weaknesses ?? [] }
    return Finding(
      rule: first.rule, severity: findings.map(\.severity).max() ?? .unknown, title: first.title,
      cvssTenths: scored.cvssTenths, package: findings.lazy.compactMap(\.package).first,
      fixedVersion: findings.lazy.compactMap(\.fixedVersion).first,
      file: findings.lazy.compactMap(\.file).first, line: findings.lazy.compactMap(\.line).first,
      cvssVector: scored.cvssVector, aliases: VulnerabilityID.others(ids, than: first.rule),
      weaknesses: Weakness.ids(weaknesses), firstSeen: findings.compactMap(\.firstSeen).min(),
      fingerprint: first.fingerprint, sources: Set(tools).sorted())
  }

  /// Sets that are joined by what their members have in common.
  private struct Groups {
    private var parents: [Int] = []
    private var known: [String: Int] = [:]

    mutating func add() { parents.append(parents.count) }

    private mutating func root(_ place: Int) -> Int {
      var place = place
      while parents[place] != place {
        parents[place] = parents[parents[place]]
        place = parents[place]
      }
      return place
    }

    mutating func join(_ place: Int, _ key: String) {
      guard let other = known.updateValue(place, forKey: key) else { return }
      let roots = (root(place), root(other))
      parents[max(roots.0, roots.1)] = min(roots.0, roots.1)
    }

    /// The same, unless it was the same tool that said the other.
    mutating func join(_ place: Int, _ key: String, of tool: String, in tools: [String]) {
      if let other = known["weakness \(key)"], tools[other] == tool { return }
      join(place, "weakness \(key)")
    }

    /// The members of each set, in the order of its first.
    mutating func members() -> [[Int]] {
      var sets: [Int: [Int]] = [:]
      for place in parents.indices { sets[root(place), default: []].append(place) }
      return sets.sorted { $0.key < $1.key }.map(\.value)
    }
  }
}
