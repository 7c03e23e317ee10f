import ArgumentParser
import Delivery
import Foundation
import Journey
import Model

/// Writes the report about a release.
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write one HTML file about a release, for people to read.",
    discussion: """
      The file needs nothing else, runs no script, and prints well.

      Example: pratique report latest --to report.html
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The release: a version, the beginning of a digest, or latest.")
  var release = "latest"
  @Option(name: .customLong("to"), help: "Where the file goes.")
  var file: String
  @Option(
    help: "The file that defines environments, to look at what runs; or PRATIQUE_ENVIRONMENTS.")
  var environments: String?
  @Flag(help: "Replace a file that is there already.")
  var force = false

  func run() async throws {
    let home = try options.open(readOnly: true)
    let named = try await home.release(named: release)
    let variables = ProcessInfo.processInfo.environment
    var observed: [EnvironmentStatus] = []
    if let path = environments ?? variables["PRATIQUE_ENVIRONMENTS"] {
      observed = try await EnvironmentAccess(
        home: home, application: named.application, variables: variables
      ).status(EnvironmentFile.read(InputFile.read(path), path: path))
    }
    try await home.report(
      on: named, to: file, replacing: force, time: TimeSource.system.now(), observed: observed)
    try options.terminal.result(
      ["file": file], ["wrote \(file) about \(named.application) \(named.version)"])
  }
}
