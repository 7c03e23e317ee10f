import ArgumentParser
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
  @Flag(help: "Replace a file that is there already.")
  var force = false

  func run() async throws {
    let home = try options.open(readOnly: true)
    let named = try await home.release(named: release)
    try await home.report(
      on: named, to: file, replacing: force, time: TimeSource.system.now())
    try options.terminal.result(
      ["file": file], ["wrote \(file) about \(named.application) \(named.version)"])
  }
}
