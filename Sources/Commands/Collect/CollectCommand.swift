import ArgumentParser
import Foundation
import Journey
import Model

/// Reads reports of other tools, explains them, and records what they say.
struct CollectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect",
    abstract: "Read other tools' reports, and record what they say of a release or a commit.",
    discussion: """
      Each report's kind is recognised from its content. One that is cut off, contradicts itself,
      shows nothing, is older than the commit or is about something else is refused: then nothing is
      recorded. The reports themselves are kept beside the ledger.

      Examples:
        pratique collect --explain trivy.json
        pratique collect --application portal --commit HEAD --suite unit reports/junit.xml
        pratique collect --application portal --release latest zap.json semgrep.json
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The reports.", completion: .file())
  var files: [String]
  @Flag(help: "Say what each report is and what would be recorded; record nothing.")
  var explain = false
  @OptionGroup var reading: CollectReadingOptions
  @OptionGroup var target: CollectTargetOptions

  func validate() throws {
    guard !files.isEmpty else { throw ValidationError("name at least one report") }
    if !explain, target.application == nil, target.release == nil {
      throw ValidationError("say which application the reports are of with --application")
    }
  }

  func run() async throws {
    var collecting = try reading.collecting()
    if explain {
      collecting.subjects = try await target.subjects(nil, &collecting)
      let explained = try files.map {
        try ReportCollecting.explain(
          absolute($0), options: collecting, time: TimeSource.system.now())
      }
      try options.terminal.result(explained, explained.flatMap(CollectText.lines))
      return
    }
    let home = try options.open()
    collecting.subjects = try await target.subjects(home, &collecting)
    let recorded = try await home.collect(
      files.map(absolute), application: target.application(home), run: target.run,
      options: collecting, time: .system)
    try options.terminal.result(recorded, CollectText.lines(recorded))
  }

  private func absolute(_ path: String) -> String {
    PathText.resolve(path, in: FileManager.default.currentDirectoryPath)
  }
}
