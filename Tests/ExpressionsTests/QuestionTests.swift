import Expressions
import Model
import Reading
import Testing

@Suite struct QuestionTests {
  private func lines(_ expression: String, _ input: String = "{}", trace: Bool = false) throws
    -> [String]
  {
    try Question(expression, over: Question.input(Array(input.utf8))).answer(isTraced: trace).lines
  }

  @Test("JSON and YAML give the same variables") func input() throws {
    let json = #"{"tests": {"failed": 0, "share": 0.5}, "names": ["a", null, true]}"#
    let yaml = "tests: {failed: 0, share: 0.5}\nnames: [a, null, true]\n"
    for input in [json, yaml] {
      let found = try lines(
        "tests.failed == 0 && type(tests.failed) == int && type(tests.share) == double"
          + " && names == ['a', null, true]", input)
      #expect(found == ["bool: true"])
    }
  }

  @Test("a trace shows each part with its value and its place") func trace() throws {
    let found = try lines("a > 1 &&\n  b.size() == 2", "a: 3\nb: [x, y]\n", trace: true)
    #expect(found.contains("1:1  a  →  3"))
    #expect(found.contains("2:3  b.size()  →  2"))
    #expect(found.last == "bool: true")
  }

  @Test("what fails is traced up to there") func failingTrace() throws {
    let answer = try Question("1 / (a - 1) > 0", over: ["a": .integer(1)]).answer(isTraced: true)
    #expect(answer.problem?.code == .judgingFailed)
    #expect(answer.lines.contains("1:6  a - 1  →  0"))
  }

  @Test(
    "an error has line, column and caret",
    arguments: [
      ("a &&\n  b.size( == 1", Problem.Code.badInput, "expression:2:11"),
      ("a.size() == 'x'", .badInput, "expression:1:10"), ("aa == 1", .badInput, "expression:1:1"),
      ("1 == 1 && 1 / 0 == a", .judgingFailed, "expression:1:13"),
      ("a.b.c", .judgingFailed, "expression:1:3"),
    ])
  func place(_ expression: String, _ code: Problem.Code, _ place: String) throws {
    do {
      _ = try lines(expression, #"{"a": 1, "b": "x"}"#)
      Issue.record("no error")
    } catch let problem as Problem {
      #expect(problem.code == code, "\(problem)")
      #expect(problem.location == place, "\(problem)")
      #expect(problem.message.contains("\n | "))
      #expect(problem.message.hasSuffix("^"))
    }
  }

  @Test("input that is no object is refused with its place") func badInput() {
    for text in ["[1]", "a: [", #"{"a": 1, "a": 2}"#, "", "3"] {
      #expect(throws: ReadingError.self) { try Question.input(Array(text.utf8)) }
    }
  }

  @Test("no control character of a value reaches the terminal") func control() throws {
    #expect(try lines(#"a"#, #"{"a": "x\u001b[2J\u009by"}"#) == [#"string: "x\u001b[2J\u009by""#])
  }
}
