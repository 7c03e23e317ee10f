import Model

/// The base score of a CVSS vector of version 2, 3.0 or 3.1, computed by the published equations.
struct CVSSVector {
  /// 2 or 3.
  let version: Int
  /// The base score in tenths.
  let baseTenths: Int

  /// The band of the score. Version 2 knows no critical one (NVD's bands).
  var severity: Severity {
    switch baseTenths {
    case 90... where version > 2: .critical
    case 70...: .high
    case 40...: .medium
    case 1...: .low
    default: .none
    }
  }

  /// Reads a vector; `nil` for version 4, and for what lacks a base metric or names one twice.
  init?(_ text: String) {
    guard text.utf8.count <= 256 else { return nil }
    var metrics: [Substring: Substring] = [:]
    var parts = text.split(separator: "/", omittingEmptySubsequences: false)[...]
    let isThree = parts.first == "CVSS:3.0" || parts.first == "CVSS:3.1"
    if isThree { parts = parts.dropFirst() }
    for part in parts {
      let pair = part.split(separator: ":", omittingEmptySubsequences: false)
      guard pair.count == 2, metrics.updateValue(pair[1], forKey: pair[0]) == nil else {
        return nil
      }
    }
    version = isThree ? 3 : 2
    guard let score = isThree ? Self.three(metrics) : Self.two(metrics) else { return nil }
    baseTenths = score
  }

  private typealias Metrics = [Substring: Substring]

  private static func weight(
    _ metrics: Metrics, _ name: Substring, _ weights: [Substring: Double]
  ) -> Double? { metrics[name].flatMap { weights[$0] } }

  /// CVSS 3.1, section 7.1.
  private static func three(_ metrics: Metrics) -> Int? {
    let impacts: [Substring: Double] = ["H": 0.56, "L": 0.22, "N": 0]
    guard let scope = metrics["S"], scope == "U" || scope == "C" else { return nil }
    let isChanged = scope == "C"
    guard let attack = weight(metrics, "AV", ["N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2]),
      let complexity = weight(metrics, "AC", ["L": 0.77, "H": 0.44]),
      let privileges = weight(
        metrics, "PR", ["N": 0.85, "L": isChanged ? 0.68 : 0.62, "H": isChanged ? 0.5 : 0.27]),
      let interaction = weight(metrics, "UI", ["N": 0.85, "R": 0.62]),
      let secrecy = weight(metrics, "C", impacts), let integrity = weight(metrics, "I", impacts),
      let availability = weight(metrics, "A", impacts)
    else { return nil }
    let base = 1 - (1 - secrecy) * (1 - integrity) * (1 - availability)
    let impact =
      isChanged ? 7.52 * (base - 0.029) - 3.25 * power(base - 0.02, 15) : 6.42 * base
    guard impact > 0 else { return 0 }
    let exploitability = 8.22 * attack * complexity * privileges * interaction
    let sum = impact + exploitability
    return roundedUp(min(isChanged ? 1.08 * sum : sum, 10))
  }

  /// CVSS 2, section 3.2.1.
  private static func two(_ metrics: Metrics) -> Int? {
    let impacts: [Substring: Double] = ["N": 0, "P": 0.275, "C": 0.66]
    guard let attack = weight(metrics, "AV", ["L": 0.395, "A": 0.646, "N": 1]),
      let complexity = weight(metrics, "AC", ["H": 0.35, "M": 0.61, "L": 0.71]),
      let authentication = weight(metrics, "Au", ["M": 0.45, "S": 0.56, "N": 0.704]),
      let secrecy = weight(metrics, "C", impacts), let integrity = weight(metrics, "I", impacts),
      let availability = weight(metrics, "A", impacts)
    else { return nil }
    let impact = 10.41 * (1 - (1 - secrecy) * (1 - integrity) * (1 - availability))
    guard impact > 0 else { return 0 }
    let exploitability = 20 * attack * complexity * authentication
    return Int(((0.6 * impact + 0.4 * exploitability - 1.5) * 1.176 * 10).rounded())
  }

  private static func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }

  /// The smallest tenth that is not below, without the errors of binary fractions (CVSS 3.1,
  /// appendix A).
  private static func roundedUp(_ score: Double) -> Int {
    let units = Int((score * 100_000).rounded())
    return units % 10_000 == 0 ? units / 10_000 : units / 10_000 + 1
  }
}
