import CEL
import Expressions
import Foundation
import Reading

/// The release policy of four clauses over many inputs.
enum PolicyBench {
  static let expression = """
    release.branch == 'main' && scan.critical == 0 \
    && approvals.exists(a, a.role == 'clinical-safety') && release.signer in ['ada', 'bob']
    """

  /// Prints one JSON object: the answers as a text of 0 and 1, and nanoseconds an evaluation.
  static func run(inputs path: String) throws {
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    let inputs = try JSONReader.read(bytes, limits: .report).array ?? []
    let environment = Environment(
      variables: [
        "release": .object("Release"), "scan": .object("Scan"),
        "approvals": .list(.object("Approval")),
      ],
      objects: [
        "Release": ["branch": .string, "signer": .string, "digest": .string],
        "Scan": ["critical": .int, "high": .int],
        "Approval": ["role": .string, "person": .string],
      ])
    let clock = ContinuousClock()
    var program = try Program(expression, in: environment)
    let compiling = try clock.measure {
      for _ in 0..<100 { program = try Program(expression, in: environment) }
    }
    let prepared = inputs.map(activation)
    var answers: [CELValue] = []
    let ready = try best(clock) { answers = try prepared.map { try program.evaluate($0) } }
    let whole = try best(clock) { _ = try inputs.map { try program.evaluate(activation($0)) } }
    let report: JSONValue = .object([
      "answers": .string(answers.map { $0 == .bool(true) ? "1" : "0" }.joined()),
      "compile": .number(nanoseconds(compiling) / 100),
      "prepared": .number(ready / Double(inputs.count)),
      "converted": .number(whole / Double(inputs.count)),
    ])
    print(String(decoding: try CanonicalJSON.write(report), as: UTF8.self))
  }

  private static func activation(_ json: JSONValue) -> Activation {
    Activation(
      Dictionary(
        (json.object?.members ?? []).map { ($0.name, PlainValue.value($0.value)) }
      ) { $1 })
  }

  /// The least of thirty rounds, in nanoseconds.
  private static func best(_ clock: ContinuousClock, _ body: () throws -> Void) throws -> Double {
    var best = Double.infinity
    for _ in 0..<30 { best = min(best, nanoseconds(try clock.measure(body))) }
    return best
  }

  static func nanoseconds(_ duration: Duration) -> Double {
    let (seconds, attoseconds) = duration.components
    return Double(seconds) * 1e9 + Double(attoseconds) / 1e9
  }
}
