import ArgumentParser
import Expressions
import Foundation
import Journey
import Model
import Reading

/// Evaluates an expression.
struct PolicyEval: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval", abstract: "Evaluate an expression of the policy language.",
    discussion: """
      Each member of the input is a variable. An expression that cannot be compiled ends with 65, one
      that fails when evaluated with 22; the error shows line, column and a caret. Unlike a gate, this
      command knows this machine's named time zones. With --stdio each line of standard input is a
      question with an "id", answered by one line: docs/formats/expressions.md.

      Example: pratique policy eval 'findings.all(f, f.severity != "critical")' --input report.json
      """)

  @Argument(help: "The expression, in the Common Expression Language.")
  var expression: String?
  @Option(help: "A JSON or YAML file whose members are the variables; - for standard input.")
  var input: String?
  @Flag(help: "Show the value of every part of the expression.")
  var trace = false
  @Flag(help: "Answer questions, one a line, until standard input ends.")
  var stdio = false
  @Flag(help: "Print the result as JSON.")
  var json = false

  func validate() throws {
    guard stdio ? expression == nil && input == nil && !trace : expression != nil else {
      throw ValidationError(
        stdio
          ? "--stdio takes no expression and no other option." : "Give an expression, or --stdio.")
    }
  }

  func run() throws {
    guard let expression else { return converse() }
    let answer = try Question(expression, over: variables()).answer(isTraced: trace)
    try Terminal(isJSON: json).result(answer, answer.lines)
    if let problem = answer.problem { throw problem }
  }

  private func variables() throws -> JSONObject {
    guard let input else { return JSONObject() }
    let bytes =
      input == "-"
      ? Array(try FileHandle.standardInput.read(upToCount: 64 << 20) ?? Data())
      : try InputFile.read(input)
    do {
      return try Question.input(bytes)
    } catch let error as ReadingError {
      throw Problem(
        .badInput, error.message, at: input + (error.position.map { ":\($0)" } ?? ""))
    }
  }

  /// Every answer is written before the next line is read, so that a program can wait for it.
  private func converse() {
    var splitter = LineSplitter(length: LineProtocol.length)
    func answer(_ line: [UInt8]) {
      guard !line.isEmpty else { return }
      FileHandle.standardOutput.write(Data(LineProtocol.answer(line) + [0x0a]))
    }
    while true {
      let bytes = FileHandle.standardInput.availableData
      if bytes.isEmpty { break }
      splitter.lines(bytes).forEach(answer)
    }
    splitter.rest().map(answer)
  }
}
