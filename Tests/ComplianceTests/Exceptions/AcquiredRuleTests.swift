import Compliance
import Foundation
import Model
import Reading
import Testing

@Suite("What a policy asks less of an acquired release")
struct AcquiredRuleTests {
  private static let rule = "acquired: {not-applicable: [signed], reason: not ours to see}"

  /// The fixture's policy with a line more in production.
  private func text(_ line: String) -> String {
    Fixture.policyText.replacing("    approvals:", with: "    \(line)\n    approvals:")
  }

  private func bundle(_ line: String) throws -> PolicyBundle {
    var fixture = Fixture()
    fixture.policy = text(line)
    return try fixture.bundle()
  }

  @Test func itIsReadAndKeptWithThePolicy() throws {
    let read = try Policy.read(Array(text(Self.rule).utf8), file: "p").0
    let acquired = read.environments.first { $0.name == "production" }?.exceptions?.acquired
    #expect(acquired?.notApplicable == ["signed"])
    #expect(acquired?.reason == "not ours to see")
    let schema = try SchemaCheck("policy")
    #expect(try schema.faults(YAMLReader.read(Array(text(Self.rule).utf8)).json) == [])
    let whole = try bundle(Self.rule)
    let pinned = try PolicyBundle(pinned: whole.bytes(), as: whole.reference())
    #expect(pinned.policy.environments == whole.policy.environments)
  }

  @Test(
    "patterns, nothing, and no reason are refused",
    arguments: [
      "acquired: {not-applicable: ['*'], reason: r}",
      "acquired: {not-applicable: [si*], reason: r}",
      "acquired: {not-applicable: [], reason: r}", "acquired: {not-applicable: [signed]}",
      "acquired: {not-applicable: [signed, signed], reason: r}",
      "acquired: {not-applicable: all, reason: r}",
    ])
  func refused(line: String) throws {
    #expect(throws: Problem.self) { try Policy.read(Array(text(line).utf8), file: "p") }
    let value = try YAMLReader.read(Array(text(line).utf8)).json
    #expect(try !SchemaCheck("policy").faults(value).isEmpty)
  }

  @Test func aTeamMayTakeFromTheListAndAddNothing() throws {
    let least = try bundle("acquired: {not-applicable: [signed, built], reason: r}")
    #expect(Tightening(of: least, by: try bundle(Self.rule)).faults == [])
    let faults = Tightening(of: try bundle(Self.rule), by: least).faults
    #expect(faults.contains { $0.contains("\"acquired\" does without \"built\"") }, "\(faults)")
    #expect(!Tightening(of: try Fixture().bundle(), by: least).faults.isEmpty)
  }
}
