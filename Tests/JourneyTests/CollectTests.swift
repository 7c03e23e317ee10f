import Compliance
import Foundation
import Ledger
import Model
import TestKit
import Testing

@testable import Journey

@Suite("Collecting reports")
struct CollectTests {
  private let good = """
    <testsuite name="unit" tests="2" timestamp="2026-05-31T12:00:00Z"><testcase name="a"/>
    <testcase name="b"/></testsuite>
    """

  private func write(_ folder: TemporaryFolder, _ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file(name)))
    return folder.file(name)
  }

  private func options(_ release: Release) -> CollectingOptions {
    var options = CollectingOptions()
    options.suite = "unit"
    options.subjects = release.subjects
    return options
  }

  @Test("What a report says becomes evidence that counts, and its bytes are kept")
  func recorded() async throws {
    let small = try await SmallLedger()
    let release = SmallLedger.release(1)
    let folder = try TemporaryFolder()
    let path = try write(folder, "junit.xml", good)
    let collected = try await small.home.collect(
      [path], application: SmallLedger.application, run: nil, options: options(release),
      time: .fixed(SmallLedger.now))
    #expect(collected.reports.map(\.format) == ["junit"])
    #expect(collected.reports[0].entries.map(\.kind) == [.testResult])
    let digest = collected.reports[0].digest
    #expect(try await small.home.blobs.get(digest) == Array(good.utf8))
    try await small.record(.release, release, of: release)
    let found = try await small.home.evidence(on: release)
    #expect(found.refused.map(\.reason) == [])
    #expect(found.evidence.contains { $0.kind == .testResult })
  }

  @Test("One report that is refused, and nothing is recorded")
  func refused() async throws {
    let small = try await SmallLedger()
    let folder = try TemporaryFolder()
    let right = try write(folder, "junit.xml", good)
    let bad = [
      try write(folder, "cut.xml", String(good.dropLast(5))),
      try write(folder, "counts.xml", good.replacing("tests=\"2\"", with: "tests=\"3\"")),
      try write(folder, "odd.json", "{\"a\":1}"), folder.file("missing.xml"), folder.path,
    ]
    let size = try await small.home.ledger.read { try $0.size() }
    for path in bad {
      await #expect(throws: Problem.self, "\(path)") {
        _ = try await small.home.collect(
          [right, path], application: SmallLedger.application, run: nil,
          options: options(SmallLedger.release(1)), time: .fixed(SmallLedger.now))
      }
    }
    var late = options(SmallLedger.release(1))
    late.commitTime = Instant("2026-06-01T00:00:00Z")
    let lateOptions = late
    await #expect(throws: Problem.self) {
      _ = try await small.home.collect(
        [right], application: SmallLedger.application, run: nil, options: lateOptions,
        time: .fixed(SmallLedger.now))
    }
    let after = try await small.home.ledger.read { try $0.size() }
    #expect(after == size)
  }

  @Test("Explaining says what would be recorded, and what stands in the way")
  func explained() throws {
    let folder = try TemporaryFolder()
    let path = try write(folder, "junit.xml", good)
    let bare = try ReportCollecting.explain(
      path, options: CollectingOptions(), time: SmallLedger.now)
    #expect(bare.format == "junit")
    #expect(bare.wouldRecord.map(\.obstacle) == ["the report does not say which tests ran"])
    var options = CollectingOptions()
    options.suite = "unit"
    let named = try ReportCollecting.explain(path, options: options, time: SmallLedger.now)
    #expect(named.wouldRecord.map(\.obstacle) == [nil])
    #expect(named.parts.first?.totals["passed"] == 2)
  }
}
