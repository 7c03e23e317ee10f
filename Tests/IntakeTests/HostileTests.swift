import Intake
import Model
import Reading
import Testing

/// Input that is made to hurt: it is refused within moments, with the reason.
@Suite("Hostile reports")
struct HostileTests {
  private func refusal(_ bytes: [UInt8], _ format: ReportFormat? = nil) -> String {
    do {
      let read = try IntakeReader.read(ReportInput(bytes), source: "report", format: format)
      return "taken: \(outline(read.report))"
    } catch let problem as Problem {
      return problem.description
    } catch {
      return "another error: \(error)"
    }
  }

  @Test(
    "Depth is bounded",
    arguments: [
      "{\"version\":\"2.1.0\",\"runs\":" + String(repeating: "[", count: 200_000),
      String(repeating: "{\"a\":", count: 200_000),
      "<testsuites>" + String(repeating: "<testsuite>", count: 200_000),
    ])
  func depth(text: String) {
    #expect(refusal(text.bytes).contains("nested deeper than 128 levels"))
  }

  @Test("Entities are never expanded, and nothing outside is read")
  func entities() {
    let laughs = """
      <!DOCTYPE coverage [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
      <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><coverage line-rate="1"><x>&c;</x></coverage>
      """
    #expect(refusal(laughs.bytes).contains("declarations of its own"))
    let file =
      "<!DOCTYPE coverage [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><coverage>&a;</coverage>"
    #expect(refusal(file.bytes).contains("declarations of its own"))
    let undeclared = "<coverage line-rate='1'><x>&a;</x></coverage>"
    #expect(refusal(undeclared.bytes).contains("is not a reference that this reader takes"))
  }

  @Test(
    "Numbers beyond what can be held",
    arguments: [
      ("\"StartLine\":1", "\"StartLine\":99999999999999999999", "does not fit in 64 bits"),
      ("\"StartLine\":1", "\"StartLine\":1e999", "too large for a double"),
      ("\"StartLine\":1", "\"StartLine\":-7", "non-negative integer"),
      ("\"StartLine\":1", "\"StartLine\":1.5", "non-negative integer"),
      ("\"V3Score\":9.8", "\"V3Score\":1e300", "taken"),
      ("\"StartLine\":1", "\"StartLine\":" + String(repeating: "9", count: 100_000), "64 bits"),
    ])
  func numbers(from: String, to: String, reason: String) {
    let answer = refusal(Fixtures.trivy.replacing(from, with: to, maxReplacements: 1).bytes)
    #expect(answer.contains(reason), "\(answer.prefix(300))")
  }

  @Test("Bytes that are no UTF-8, in every kind")
  func encoding() {
    for fixture in KindFixture.all {
      for bytes: [UInt8] in [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]] {
        // Behind the first letter of a text: in a name, a value or a line.
        guard let place = fixture.text.bytes.lastIndex(of: 0x61) else { continue }
        var broken = fixture.text.bytes
        broken.insert(contentsOf: bytes, at: place + 1)
        #expect(refusal(broken, fixture.format).contains("refused"), "\(fixture.format) \(bytes)")
      }
    }
  }

  @Test("A name that stands twice, wherever it stands")
  func duplicates() {
    let rows = "\"Vulnerabilities\":["
    let twice = Fixtures.trivy.replacing(rows, with: "\"Vulnerabilities\":[],\(rows)")
    #expect(refusal(twice.bytes).contains("\"Vulnerabilities\" stands twice"))
    let escaped = Fixtures.trivy.replacing(rows, with: "\"Vulner\\u0061bilities\":[],\(rows)")
    #expect(refusal(escaped.bytes).contains("\"Vulnerabilities\" stands twice"))
    let many = (0..<200_000).map { "\"k\($0)\":0" }.joined(separator: ",")
    #expect(refusal("{\(many),\"k7\":1}".bytes).contains("\"k7\" stands twice"))
    let attribute = "<testsuite name='a' name='b'><testcase name='a'/></testsuite>"
    #expect(refusal(attribute.bytes).contains("stands twice"))
  }

  @Test("Much of the same thing takes no more than its share of time")
  func sizes() {
    let clock = ContinuousClock()
    let took = clock.measure {
      let names = (0..<300_000).map { "\"\($0)\":{}" }.joined(separator: ",")
      #expect(refusal("{\"metrics\":{\(names)},\"root_group\":{}}".bytes).contains("nothing"))
      let attributes = (0..<3_000).map { "a\($0)=''" }.joined(separator: " ")
      #expect(refusal("<testsuite \(attributes)/>".bytes).contains("nothing was tested"))
      let text = String(repeating: "x]", count: 400_000)
      #expect(
        refusal("<testsuite><testcase name='a'/><system-out>\(text)</system-out></testsuite>".bytes)
          .hasPrefix("taken"))
    }
    #expect(took < .seconds(60))
  }

  @Test("What reads in parts refuses one endless token")
  func endlessToken() {
    var isBegun = false
    let part = [UInt8](repeating: 0x61, count: 1 << 20)
    let problem = #expect(throws: Problem.self) {
      _ = try IntakeReader.read(
        try ReportInput(parts: {
          defer { isBegun = true }
          return isBegun ? part : "<testsuite name='".bytes
        }), source: "report")
    }
    #expect(problem?.message.contains("one tag or text has more than") == true)
  }
}
