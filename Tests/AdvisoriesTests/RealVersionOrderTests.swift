import Advisories
import Foundation
import TestKit
import Testing

/// The same answers as the programs by which each ecosystem decides, on random versions.
@Suite("Orders of versions beside the ecosystems' own programs")
struct RealVersionOrderTests {
  private static func pairs(_ parts: [String], seed: UInt64, count: Int) -> [(String, String)] {
    var random = Seeded(seed: seed)
    func version() -> String {
      "\(Int.random(in: 0...3, using: &random))"
        + (0..<Int.random(in: 0...4, using: &random))
        .map { _ in parts.randomElement(using: &random) ?? "" }.joined()
    }
    return (0..<count).map { _ in (version(), version()) }
  }

  private static func run(_ program: String, _ arguments: [String], input: String) throws
    -> [Substring]
  {
    let folder = try TemporaryFolder()
    let file = folder.file("pairs")
    try input.write(toFile: file, atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardInput = FileHandle(forReadingAtPath: file)
    process.standardError = FileHandle(forWritingAtPath: "/dev/null")
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).split(separator: "\n")
  }

  private static func check(
    _ order: VersionOrder, _ pairs: [(String, String)], _ answers: [Substring]
  ) {
    #expect(answers.count == pairs.count)
    for ((one, other), answer) in zip(pairs, answers) {
      let ours =
        switch order.compare(one, other).map({ $0.signum() }) {
        case -1: "lt"
        case 0: "eq"
        case 1: "gt"
        default: "bad"
        }
      #expect(ours == answer, "\(order): \(one) and \(other)")
    }
  }

  @Test("dpkg")
  func dpkg() throws {
    let pairs = Self.pairs(
      [".", ".1", ".10", "~", "~rc1", "+b1", "a", "-1", "-2", "+dfsg", ".0", ":2", "~~"], seed: 7,
      count: 150)
    let script = """
      while read -r one other; do
        if ! dpkg --validate-version "$one" || ! dpkg --validate-version "$other"; then echo bad
        elif dpkg --compare-versions "$one" lt "$other"; then echo lt
        elif dpkg --compare-versions "$one" eq "$other"; then echo eq; else echo gt; fi
      done
      """
    let answers = try Self.run(
      "/bin/bash", ["-c", script], input: pairs.map { "\($0) \($1)\n" }.joined())
    Self.check(.dpkg, pairs, answers)
  }

  @Test("Python's packaging")
  func packaging() throws {
    let python = try #require(
      ProcessInfo.processInfo.environment["PRATIQUE_VERIFIERS_PYTHON"],
      "run scripts/bootstrap and source its env.sh")
    let pairs = Self.pairs(
      [
        ".0", ".1", "a1", "b", "rc2", ".dev3", ".post1", "-1", "+abc", "+1.2", "!1", "_", "c1",
        ".rev4",
      ],
      seed: 11, count: 3000)
    let script = """
      import sys
      from packaging.version import Version, InvalidVersion
      for line in sys.stdin:
          try:
              a, b = map(Version, line.split())
              print('lt' if a < b else 'eq' if a == b else 'gt')
          except InvalidVersion:
              print('bad')
      """
    let answers = try Self.run(
      python, ["-c", script], input: pairs.map { "\($0) \($1)\n" }.joined())
    Self.check(.python, pairs, answers)
  }
}
