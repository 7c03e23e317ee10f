import PHI
import TestKit
import Testing

@Suite("One pass over pieces")
struct StreamTests {
  private func findings(_ bytes: [UInt8], pieces: Int) -> [PHIFinding] {
    var findings: [PHIFinding] = []
    withoutActuallyEscaping({ findings.append($0) }) { tell in
      var scanner = PHIScanner(setting: .clinical, tell: tell)
      var rest = bytes[...]
      while !rest.isEmpty {
        scanner.add(rest.prefix(pieces))
        rest = rest.dropFirst(pieces)
      }
      scanner.end()
    }
    return findings
  }

  @Test("Where pieces begin and end makes no difference, and each find is told once")
  func pieces() {
    var text = ""
    for row in 0..<4000 { text += "row \(row) of a long log, MRN: \(4_000_000 + row) was seen\n" }
    let bytes = Array(text.utf8)
    let whole = findings(bytes, pieces: bytes.count)
    #expect(whole.count == 4000)
    #expect(whole.map(\.line) == Array(1...4000))
    #expect(Set(whole.map(\.start)).count == 4000)
    for pieces in [1, 7, 1000, 65_536, 70_001] { #expect(findings(bytes, pieces: pieces) == whole) }
  }

  @Test("A line of many megabytes is looked at as well, and columns are right")
  func longLine() {
    var bytes: [UInt8] = []
    for row in 0..<20_000 {
      bytes += Array("word word word word SSN 412-55-\(1000 + row % 9000) ".utf8)
    }
    let all = findings(bytes, pieces: 1 << 18)
    #expect(all.count == 20_000)
    #expect(all.allSatisfy { $0.line == 1 && $0.column == $0.start + 1 && $0.end - $0.start == 11 })
  }

  @Test("Bytes that are no text end no scan")
  func noText() {
    var random = Seeded(seed: 6)
    for _ in 0..<40 {
      let bytes = (0..<3000).map { _ in UInt8.random(in: 0...255, using: &random) }
      for finding in findings(bytes, pieces: 512) { #expect(finding.end <= bytes.count) }
    }
  }
}
