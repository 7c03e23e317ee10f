import Compliance
import Model
import Reading
import Testing

/// A commit brings its own excuses from the PHI guard: nobody approves without having seen them.
@Suite("Excuses of the PHI guard")
struct ExcusedPHITests {
  private static func search(
    _ subject: Subject, scope: String, run: String = "run-1", excused: [PHIScanResult.Excused] = []
  ) throws -> Fixture.Piece {
    let result = PHIScanResult(
      application: "patient-portal", run: run, time: Fixture.instant("2026-05-31T09:00:00Z"),
      scope: scope, paths: [""], setting: "auto",
      recognisers: .init(
        version: "1", lists: .sha256([1]), listsMade: "2026-11", measured: "docs/phi.md"),
      files: 3, bytes: 9, count: 0, totals: [], findings: [], excused: excused, expired: [],
      unread: [])
    return Fixture.Piece(
      kind: .phiScan, subjects: [subject], predicate: try JSONValue(encoding: result))
  }

  private static let excuse = PHIScanResult.Excused(
    path: "tests/fixtures.json", kind: "record-number", count: 4, reason: "made up", owner: "dana",
    expires: "2027-01-31")

  private static let second = PHIScanResult.Excused(
    path: "tests/fixtures.json", kind: "name", count: 1, reason: "made up", owner: "dana",
    expires: "2027-01-31")

  @Test("each excuse in use is shown first, with its owner, its reason and its end")
  func shown() throws {
    var fixture = try Fixture.approved()
    fixture.pieces.append(
      try Self.search(Fixture.commit, scope: "source", excused: [Self.excuse, Self.second]))
    fixture.pieces.append(try Self.search(Fixture.image, scope: "image"))
    let bypasses = try fixture.decide().bypasses.filter { $0.sentence.contains("PHI") }
    #expect(
      bypasses.map(\.sentence) == [
        "5 findings that may be PHI (4 record-number, 1 name) in tests/fixtures.json are excused by dana until"
          + " 2027-01-31: made up"
      ])
    #expect(bypasses.first?.kind == .override)
    #expect(bypasses.first?.until == Fixture.instant("2027-01-31T23:59:59Z"))
    #expect(bypasses.first?.evidence != nil)
  }

  @Test("an excuse that the latest search no longer uses is not shown; many are counted")
  func latest() throws {
    var fixture = try Fixture.approved()
    fixture.pieces.append(try Self.search(Fixture.commit, scope: "source", excused: [Self.excuse]))
    fixture.pieces.append(try Self.search(Fixture.commit, scope: "source", run: "run-2"))
    #expect(try fixture.decide().bypasses.allSatisfy { !$0.sentence.contains("PHI") })
    let many = (0..<30).map { number in
      PHIScanResult.Excused(
        path: "f\(number)", kind: "name", count: 1, reason: "r", owner: "o", expires: "2027-01-31")
    }
    fixture.pieces.append(
      try Self.search(Fixture.commit, scope: "source", run: "run-3", excused: many))
    let shown = try fixture.decide().bypasses.filter { $0.sentence.contains("PHI") }
    #expect(shown.count == 21)
    #expect(shown.last?.sentence.hasPrefix("10 more") == true)
  }
}
