import Foundation
import PHI
import Reading
import TestKit
import Testing

/// The figures on the labelled samples must not fall below the goals. What counts is measured on
/// others of the same kind.
@Suite("Quality on labelled samples", .enabled(if: Vectors.isWanted))
struct QualityTests {
  @Test(
    "Recall and false alarms together",
    arguments: [
      ("asq-phi", 0.97, 0.85, 0.04, 0.05), ("presidio-synth-v2", 0.85, 0.90, 1, 0.05),
      ("meddocan", 0.80, 0.80, 1, 0.05),
    ])
  func figures(name: String, recall: Double, precision: Double, leaks: Double, alarms: Double)
    throws
  {
    var (labelled, found, both) = (0, 0, 0)
    var (withPHI, leaking, without, alarmed) = (0, 0, 0, 0)
    for line in try Vectors.bytes("phi/\(name).dev.jsonl").split(separator: 0x0a) {
      let document = try JSONReader.read(Array(line))
      let text = try #require(document["text"]?.string)
      let scalars = Array(text.unicodeScalars)
      var place: [Int] = []
      for (index, scalar) in scalars.enumerated() {
        place += [Int](repeating: index, count: UTF8.width(scalar))
      }
      var marks = [Bool](repeating: false, count: scalars.count)
      for finding in PHIScanner.findings(in: Array(text.utf8), setting: .clinical) {
        for index in place[finding.start]...place[finding.end - 1] { marks[index] = true }
      }
      var gold = [Bool](repeating: false, count: scalars.count)
      var skipped = gold
      var isLeaking = false
      let spans = document["spans"]?.array ?? []
      var scored = 0
      for span in spans {
        let start = try #require(span["start"]?.integer).asInt
        let end = try #require(span["end"]?.integer).asInt
        if ["TITLE", "PREFIX", "NAME_TITLE"].contains(span["type"]?.string ?? "") {
          for index in start..<end { skipped[index] = true }
        } else {
          scored += 1
          for index in start..<end { gold[index] = true }
          if !(start..<end).contains(where: { marks[$0] }) { isLeaking = true }
        }
      }
      if scored > 0 {
        withPHI += 1
        if isLeaking { leaking += 1 }
      } else if spans.isEmpty {
        without += 1
        if marks.contains(true) { alarmed += 1 }
      }
      for index in scalars.indices where !(skipped[index] && !gold[index]) {
        if gold[index] { labelled += 1 }
        if marks[index] { found += 1 }
        if gold[index], marks[index] { both += 1 }
      }
    }
    #expect(Double(both) / Double(labelled) >= recall)
    #expect(Double(both) / Double(found) >= precision)
    #expect(Double(leaking) <= leaks * Double(withPHI))
    #expect(Double(alarmed) <= alarms * Double(without))
  }
}

extension Int64 {
  fileprivate var asInt: Int { Int(self) }
}
