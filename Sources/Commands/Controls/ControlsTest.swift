import ArgumentParser
import Journey
import Model

/// Runs the examples of catalogs.
struct ControlsTest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Run the good and the bad examples of catalogs, and name what no example can fail.",
    discussion: """
      Ends with an error when an example does not come to what it says, when a check has no good or
      no bad example, and when no bad example makes one of its conditions false.

      Example:
        pratique controls test catalogs/*.yaml
        pratique controls test --policy policy.yaml
      """)

  @Argument(help: "The catalog files.")
  var catalogs: [String] = []
  @Option(help: ArgumentHelp("A policy file: its catalogs are tested.", valueName: "file"))
  var policy: String?
  @Flag(help: "Print the result as JSON.")
  var json = false

  func validate() throws {
    guard catalogs.isEmpty != (policy == nil) else {
      throw ValidationError("Name catalog files, or a policy with --policy.")
    }
  }

  func run() async throws {
    let paths =
      try policy.map { try ControlExamples.catalogs(ofPolicy: ControlSource.path($0)) }
      ?? catalogs.map(ControlSource.path)
    let files = try ControlExamples.run(paths)
    try Terminal(isJSON: json).result(files, files.flatMap(Self.lines))
    let faults = files.reduce(0) { $0 + $1.faults.count }
    guard faults == 0 else {
      throw Problem(.badInput, "\(faults) check(s) do not hold what their examples say")
    }
  }

  private static func lines(_ file: ControlExamples.File) -> [String] {
    ["\(file.catalog): \(file.checks) checks, \(file.examples) examples"]
      + file.faults.flatMap { fault in
        ["  \(fault.control), check \(fault.check):"] + fault.reasons.map { "    \($0)" }
      }
  }
}
