import CEL
import Expressions
import Foundation
import Reading
import TestKit
import Testing

/// The conformance vectors of the language's project, through the executable's line protocol.
@Suite(.enabled(if: Vectors.isWanted)) struct PolicyVectorTests {
  private struct Case {
    let name: String
    let line: [UInt8]
    let expect: JSONValue
    let type: JSONValue?
  }

  private static let left = ["network_ext"]

  private static func cases() throws -> [Case] {
    try Vectors.files(below: "cel", ending: ".json").filter { file in
      !file.contains("excluded") && !file.contains("INDEX")
        && !left.contains { file.hasSuffix("/\($0).json") }
    }.flatMap { file in
      let all = try JSONReader.read(Vectors.bytes(file), limits: .report).array ?? []
      return try all.enumerated().map { place, vector in
        var object = try #require(vector.object)
        let expect = try #require(object["expect"])
        object["expect"] = nil
        let id = "\(file)#\(place)"
        object["id"] = .string(id)
        return Case(
          name: id, line: try CanonicalJSON.write(.object(object)) + [0x0a], expect: expect,
          type: object["deducedType"])
      }
    }
  }

  private static func disagreement(_ vector: Case, _ answer: JSONValue) throws -> String? {
    guard answer["id"] == .string(vector.name) else { return "another id" }
    if vector.expect["checkOnly"] != nil {
      return answer["value"]?["v"] == vector.type ? nil : "another type"
    }
    guard let wanted = vector.expect["value"] else {
      return answer["error"]?.string == nil ? "a value where an error was expected" : nil
    }
    guard let found = answer["value"] else { return "an error where a value was expected" }
    // Compared as values: a map's order and a number's text are not said by the form.
    let (left, right) = try (TypedValue.read(found), TypedValue.read(wanted))
    let areSame = found == wanted || (left == right && left.typeName == right.typeName)
    return areSame ? nil : "another value"
  }

  private func process() throws -> (Process, input: Pipe, output: Pipe) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Outsider.pratique)
    process.arguments = ["policy", "eval", "--stdio"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    return (process, input, output)
  }

  @Test func everyVectorAgreesThroughTheExecutable() throws {
    let folder = try TemporaryFolder()
    let cases = try Self.cases()
    #expect(cases.count > 1_000)
    let questions = URL(fileURLWithPath: folder.file("questions"))
    try Data(cases.flatMap(\.line)).write(to: questions)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Outsider.pratique)
    process.arguments = ["policy", "eval", "--stdio"]
    process.standardInput = try FileHandle(forReadingFrom: questions)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let lines = text.split(separator: 0x0a)
    try #require(lines.count == cases.count)
    var agreed = 0
    for (vector, line) in zip(cases, lines) {
      let answer = try JSONReader.read(Array(line))
      if let words = try Self.disagreement(vector, answer) {
        Issue.record("\(vector.name): \(words): \(answer)")
      } else {
        agreed += 1
      }
    }
    print("CEL vectors through the executable: \(agreed) of \(cases.count)")
  }

  @Test func eachAnswerComesBeforeTheNextQuestion() throws {
    let (process, input, output) = try process()
    let lines = [
      #"{"id":"a","expr":"1 + 1"}"#, "{ no question", "\u{7f}", #"{"id":"b","expr":"1 +"}"#,
      #"{"id":"c","expr":"'(a+)+$'.matches('^(a+)+$')"}"#,
      #"{"id":"d","expr":""# + String(repeating: "(", count: 50_000) + #""}"#,
      #"{"id":"e","expr":"x","bindings":{"x":{"t":"string","v":"end"}},"typeEnv":"#
        + #"[{"name":"x","type":"string"}]}"#,
    ]
    var answers: [JSONValue] = []
    for line in lines {
      // Were an answer held back, this would wait for ever.
      input.fileHandleForWriting.write(Data((line + "\n").utf8))
      var bytes = Data()
      while bytes.last != 0x0a {
        let more = output.fileHandleForReading.availableData
        try #require(!more.isEmpty, "it ended")
        bytes += more
      }
      answers.append(try JSONReader.read(Array(bytes.dropLast())))
    }
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(answers.first?["value"] == .object(["t": .string("int"), "v": .string("2")]))
    #expect(answers[1]["error"] != nil && answers[2]["error"] != nil && answers[5]["error"] != nil)
    #expect(answers.last?["value"]?["v"] == .string("end"))
  }

  @Test func aValueIsPrintedWithItsTypeAndAnErrorWithItsCaret() async throws {
    let folder = try TemporaryFolder()
    let input = folder.file("input.yaml")
    try Data("severity: high\nscore: 8.7\n".utf8).write(to: URL(fileURLWithPath: input))
    func eval(_ words: String...) async throws -> Ended {
      try await Outsider.run(
        Outsider.pratique, ["policy", "eval"] + words, home: folder.path)
    }
    let value = try await eval("score > 7.0 && severity == 'high'", "--input", input)
    #expect(value.output == "bool: true\n")
    let json = try await eval("score", "--input", input, "--json", "--trace")
    #expect(json.output.contains(#""value":{"t":"double","v":"8.7"}"#))
    let compiling = try await eval("score >\n  sevrity", "--input", input)
    #expect(compiling.complaint.contains("2:3"))
    #expect(compiling.complaint.contains(" |   sevrity\n |   ^"))
    #expect(compiling.complaint.contains("severity"))
    #expect("\(compiling.status)".contains("65"))
    let failing = try await eval("severity.bogus == 1", "--input", input)
    #expect("\(failing.status)".contains("22"))
    #expect(failing.output.isEmpty)
  }
}
