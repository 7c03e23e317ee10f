import Advisories
import Model
import TestKit
import Testing

@Suite("Feeds of advisories")
struct AdvisoryFeedTests {
  static let openssl = """
    {"schema_version":"1.6.0","id":"DSA-9999-1","modified":"2026-11-20T10:00:00.123456Z",
     "published":"2026-11-01T00:00:00Z","upstream":["CVE-2099-0001"],"summary":"planted\\nfault",
     "affected":[{"package":{"ecosystem":"Debian:12","name":"openssl"},
       "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"3.0.13-1~deb12u1"}]}]}],
     "severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]}
    """

  static func advisory(
    _ id: String, _ ecosystem: String, _ name: String, _ events: String, more: String = ""
  ) -> String {
    """
    {"id":"\(id)","modified":"2026-11-10T00:00:00Z"\(more),"affected":[{"package":\
    {"ecosystem":"\(ecosystem)","name":"\(name)"},"ranges":[{"type":"ECOSYSTEM","events":[\(events)]}]}]}
    """
  }

  static func feed(_ advisories: String...) throws -> AdvisoryFeed {
    var builder = FeedBuilder()
    for (place, text) in advisories.enumerated() {
      try builder.add("\(place).json", Array(text.utf8))
    }
    return try builder.feed(named: "test")
  }

  static func package(_ ecosystem: String, _ name: String, _ version: String) throws
    -> InventoryPackage
  {
    InventoryPackage(
      ecosystem: try #require(Ecosystem(ecosystem)), name: name, version: version,
      label: "\(name)@\(version)")
  }

  @Test("An advisory matches the versions before its fix, with severity, score and fix")
  func matches() throws {
    let feed = try Self.feed(Self.openssl)
    #expect(feed.source.updatedAt == Instant("2026-11-20T10:00:00.123Z"))
    let result = Matcher(feed: feed).match([
      try Self.package("Debian:12", "openssl", "3.0.11-1~deb12u2"),
      try Self.package("Debian:12", "openssl", "3.0.13-1~deb12u1"),
      try Self.package("Debian:11", "openssl", "1.1.1n-0"),
      try Self.package("PyPI", "openssl", "1.0"),
    ])
    let finding = try #require(result.matches.first?.finding)
    #expect(result.matches.count == 1)
    #expect(finding.rule == "CVE-2099-0001" && finding.aliases == ["DSA-9999-1"])
    #expect(finding.severity == .critical && finding.cvssTenths == 98)
    #expect(finding.title == "planted" && finding.fixedVersion == "3.0.13-1~deb12u1")
    #expect(result.checked == 2)
    #expect(result.uncovered == [Ecosystem(.debian, release: "11"): 1, Ecosystem(.python): 1])
  }

  @Test("Events out of order, several lines of versions, last affected ones, limits and lists")
  func events() throws {
    let feed = try Self.feed(
      Self.advisory(
        "A-1", "PyPI", "My_Pkg",
        #"{"fixed":"2.5"},{"introduced":"2.0"},{"introduced":"0"},{"fixed":"1.9"}"#),
      Self.advisory(
        "A-2", "npm", "left", #"{"introduced":"1.0.0-beta"},{"last_affected":"1.2.0"}"#),
      #"{"id":"A-3","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"Go","name":"m"},"versions":["v1.0.0"]}]}"#,
      #"{"id":"A-4","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"crates.io","name":"c"},"ranges":[{"type":"GIT","repo":"r","events":[{"introduced":"0"}]}]}]}"#
    )
    func ids(_ ecosystem: String, _ name: String, _ version: String) throws -> [String] {
      try Matcher(feed: feed).match([Self.package(ecosystem, name, version)]).matches
        .map { "\($0.finding.rule) \($0.finding.fixedVersion ?? "-")" }
    }
    #expect(try ids("PyPI", "my-pkg", "1.8.9") == ["A-1 1.9"])
    #expect(try ids("PyPI", "my.pkg", "1.9") == [])
    #expect(try ids("PyPI", "My_Pkg", "2.1rc1") == ["A-1 2.5"])
    #expect(try ids("PyPI", "my-pkg", "2.5") == [])
    #expect(try ids("npm", "left", "1.0.0-beta.2") == ["A-2 -"])
    #expect(try ids("npm", "left", "1.2.1") == [])
    #expect(try ids("Go", "m", "v1.0.0") == ["A-3 -"])
    #expect(try ids("Go", "m", "v1.0.1") == [])
    // Only commits are named: nobody can say that the version is not affected.
    #expect(try ids("crates.io", "c", "1.0.0") == ["A-4 -"])
    // Neither can anybody of what is no version.
    #expect(try ids("PyPI", "my-pkg", "unknown") == ["A-1 -"])
  }

  @Test("Several records of one vulnerability are one finding with the worse severity")
  func records() throws {
    let feed = try Self.feed(
      Self.advisory(
        "GHSA-aaaa", "PyPI", "x", #"{"introduced":"0"}"#,
        more: #","aliases":["CVE-2099-7"],"database_specific":{"severity":"MODERATE"}"#),
      Self.advisory(
        "PYSEC-2099-1", "PyPI", "x", #"{"introduced":"0"},{"fixed":"9"}"#,
        more: #","aliases":["CVE-2099-7","GHSA-aaaa"]"#))
    let matches = Matcher(feed: feed).match([try Self.package("PyPI", "x", "1")]).matches
    #expect(matches.count == 1)
    #expect(matches.first?.finding.rule == "CVE-2099-7")
    #expect(matches.first?.finding.severity == .medium)
    #expect(matches.first?.finding.fixedVersion == "9")
  }

  @Test("A withdrawn advisory matches nothing and is counted")
  func withdrawn() throws {
    let feed = try Self.feed(
      Self.openssl,
      Self.advisory(
        "A-1", "PyPI", "x", #"{"introduced":"0"}"#, more: #","withdrawn":"2026-11-11T00:00:00Z""#))
    #expect(feed.count == 1 && feed.withdrawn == 1)
    #expect(!feed.ecosystems.contains(Ecosystem(.python)))
  }

  @Test("A feed says its date, and is refused beyond the allowed age and in the future")
  func age() throws {
    let feed = try Self.feed(Self.openssl)
    let day = try #require(Instant("2026-11-27T00:00:00Z"))
    try feed.refuseOlder(thanDays: 7, at: day)
    #expect(throws: Problem.self) { try feed.refuseOlder(thanDays: 5, at: day) }
    #expect(throws: Problem.self) {
      try feed.refuseOlder(thanDays: 5, at: Instant(milliseconds: 1))
    }
  }

  @Test("A description gives the feed's name, date and what it covers")
  func manifest() throws {
    var builder = FeedBuilder()
    try builder.add(
      "feed.json",
      Array(
        #"{"name":"hospital","updatedAt":"2026-11-22T00:00:00Z","example":true,"ecosystems":["npm"]}"#
          .utf8))
    try builder.add("a.jsonl", Array((Self.openssl.split(separator: "\n").joined() + "\n\n").utf8))
    let feed = try builder.feed(named: "x")
    #expect(feed.source.name == "hospital" && feed.source.isExample)
    #expect(feed.source.updatedAt == Instant("2026-11-22T00:00:00Z"))
    #expect(feed.ecosystems.contains(Ecosystem(.npm)))
  }

  @Test(
    "What is no advisory is refused",
    arguments: [
      "", "{}", "[]", "[1]", #"{"id":"A"}"#, #"{"id":"A","modified":"yesterday"}"#,
      #"{"id":"A","id":"B","modified":"2026-01-01T00:00:00Z"}"#,
      #"{"schema_version":"2.0.0","id":"A","modified":"2026-01-01T00:00:00Z"}"#,
      #"{"id":"A","modified":"2026-01-01T00:00:00Z","affected":{}}"#,
      #"{"id":"A","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"PyPI"}}]}"#,
      advisory("A", "PyPI", "x", #"{"fixed":"1"}"#), advisory("A", "PyPI", "x", #"{"began":"1"}"#),
      advisory("A", "PyPI", "x", #"{"introduced":"0","fixed":"1"}"#),
      openssl + openssl, String(openssl.dropLast(30)), "[\(openssl),\(openssl)]",
    ])
  func refused(text: String) {
    #expect(throws: Problem.self) {
      var builder = FeedBuilder()
      try builder.add("a.json", Array(text.utf8))
      _ = try builder.feed(named: "x")
    }
  }

  @Test("Changed bytes are read or refused, and never end the program")
  func mutated() throws {
    var random = Seeded(seed: 51)
    let package = try Self.package("Debian:12", "openssl", "3.0.11-1~deb12u2")
    for _ in 0..<2000 {
      var builder = FeedBuilder()
      guard (try? builder.add("a.json", random.mutated(Array(Self.openssl.utf8)))) != nil,
        let feed = try? builder.feed(named: "x")
      else { continue }
      _ = Matcher(feed: feed).match([package])
    }
  }

  @Test("Known exploited vulnerabilities and exploit scores have dates, and are refused cut off")
  func exploits() throws {
    let catalog =
      #"{"title":"t","catalogVersion":"1","dateReleased":"2026-11-20T09:00:00.0000Z","count":1,"vulnerabilities":[{"cveID":"CVE-2099-0001","dateAdded":"2026-11-19"}]}"#
    let known = try KnownExploited(Array(catalog.utf8))
    let finding = Finding(
      rule: "GHSA-x", severity: .low, title: "t", aliases: ["CVE-2099-0001"])
    #expect(known.added(finding) == Instant("2026-11-19T00:00:00Z"))
    #expect(known.source.updatedAt == Instant("2026-11-20T09:00:00Z"))
    #expect(throws: Problem.self) {
      try KnownExploited(Array(catalog.replacing(#""count":1"#, with: #""count":2"#).utf8))
    }
    let rows =
      "#model_version:v2026.03.14,score_date:2026-11-20T00:00:00+0000\ncve,epss,percentile\nCVE-2099-0001,0.97315,0.99\n"
    let scores = try ExploitScores(Array(rows.utf8))
    #expect(scores.tenThousandths(finding) == 9732)
    #expect(scores.source.updatedAt == Instant("2026-11-20T00:00:00Z"))
    for bad in [String(rows.dropLast(4)), rows.replacing("0.97315", with: "1.2"), "x\n", ""] {
      #expect(throws: Problem.self) { try ExploitScores(Array(bad.utf8)) }
    }
  }
}
