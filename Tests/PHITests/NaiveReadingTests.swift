import TestKit
import Testing

@testable import PHI

/// A slow reading of the rules on forms: it tries every stretch of the text.
private struct NaiveReading {
  let text: [UInt8]

  private func isWord(_ byte: UInt8) -> Bool {
    Checks.isDigit(byte) || Checks.isLetter(byte & 0xdf)
  }
  private func isJoint(_ byte: UInt8) -> Bool { [0x2d, 0x2e, 0x2f, 0x5f].contains(byte) }

  /// Nothing touches the stretch that would make it a part of something longer.
  private func isAlone(_ start: Int, _ end: Int) -> Bool {
    if start > 0, isWord(text[start - 1]) || isJoint(text[start - 1]) { return false }
    guard end < text.count else { return true }
    if isWord(text[end]) { return false }
    return !(isJoint(text[end]) && end + 1 < text.count && isWord(text[end + 1]))
  }

  func socialSecurityNumbers() -> Set<Int> {
    Set(
      text.indices.filter { start in
        guard start + 11 <= text.count, isAlone(start, start + 11) else { return false }
        return zip(text[start...], "000-00-0000".utf8).allSatisfy {
          $1 == 0x30 ? Checks.isDigit($0) : $0 == $1
        }
      })
  }

  /// Numbers of letters and digits with a right check digit.
  func checkedNumbers() -> Set<Int> {
    var starts: Set<Int> = []
    for start in text.indices where isWord(text[start]) && (start == 0 || !isWord(text[start - 1]))
    {
      for end in (start + 9)..<(start + 36) where end <= text.count && isAlone(start, end) {
        let run = text[start..<end]
        let hasBoth = run.contains { Checks.isDigit($0) } && run.contains { !Checks.isDigit($0) }
        if run.allSatisfy(isWord), hasBoth, Checks.kind(of: run) != nil { starts.insert(start) }
      }
    }
    return starts
  }
}

@Suite("A naive reading of the same rules")
struct NaiveReadingTests {
  private static let pieces = [
    "412-55-9081", "000-12-3456", "1EG4TE5MK73", "12345678Z", "X1234567L", "DE89370400440532013000",
    "1HGCM82633A004352", "AB1234563", "A123456780", "12", "-", ".", " ", "\n", "_", "/", "(", "x",
    "7", ", ",
  ]

  @Test("Finds the same on random and mutated input", arguments: 0..<60)
  func same(seed: Int) {
    var random = Seeded(seed: UInt64(seed))
    for _ in 0..<20 {
      var text: [UInt8] = []
      for _ in 0..<12 {
        text += Array((Self.pieces.randomElement(using: &random) ?? "").utf8)
        if Bool.random(using: &random) { text.append(0x20) }
      }
      if Bool.random(using: &random) { text = random.mutated(text).map { $0 & 0x7f } }
      let naive = NaiveReading(text: text)
      let all = PHIScanner.findings(in: text, setting: .clinical)
      let shown = String(decoding: text, as: UTF8.self)
      for start in naive.socialSecurityNumbers().union(naive.checkedNumbers()) {
        #expect(all.contains { $0.start <= start && start < $0.end }, "\(shown) at \(start)")
      }
      for finding in all where finding.rule == .socialSecurityShape {
        #expect(
          naive.socialSecurityNumbers().contains { (finding.start..<finding.end).contains($0) },
          "\(shown)")
      }
      for finding in all where finding.rule == .numberWithCheckDigit {
        #expect(
          naive.checkedNumbers().contains { (finding.start..<finding.end).contains($0) }, "\(shown)"
        )
      }
    }
  }
}
