import Attestation
import Blobs
import Foundation
import Ledger
import LedgerSQLite
import Model
import TestKit
import Testing

@testable import Journey

/// Values that got through are found wherever they were copied to, and go.
@Suite("Spills")
struct SpillTests {
  private static let value = "00482917"
  private static let values = [Array(value.utf8)]
  private let small: SmallLedger
  private let entry: Int64
  private let log: Digest

  private var ana: ActingPerson { ActingPerson(signer: small.ana.signer, role: nil) }

  /// A log in the blob store and in a run's folder, encoded; an entry that refers to it; a layer.
  init() async throws {
    small = try await SmallLedger()
    let home = small.home
    log = try await home.blobs.put(Array("reading patient 0048-2917 …\nMRN \(Self.value)\n".utf8))
    let source = ReportSource(
      tool: "t", toolVersion: "1", format: "junit", report: log, feed: nil)
    entry = try await small.record(
      .testResult,
      TestResult(
        application: SmallLedger.application, run: "r1", time: SmallLedger.now, suite: "unit",
        totals: TestTotals(passed: 1, failed: 0, errors: 0, skipped: 0), passedTests: ["a"],
        failedTests: [], source: source), of: SmallLedger.release(1))
    try write(
      "runs/r1/scratch/logs/a.log", Array("x \(Data(Self.value.utf8).base64EncodedString())".utf8))
    try write("runs/r1/scratch/logs/b.log", Array("nothing here".utf8))
    try write("runs/r1/workspace/\(Self.value).json", Array("{}".utf8))
    try write(
      "images/\(String(repeating: "a", count: 64))/blobs/sha256/layer",
      try Gzip.compress(Array("etc/motd \(Self.value)".utf8)))
  }

  private func write(_ name: String, _ bytes: [UInt8]) throws {
    let url = URL(fileURLWithPath: "\(small.home.path)/\(name)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  private func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(small.home.path)/\(name)")
  }

  /// All bytes below a folder of the ledger, for what must not be in them.
  private func everything(below name: String) -> String {
    let root = "\(small.home.path)/\(name)"
    let names = FileManager.default.enumerator(atPath: root)?.allObjects as? [String] ?? []
    return names.compactMap { FileManager.default.contents(atPath: "\(root)/\($0)") }
      .map { String(decoding: $0, as: UTF8.self) }.joined()
  }

  @Test("every copy is found, put aside, purged, and recorded without the value")
  func whole() async throws {
    let home = small.home
    let looked = try await home.findSpill(
      Self.values, kinds: ["record-number"], time: .system, onlyLooks: true)
    #expect(looked.contents == [log])
    #expect(looked.entries.map(\.index) == [entry])
    #expect(
      looked.files.map(\.path) == ["runs/r1/scratch/logs/a.log", "runs/[a name that has a value]"])
    #expect(looked.images.count == 1)
    #expect(exists("runs/r1/scratch/logs/a.log") && !exists("spills"))

    var spill = try await home.findSpill(Self.values, kinds: ["record-number"], time: .system)
    #expect(spill.state == .quarantined)
    #expect(!exists("runs/r1/scratch/logs/a.log") && exists("runs/r1/scratch/logs/b.log"))
    #expect(!exists("images/\(String(repeating: "a", count: 64))"))
    try await home.purge(&spill, reason: "a test printed it", by: ana, time: .system)
    #expect(spill.state == .purged && spill.erasures.count == 1)
    #expect(try await home.blobs.get(log) == nil)
    #expect(!exists("spills/\(spill.id)/quarantine"))
    let recorded = try await home.record(
      spill, reason: "a test printed it", by: ana, time: .system)
    #expect(recorded.kind == .phiSpill)
    let assessment = try await home.assessment(of: spill)
    #expect(
      assessment.factors.map(\.factor)
        == ["nature-of-information", "who-got-it", "whether-seen", "mitigation"])
    _ = try await home.verifyLedger()
    let again = try await home.findSpill(
      Self.values, kinds: ["record-number"], time: .system, onlyLooks: true)
    #expect(again.entries.isEmpty && again.contents.isEmpty && again.images.isEmpty)
    #expect(again.files.isEmpty && !everything(below: "spills").contains(Self.value))
  }

  @Test("killed between writing down and moving, it goes on without the values")
  func killed() async throws {
    let home = small.home
    var spill = try await home.findSpill(Self.values, kinds: ["record-number"], time: .system)
    // As if it had been killed after the first move.
    spill.state = .found
    try FileManager.default.moveItem(
      atPath: "\(home.path)/spills/\(spill.id)/quarantine/0",
      toPath: "\(home.path)/\(spill.files[0].path)")
    try RunFolder.write(spill, to: "\(home.path)/spills/\(spill.id)/spill.json")
    var later = try home.spill(spill.id)
    try home.quarantine(&later)
    #expect(later.state == .quarantined && !exists(spill.files[0].path))
    try await home.purge(&later, reason: "goes on", by: ana, time: .system)
    try await home.purge(&later, reason: "goes on", by: ana, time: .system)
    #expect(later.state == .purged && later.erasures.count == 1)
  }

  @Test("what a legal hold covers stays with its quarantine, and is told")
  func held() async throws {
    let home = small.home
    _ = try await home.placeHold(
      "case-1", matter: "a claim", scope: .init(), reason: "asked by counsel", by: ana,
      time: .system)
    var spill = try await home.findSpill(Self.values, kinds: ["record-number"], time: .system)
    try await home.purge(&spill, reason: "a test printed it", by: ana, time: .system)
    #expect(spill.state == .held && !spill.held.isEmpty)
    #expect(exists("spills/\(spill.id)/quarantine"))
    #expect(try await home.blobs.get(log) != nil)
    // The next who tries finds the same: nothing is lost that the hold covers.
    var later = try home.spill(spill.id)
    try await home.purge(&later, reason: "tried again", by: ana, time: .system)
    #expect(later.state == .held)
  }

  @Test("a value that is too short to tell is refused")
  func short() async throws {
    await #expect(throws: Problem(.badInput, "")) {
      try await small.home.findSpill([Array("4711".utf8)], kinds: ["name"], time: .system)
    }
  }
}
