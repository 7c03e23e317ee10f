import TestKit
import Testing

@testable import PHI

@Suite("Planted values")
struct PlantedTests {
  /// What is known not to be found: the form and the value. It stands in docs/phi.md too.
  private static let knownMisses: Set<String> = [
    "binary with text in it: address", "binary with text in it: beneficiary",
    "binary with text in it: mail", "binary with text in it: name",
    "binary with text in it: telephone",
  ]

  @Test("A known value in each place that a format allows is found")
  func planted() {
    var misses: [String] = []
    for form in PlantedForm.all {
      for planted in Planted.all {
        let content = form.make(planted)
        let without = form.make(Planted(name: "", value: "x", field: planted.field))
        let report = FileScan(today: "2026-11-23").scan(content, name: "-")
        let empty = FileScan(today: "2026-11-23").scan(without, name: "-")
        #expect(report.refused.isEmpty, "\(form.name): \(report.refused)")
        // A find at its very place where it stands as it is, else one find more than without it.
        let place = find(planted.value, in: content)
        let isFound =
          report.findings.contains { hit in
            guard let place, hit.place?.contains("!") != true else { return false }
            return hit.finding.start < place.upperBound && place.lowerBound < hit.finding.end
          }
          || (place == nil || report.findings.contains { $0.place?.contains("!") == true })
            && report.findings.count > empty.findings.count
        if !isFound {
          misses.append("\(form.name): \(planted.name)")
        }
      }
    }
    #expect(Set(misses).symmetricDifference(Self.knownMisses).isEmpty, "\(misses.sorted())")
  }

  /// Where a value stands as it is.
  private func find(_ value: String, in content: [UInt8]) -> Range<Int>? {
    let value = Array(value.utf8)
    return content.indices.first { content[$0...].starts(with: value) }
      .map { $0..<$0 + value.count }
  }

  @Test("What a place holds by its format's definition is found, whole")
  func places() {
    for place in PlantedPlace.all {
      let report = FileScan(today: "2026-11-23").scan(place.content, name: "-")
      #expect(report.refused.isEmpty, "\(place.name): \(report.refused)")
      guard let range = find(place.value, in: place.content) else {
        Issue.record("\(place.name) holds no such value")
        continue
      }
      let hit = report.findings.first {
        $0.finding.start < range.upperBound && range.lowerBound < $0.finding.end
      }
      #expect(hit?.finding.type == place.kind, "\(place.name): \(report.findings)")
      #expect(
        (hit?.finding.start ?? 0) <= range.lowerBound
          && (hit?.finding.end ?? 0) >= range.upperBound,
        "\(place.name)")
    }
  }

  @Test("Small stretches give what the whole gives")
  func stretches() {
    var whole = FileScan(today: "2026-11-23")
    let contents =
      PlantedPlace.all.map(\.content)
      + PlantedForm.all.flatMap { form in Planted.all.map(form.make) }
    for content in contents {
      whole.stretch = nil
      let all = Set(whole.scan(content, name: "-").findings.map(\.finding))
      for size in [1, 37, 400] {
        whole.stretch = size
        let report = whole.scan(content, name: "-")
        #expect(report.refused.isEmpty)
        // Only notes over several segments are not put together beyond a stretch.
        #expect(
          Set(report.findings.map(\.finding)).subtracting(all).isEmpty
            || size < content.count, "\(String(decoding: content, as: UTF8.self))")
        let missing = all.subtracting(report.findings.map(\.finding)).filter {
          $0.rule == .structuredField
        }
        #expect(missing.isEmpty, "\(size): \(String(decoding: content, as: UTF8.self))")
      }
    }
  }

  @Test("Names in archives and in headers are looked at")
  func archivedNames() {
    let name = "patient_mrn_00482913.txt"
    for content in [
      Packed.tar(name, [0x61]), Packed.tar("a.txt", [0x61], folder: "mrn_00482913"),
      Packed.zip(name, [0x61]),
      [0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3] + Array(name.utf8) + [0]
        + Packed.gzip([0x61]).dropFirst(10),
    ] {
      let report = FileScan(today: "2026-11-23").scan(content, name: "-")
      #expect(report.findings.map { $0.finding.type } == [.recordNumber], "\(report)")
    }
  }

  @Test("File names are looked at")
  func fileNames() {
    let report = FileScan(today: "2026-11-23").scan([], name: "out/patient_mrn_00482913.txt")
    #expect(report.findings.map(\.place) == ["name"])
  }

  @Test("Mutated contents end no scan", arguments: 0..<6)
  func mutated(seed: Int) {
    var random = Seeded(seed: UInt64(seed))
    for form in PlantedForm.all {
      guard let planted = Planted.all.randomElement(using: &random) else { continue }
      var content = form.make(planted)
      for _ in 0..<8 {
        content = random.mutated(content)
        let report = FileScan(today: "2026-11-23").scan(content, name: "-")
        #expect(report.files == 1)
      }
    }
  }
}
