import Foundation
import Model
import Testing

@testable import Pipeline

/// What steps print is looked at before it is kept.
@Suite("PHI in what steps print")
struct TextGuardTests {
  /// Takes `#` with digits behind it for a number, whatever their count.
  private static let toy = TextGuard { text in
    var hits: [TextGuard.Hit] = []
    var place = 0
    while let start = text[place...].firstIndex(of: 0x23) {
      let end = text[(start + 1)...].firstIndex { !(0x30...0x39).contains($0) } ?? text.count
      if end > start + 1 { hits.append(.init(kind: "record-number", range: start..<end)) }
      place = end
    }
    return hits
  }

  private func masked(_ text: [UInt8], parts: [Int]) -> (text: [UInt8], counts: [String: Int]) {
    var stream = TextGuard.Stream(Self.toy)
    var output: [UInt8] = []
    var rest = text[...]
    var turn = 0
    while !rest.isEmpty {
      let part = rest.prefix(parts[turn % parts.count])
      output += stream.take(Array(part))
      rest = rest.dropFirst(part.count)
      turn += 1
    }
    output += stream.finish()
    return (output, stream.counts)
  }

  /// Lines of all lengths, some longer than any window, with and without numbers, some on a cut.
  private static func sample(_ seed: UInt64) -> [UInt8] {
    var generator = Seeded(state: seed)
    var text = ""
    while text.utf8.count < 400_000 {
      let length = [0, 3, 80, 5_000, 70_000, 140_000].randomElement(using: &generator) ?? 0
      while text.utf8.last != 0x0a || length == 0 {
        let word = ["abc ", "#4711 ", "#", "x", "#98765432", " "].randomElement(using: &generator)
        text += word ?? ""
        if Int.random(in: 0...max(1, length / 3), using: &generator) == 0 { text += "\n" }
        if length == 0 { break }
      }
    }
    return Array(text.utf8)
  }

  @Test("a number is replaced wherever the parts and the windows are cut", arguments: 1...6)
  func parts(seed: Int) {
    let text = Self.sample(UInt64(seed))
    let whole = Self.toy.masked(String(decoding: text, as: UTF8.self))
    let expected = masked(text, parts: [text.count])
    #expect(String(decoding: expected.text, as: UTF8.self) == whole)
    for parts in [[1 << 16], [4096], [1, 7, 63], [65_537, 3]] {
      let result = masked(text, parts: parts)
      #expect(result.text == expected.text)
      #expect(result.counts == expected.counts)
    }
  }

  @Test("a line without an end does not gather in memory")
  func endless() {
    var stream = TextGuard.Stream(Self.toy)
    var given = 0
    for _ in 0..<64 { given += stream.take([UInt8](repeating: 0x61, count: 1 << 16)).count }
    #expect(64 << 16 - given <= TextGuard.Stream.longestLine + TextGuard.Stream.held)
  }

  private func go(_ fixture: Fixture, _ yaml: String) async throws -> RunResult {
    var services = fixture.services()
    services.phi = Self.toy
    return await Runner(try fixture.request(yaml), services).run()
  }

  @Test("a value in a log line is replaced, counted, and the step goes on")
  func masks() async throws {
    let fixture = try Fixture()
    let result = try await go(
      fixture, Fixture.stage("a: {run: [printf, 'patient #4711\\ntwice #12\\n']}"))
    #expect(fixture.log("s.a.1") == "patient [PHI: record-number]\ntwice [PHI: record-number]\n")
    let step = try #require(fixture.recorder.steps.first)
    #expect(step.outcome == .passed)
    #expect(step.replaced == [.init(kind: "record-number", count: 2)])
    #expect(step.log?.digest == .sha256(Array(fixture.log("s.a.1").utf8)))
    #expect(result.summary.text.contains("PHI? 2 record-number"))
  }

  @Test("where the file says so, the step fails; what is shown of it holds no value")
  func fails() async throws {
    let fixture = try Fixture()
    let yaml = "phi: {log: fail}\n" + Fixture.stage("a: {run: [printf, 'patient #4711\\n']}")
    let result = try await go(fixture, yaml)
    #expect(result.outcome.problem?.code == .phiFound)
    #expect(result.summary.steps[0].lastLines == ["patient [PHI: record-number]"])
    #expect(fixture.recorder.steps.map(\.outcome) == [.failed])
    #expect(fixture.recorder.steps.map { $0.replaced?.count } == [1])
  }

  @Test("a rule that nobody defined is refused; looking cannot be turned off")
  func off() throws {
    #expect(throws: Problem.self) {
      try Fixture().request("phi: {log: off}\n" + Fixture.stage("a: {run: 'true'}"))
    }
  }

  @Test("what a tool complained of is told without the value")
  func reasons() async throws {
    let fixture = try Fixture()
    var services = fixture.services([
      action("source/commit") { _ in throw Problem(.stepFailed, "it said: patient #4711") }
    ])
    services.phi = Self.toy
    let result = await Runner(
      try fixture.request(Fixture.stage("a: {uses: source/commit}")), services
    ).run()
    #expect(result.summary.reason?.contains("patient [PHI: record-number]") == true)
    #expect(fixture.recorder.runs.last?.reason?.contains("4711") == false)
  }

  @Test("a report that is refused for PHI is removed")
  func reports() async throws {
    let fixture = try Fixture()
    var services = fixture.services()
    services.collect = { _ in throw Problem(.phiFound, "it may hold a number") }
    let yaml = Fixture.stage(
      """
      a:
        run: 'echo x >r.xml'
        reports: [{path: r.xml, format: junit, kind: test-result, suite: unit}]
      """)
    let result = await Runner(try fixture.request(yaml), services).run()
    #expect(result.outcome.problem?.code == .phiFound)
    #expect(fixture.text("r.xml") == nil)
  }
}

/// Numbers that are the same each time.
private struct Seeded: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 29
  }
}
