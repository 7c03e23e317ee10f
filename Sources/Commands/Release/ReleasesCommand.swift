import ArgumentParser
import Journey
import Model

/// Lists releases.
struct ReleasesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "releases", abstract: "List the releases in the ledger, newest first.")

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let releases = try await options.open(readOnly: true).releases()
    try options.terminal.result(
      releases,
      releases.isEmpty
        ? ["no release was recorded yet"]
        : releases.map {
          "\($0.release.version)  \($0.time)  \($0.release.application)"
            + "  \($0.release.delivered.flatMap(\.digests).map(\.description).joined(separator: " "))"
        })
  }
}
