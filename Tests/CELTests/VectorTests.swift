import CEL
import Foundation
import Testing

/// The conformance vectors of the language's project, read from outside of the repository.
@Suite struct VectorTests {
  static let folder: URL = {
    if let path = ProcessInfo.processInfo.environment["PRATIQUE_VECTORS"] {
      return URL(fileURLWithPath: path).appending(path: "cel")
    }
    return URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "../shared/vectors/cel").standardizedFileURL
  }()

  static let isWanted =
    FileManager.default.fileExists(atPath: folder.path)
    || ProcessInfo.processInfo.environment["CI"] == "true"

  static let profile = [
    "basic", "bindings_ext", "block_ext", "comparisons", "conversions", "encoders_ext", "fields",
    "fp_math",
    "integer_math", "lists", "logic", "macros", "macros2", "math_ext", "namespace", "optionals",
    "parse", "plumbing", "string", "string_ext", "timestamps", "type_deduction",
  ]

  static func cases(_ file: String) throws -> [VectorCase] {
    let data = try Data(contentsOf: folder.appending(path: "\(file).json"))
    return try JSONDecoder().decode([VectorCase].self, from: data)
  }

  @Test("every case passes", .enabled(if: isWanted), arguments: profile)
  func file(_ name: String) throws {
    let cases = try Self.cases(name)
    #expect(!cases.isEmpty)
    var passed = 0
    for vector in cases {
      if let problem = vector.problem() {
        Issue.record("\(name)/\(vector.section)/\(vector.name): \(vector.expr)\n  \(problem)")
      } else {
        passed += 1
      }
    }
    print("CEL vectors \(name): \(passed) of \(cases.count)")
  }
}
