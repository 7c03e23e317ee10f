import Foundation
import Model
import Pipeline
import Testing

@Suite("Tools of a step")
struct ToolTests {
  private let fixture: Fixture
  init() throws { fixture = try Fixture() }

  @Test("their versions are recorded, also of a step that fails, and are part of its key")
  func versions() async throws {
    let result = try await fixture.go(
      Fixture.stage(
        """
        a: {run: "true", tools: [git, make]}
        b: {run: "false", tools: [make]}
        c: {run: "true"}
        """))
    #expect(result.outcome.word == .failed)
    let a = try #require(fixture.recorder.step("s/a").first)
    #expect(a.tools.map(\.name) == ["git", "make"])
    #expect(a.tools[0].version.hasPrefix("git version "))
    #expect(a.tools[1].version.hasPrefix("GNU Make "))
    #expect(try #require(fixture.recorder.step("s/b").first).tools.map(\.name) == ["make"])
    #expect(try #require(fixture.recorder.step("s/c").first).tools == [])
    let other = try Fixture()
    _ = try await other.go(Fixture.stage("a: {run: \"true\", tools: [git]}"))
    #expect(try #require(other.recorder.step("s/a").first).stepKey != a.stepKey)
  }

  @Test("a tool that is not there fails the step before it runs")
  func missing() async throws {
    let result = try await fixture.go(
      Fixture.stage("a: {run: touch ran.txt, tools: [git, no-such-tool]}"))
    #expect(result.outcome.problem?.code == .toolMissing)
    #expect(result.outcome.problem?.message == "the tool \"no-such-tool\" is not there")
    #expect(fixture.text("ran.txt") == nil)
    #expect(try #require(fixture.recorder.step("s/a").first).outcome == .failed)
  }
}
