import Advisories
import TestKit
import Testing

@Suite("Orders of versions")
struct VersionOrderTests {
  /// Each row is in ascending order; versions joined by `=` are equal.
  static let rows: [(VersionOrder, String)] = [
    // Debian Policy 5.6.12, and dpkg's own rules on epochs and revisions.
    (.dpkg, "1.0~~ 1.0~~a 1.0~ 1.0=1.0-0 1.0-1 1.0a 1.0+b 1.0.1 1:0.1 10:0"),
    (.dpkg, "3.0.11-1~deb12u2 3.0.11-1 3.0.11-1+b1 3.0.11-1.1 3.0.11-2"),
    (.dpkg, "0.9 1.0=01.00 1.10 99999999999999999999999 1:0"),
    // rpm's documentation: tilde before everything, caret after the end only.
    (.rpm, "1.0~rc1 1.0 1.0^git1 1.0.1 1.1"),
    (.rpm, "2.0=2_0=2.00 2.0a 2.0.1 2.0.1a=2.0.1.a 10"),
    (.rpm, "6.0 6.0.rc1 6.0.1 1:1.0"),
    (.rpm, "1.2-1=1.2-01 1.2-1.el8 1.2-1.el9 1.2-2 1.2-10"),
    (.rpm, "1.0~rc1^git1~pre 1.0~rc1^git1 1.0"),
    (.apk, "1.2_alpha 1.2_beta 1.2_pre 1.2_rc1 1.2_rc2 1.2 1.2_cvs 1.2_svn 1.2_git 1.2_hg 1.2_p1"),
    (.apk, "1.2 1.2-r1 1.2-r2 1.2a 1.2b 1.2.0 1.2.01 1.2.05 1.2.1 1.2.10 1.10"),
    (.apk, "3.1.4-r5 3.1.4-r6 3.1.5-r0"),
    // PEP 440, "Summary of permitted suffixes and relative ordering".
    (
      .python,
      "1.dev0 1.0.dev456 1.0a1 1.0a2.dev456 1.0a12.dev456 1.0a12 1.0b1.dev456 1.0b2"
        + " 1.0b2.post345.dev456 1.0b2.post345 1.0rc1.dev456 1.0rc1 1.0 1.0+abc.5 1.0+abc.7 1.0+5"
        + " 1.0.post456.dev34 1.0.post456 1.0.15 1.1.dev1 1!0.1"
    ),
    (
      .python,
      "1.1a1=1.1.alpha1=1.1-a.1=1.1A1 1.1c1=1.1rc1=v1.1.preview1 1.1=1.1.0 1.1-1=1.1.post1=1.1r1"
    ),
    // semver.org, item 11.
    (
      .semantic,
      "1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11"
        + " 1.0.0-rc.1 1.0.0=1.0.0+build=v1.0.0 2.0.0 2.1.0 2.1.1"
    ),
    (.semantic, "v0.0.0-20190101000000-abcdefabcdef v0.1.0 v2.0.0+incompatible=2.0.0"),
    // Maven's version order specification.
    (.maven, "1-snapshot 1=1.0=1.0.0=1.ga=1-ga=1.final 1-sp 1-foo2 1-foo10 1-1 1.1"),
    (.maven, "1-alpha-1=1-a1 1-beta-1=1-b1 1-milestone-1=1-m1 1-rc-1=1-cr-1 1-SNAPSHOT 1"),
    (.maven, "1.0.0-0.0.0=1 1.0.0-foo.0.0=1-foo 2.0.1 2.0.1-123 2.1"),
    (.gem, "1.0.0.pre1 1.0.0.rc1 1.0=1=1.0.0 1.0.1 1.2 1.10"),
  ]

  @Test("Each ecosystem's own published order", arguments: rows.indices)
  func published(_ row: Int) {
    let (order, text) = Self.rows[row]
    let groups = text.split(separator: " ").map { $0.split(separator: "=").map(String.init) }
    for (place, group) in groups.enumerated() {
      for one in group {
        for other in group {
          #expect(order.compare(one, other) == 0, "\(order): \(one) = \(other)")
        }
        for later in groups[(place + 1)...].joined() {
          #expect((order.compare(one, later) ?? 9) < 0, "\(order): \(one) < \(later)")
          #expect((order.compare(later, one) ?? -9) > 0, "\(order): \(later) > \(one)")
        }
      }
    }
  }

  @Test(
    "What is no version cannot be compared",
    arguments: [
      (VersionOrder.dpkg, "a:1"), (.dpkg, "1 2"), (.dpkg, ""), (.dpkg, "x1"), (.rpm, ""),
      (.apk, "1.x"), (.apk, "1_new"), (.python, "1.0-foo"), (.python, "latest"),
      (.semantic, "1.0.0-"), (.semantic, "main"), (.semantic, "1.-2"), (.maven, ""), (.gem, "v1"),
      (.gem, "1..2"),
    ])
  func incomparable(order: VersionOrder, text: String) {
    #expect(order.compare(text, "1.0") == nil)
    #expect(order.compare("1.0", text) == nil)
  }

  @Test("Comparing any bytes ends, and is the opposite the other way round")
  func antisymmetry() {
    var random = Seeded(seed: 20_990_001)
    let parts = [
      "1", "0", "01", "20", ".", "-", "~", "^", "a", "rc", "_", "+", ":", "dev", "p", "v", "!", "é",
    ]
    for _ in 0..<3000 {
      let one = (0..<Int.random(in: 1...6, using: &random))
        .map { _ in parts.randomElement(using: &random) ?? "" }.joined()
      let other = (0..<Int.random(in: 1...6, using: &random))
        .map { _ in parts.randomElement(using: &random) ?? "" }.joined()
      for order in VersionOrder.allCases {
        let result = order.compare(one, other)
        #expect(result.map { $0.signum() } == order.compare(other, one).map { -$0.signum() })
        if order.compare(one, one) != nil { #expect(order.compare(one, one) == 0) }
      }
    }
  }
}
