import Foundation
import Intake
import Model
import TestKit
import Testing

/// What `make fuzz` starts from, and what it has found: read again in each test run.
@Suite("The fuzzer's corpus")
struct CorpusTests {
  private static let folder = Repository.root.appending(path: "Fuzz/corpus/intake")

  /// An input of the fuzzer's: a byte that chooses a declared format, or none, and the report.
  private func answer(_ input: [UInt8], inParts size: Int?) -> IntakeReport? {
    let format = ReportFormat.allCases.enumerated().first { $0.offset == Int(input.first ?? 0) }
    var rest = input.dropFirst()
    guard let size else {
      return try? IntakeReader.read(
        ReportInput(Array(rest)), source: "corpus", format: format?.element
      ).report
    }
    return try? IntakeReader.read(
      ReportInput {
        defer { rest = rest.dropFirst(size) }
        return Array(rest.prefix(size))
      }, source: "corpus", format: format?.element
    ).report
  }

  @Test("is read or refused, and in parts of any size says the same")
  func replayed() throws {
    let files = try FileManager.default.contentsOfDirectory(
      at: Self.folder, includingPropertiesForKeys: nil)
    #expect(files.count >= KindFixture.all.count)
    for file in files {
      let input = Array(try Data(contentsOf: file))
      let whole = answer(input, inParts: nil)
      for size in [1, 7, 4096] where input.count > 1 {
        #expect(answer(input, inParts: size) == whole, "\(file.lastPathComponent), \(size)")
      }
    }
  }

  @Test("holds each kind's example; PRATIQUE_RECORD=1 writes them anew")
  func examples() throws {
    var counts: [ReportFormat: Int] = [:]
    for fixture in KindFixture.all {
      counts[fixture.format, default: 0] += 1
      let name = "\(fixture.format.rawValue)-\(counts[fixture.format] ?? 0)"
      let path = Self.folder.appending(path: name)
      let input = [0xff] + fixture.text.bytes
      if ProcessInfo.processInfo.environment["PRATIQUE_RECORD"] == "1" {
        try Data(input).write(to: path)
      }
      #expect(try Array(Data(contentsOf: path)) == input, "\(name)")
    }
  }
}
