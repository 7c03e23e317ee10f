import Intake
import Model
import TestKit
import Testing

@Suite("Reports that were damaged")
struct MutationTests {
  static let samples: [(ReportFormat, String)] = [
    (.junit, Fixtures.junit), (.trivy, Fixtures.trivy), (.sarif, Fixtures.sarif),
    (.cyclonedx, Fixtures.cyclonedx),
  ]

  /// How much a report says: rows that a gate would look at.
  private func weight(_ report: IntakeReport) -> Int {
    report.contents.reduce(0) { weight, content in
      switch content {
      case .tests(let tests): weight + tests.totals.all
      case .findings(let findings):
        weight + findings.rows.count + findings.suppressed.count + (findings.checks?.all ?? 0)
      case .components(let components): weight + components.count
      case .coverage(let totals): weight + totals.lines.total
      case .exploitability(let statements): weight + statements.count
      case .changes(let changes): weight + changes.count
      case .statement(let statement): weight + statement.subjects.count
      case .document: weight + 1
      }
    }
  }

  @Test("Cut off at any byte, a report is refused", arguments: samples)
  func cutOff(format: ReportFormat, text: String) throws {
    let whole = try IntakeReader.read(text.bytes, format: format, source: "r")
    for count in 0..<text.utf8.count {
      let part = try? IntakeReader.read(
        Array(text.bytes.prefix(count)), format: format, source: "r")
      #expect(part == nil, "cut off after \(count) of \(text.utf8.count) bytes")
    }
    let spaced = try IntakeReader.read((text + "\n").bytes, format: format, source: "r")
    #expect(spaced.content == whole.content)
  }

  @Test("A part taken out of the middle never leaves fewer rows unseen", arguments: samples)
  func holes(format: ReportFormat, text: String) throws {
    let bytes = text.bytes
    let whole = weight(try IntakeReader.read(bytes, format: format, source: "r"))
    for start in stride(from: 0, to: bytes.count, by: 7) {
      for length in [1, 2, 5, 13, 40] where start + length <= bytes.count {
        var cut = bytes
        cut.removeSubrange(start..<start + length)
        guard let part = try? IntakeReader.read(cut, format: format, source: "r") else { continue }
        // Whole rows can be cut out of JSON without a trace; signatures guard against that.
        #expect(weight(part) >= whole - 1, "\(length) bytes out at \(start)")
      }
    }
  }

  @Test("Changed at random, a report is read or refused, never a crash", arguments: samples)
  func mutated(format: ReportFormat, text: String) {
    var generator = Seeded(seed: 20_261_123)
    var refused = 0
    for _ in 0..<3000 {
      let bytes = generator.mutated(text.bytes)
      if (try? IntakeReader.read(bytes, format: format, source: "r")) == nil { refused += 1 }
    }
    #expect(refused > 500)
  }
}
