import TestKit
import Testing

@testable import PHI

@Suite("A naive reading of the same rules")
struct NaiveReadingTests {
  private static let pieces = [
    "412-55-9081", "000-12-3456", "1EG4TE5MK73", "12345678Z", "X1234567L", "DE89370400440532013000",
    "1HGCM82633A004352", "AB1234563", "A123456780", "4539 1488 0343 6467", "4539148803436467",
    "4539-1488-0343-6467", "378282246310005", "6011 1111 1111 1117", "1961-04-12", "4/12/1961",
    "12.04.61", "2024-05-02T10:11:12Z", "24.12.10.99", "81.2.69.160", "10.0.0.1", "a.b@c.example",
    "olga+k@mail.example.org", "617-304-2298", "617.304.2298", "93-year-old", "104 years old", "12",
    "-", ".", " ", "\n", "_", "/", "(", "x", "7", ", ", "@", ":",
  ]

  /// A rule, and the places where the naive reading sees it.
  private struct Rule {
    let rule: PHIRule
    let places: Set<Int>
    /// Whether nothing else may be found by that rule.
    var isExact = true
  }

  private func rules(_ naive: NaiveReading) -> [Rule] {
    [
      Rule(rule: .socialSecurityShape, places: naive.socialSecurityNumbers()),
      Rule(rule: .numberWithCheckDigit, places: naive.checkedNumbers()),
      Rule(rule: .cardNumber, places: naive.cards()),
      Rule(rule: .dateShape, places: naive.dates()),
      Rule(rule: .internetAddress, places: naive.internetAddresses(), isExact: false),
      Rule(rule: .emailShape, places: naive.mailAddresses()),
      Rule(rule: .phoneShape, places: naive.telephones(), isExact: false),
      Rule(rule: .ageNinety, places: naive.ages(), isExact: false),
    ]
  }

  @Test("Finds the same on random and mutated input", arguments: 0..<60)
  func same(seed: Int) {
    var random = Seeded(seed: UInt64(seed))
    for _ in 0..<40 {
      var text: [UInt8] = []
      for _ in 0..<12 {
        text += Array((Self.pieces.randomElement(using: &random) ?? "").utf8)
        if Bool.random(using: &random) { text.append(0x20) }
      }
      if Bool.random(using: &random) { text = random.mutated(text).map { $0 & 0x7f } }
      let all = PHIScanner.findings(in: text, setting: .clinical)
      let shown = String(decoding: text, as: UTF8.self)
      for rule in rules(NaiveReading(text: text)) {
        for place in rule.places {
          #expect(
            all.contains { $0.start <= place && place < $0.end },
            "\(rule.rule) is missed at \(place): \(shown.debugDescription)")
        }
        for finding in all where rule.isExact && finding.rule == rule.rule {
          #expect(
            rule.places.contains { (finding.start..<finding.end).contains($0) },
            "\(rule.rule) at \(finding.start): \(shown.debugDescription)")
        }
      }
    }
  }
}
