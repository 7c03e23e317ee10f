import Model
import Reading

/// Gathers the findings of one report, each with its fingerprint.
struct FindingCollector {
  var report = FindingReport()
  /// Texts that come again share one storage.
  var pool = TextPool()
  /// How often the same thing stood in the same file, to tell one place from the next.
  private var occurrences: [Fingerprint: Int] = [:]

  init(shownScopes: Set<FindingReport.Scope> = []) { report.shownScopes = shownScopes }

  /// Adds a finding that counts.
  ///
  /// - Parameter context: what identifies its place without the line's number: the line's text, the
  ///   resource. Without one the title does.
  mutating func add(
    _ finding: Finding, _ scope: FindingReport.Scope, context: String? = nil
  ) {
    report.shownScopes.insert(scope)
    report.rows.append(.init(scope: scope, finding: identified(finding, scope, context)))
  }

  /// Adds a finding that the report marks as suppressed.
  mutating func suppress(
    _ finding: Finding, _ scope: FindingReport.Scope, context: String? = nil
  ) {
    report.suppressed.append(identified(finding, scope, context))
  }

  private mutating func identified(
    _ finding: Finding, _ scope: FindingReport.Scope, _ context: String?
  ) -> Finding {
    var finding = finding
    if finding.aliases?.isEmpty == true { finding.aliases = nil }
    if finding.weaknesses?.isEmpty == true { finding.weaknesses = nil }
    if let package = finding.package, scope == .vulnerability || scope == .code {
      finding.fingerprint = Fingerprint(of: [
        "package", VulnerabilityID.common(of: finding), PackageIdentity.of(package),
      ])
      return finding
    }
    let parts = [
      "place", finding.rule, finding.file ?? "", context ?? finding.title, finding.package ?? "",
    ]
    let first = Fingerprint(of: parts)
    let occurrence = occurrences[first, default: 0]
    occurrences[first] = occurrence + 1
    finding.fingerprint = occurrence == 0 ? first : Fingerprint(of: parts + ["\(occurrence)"])
    return finding
  }
}

/// Ids of vulnerabilities.
enum VulnerabilityID {
  /// The id that most tools know: the first CVE by name, else the first GHSA, else the tool's own.
  static func common(of finding: Finding) -> String {
    if finding.rule.hasPrefix("CVE-") { return finding.rule }
    let ids = [finding.rule] + (finding.aliases ?? [])
    return ids.filter { $0.hasPrefix("CVE-") }.min() ?? ids.filter { $0.hasPrefix("GHSA-") }.min()
      ?? finding.rule
  }

  /// All ids but the rule itself, each once.
  static func others(_ ids: some Sequence<String>, than rule: String) -> [String]? {
    var seen: [String] = []
    for id in ids where id != rule && !seen.contains(id) { seen.append(id) }
    return seen.isEmpty ? nil : seen
  }
}

/// Weaknesses by CWE id.
enum Weakness {
  /// `CWE-79` for `79`, `CWE-79`, `CWE-079: Cross-site…`, `cwe-79` or `external/cwe/cwe-079`;
  /// `nil` for what names none.
  static func id(_ text: String) -> String? {
    let name = text.split(separator: "/").last.map(String.init) ?? text
    let digits: Substring
    if name.lowercased().hasPrefix("cwe-") {
      digits = name.dropFirst(4).prefix { $0.isASCII && $0.isNumber }
    } else {
      guard name.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
      digits = name[...]
    }
    guard let number = Int(digits), number > 0 else { return nil }
    return "CWE-\(number)"
  }

  static func ids(_ texts: some Sequence<String>) -> [String]? {
    var ids: [String] = []
    for id in texts.compactMap(id) where !ids.contains(id) { ids.append(id) }
    return ids.isEmpty ? nil : ids
  }
}

/// What several tools mean when they name one package each in its own way.
enum PackageIdentity {
  /// Name and version without type, qualifiers and epoch: `openssl@3.0.11-1` for
  /// `pkg:deb/debian/openssl@3.0.11-1?arch=amd64&epoch=1` and for `openssl@1:3.0.11-1`.
  static func of(_ package: String) -> String {
    guard package.utf8.starts(with: "pkg:".utf8) else { return plain(package[...]) }
    var rest = package.dropFirst(4).drop { $0 == "/" }
    rest = rest.prefix { $0 != "?" && $0 != "#" }
    guard let slash = rest.firstIndex(of: "/") else { return plain(rest) }
    let type = rest[..<slash].lowercased()
    var name = rest[rest.index(after: slash)...]
    // The names that distributions give are told apart by the image that is scanned.
    if ["deb", "rpm", "apk", "alpm"].contains(type), let last = name.lastIndex(of: "/") {
      name = name[name.index(after: last)...]
    }
    let text = plain(Substring(decoded(name)))
    return type == "maven" ? text.replacing("/", with: ":") : text
  }

  private static func plain(_ package: Substring) -> String {
    guard let at = package.dropFirst().lastIndex(of: "@") else { return String(package) }
    var version = package[package.index(after: at)...]
    if let colon = version.firstIndex(of: ":"), version[..<colon].allSatisfy(\.isNumber) {
      version = version[version.index(after: colon)...]
    }
    return "\(package[..<at])@\(version)"
  }

  /// Percent-encoding resolved; what is not valid stays as it is.
  private static func decoded(_ text: Substring) -> String {
    guard text.utf8.contains(0x25) else { return String(text) }
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      if byte == 0x25, let code = UInt8(String(Substring(rest.prefix(2))), radix: 16) {
        bytes.append(code)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
