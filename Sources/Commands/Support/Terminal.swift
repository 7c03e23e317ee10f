import Foundation
import Model
import Reading

/// Where a command's words go: results to standard output, everything else to standard error.
struct Terminal: Sendable {
  /// Whether results are JSON.
  let isJSON: Bool
  /// Whether standard error is a terminal that takes colour.
  let hasColour: Bool

  init(isJSON: Bool) {
    self.isJSON = isJSON
    let environment = ProcessInfo.processInfo.environment
    hasColour =
      isatty(STDERR_FILENO) == 1 && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb"
  }

  /// Prints a command's result: its JSON, or the lines for people.
  func result(_ value: some Encodable, _ lines: @autoclosure () -> [String]) throws {
    if isJSON {
      var bytes = try CanonicalJSON.write(value)
      bytes.append(0x0a)
      FileHandle.standardOutput.write(Data(bytes))
    } else {
      for line in lines() { out(line) }
    }
  }

  /// A line of a result.
  func out(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

  /// A line for people that is no result: progress, advice.
  func note(_ line: String) { write(line + "\n") }

  /// Words for people that end no line.
  func write(_ words: String) { FileHandle.standardError.write(Data(words.utf8)) }

  /// Says what went wrong.
  func error(_ problem: Problem) {
    if isJSON, let value = try? JSONValue(encoding: ProblemReport(problem)),
      let bytes = try? CanonicalJSON.write(value)
    {
      FileHandle.standardError.write(Data(bytes + [0x0a]))
      return
    }
    let (start, end) = hasColour ? ("\u{1b}[1;31m", "\u{1b}[0m") : ("", "")
    note("\(start)error:\(end) \(problem)")
  }
}

/// A problem as JSON.
private struct ProblemReport: Encodable {
  let error: Content

  struct Content: Encodable {
    let code: Problem.Code
    let message: String
    let location: String?
    let advice: String?
  }

  init(_ problem: Problem) {
    error = Content(
      code: problem.code, message: problem.message, location: problem.location,
      advice: problem.advice)
  }
}
