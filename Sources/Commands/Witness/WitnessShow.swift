import ArgumentParser
import Ledger
import Model
import Server

/// Shows what a witness knows and holds.
struct WitnessShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show the witness's key, its logs and what it cosigned last.",
    discussion: "Example: pratique witness show")

  @OptionGroup var options: WitnessOptions

  func run() async throws {
    let folder = try options.open()
    var logs: [Report.Log] = []
    for log in folder.logs {
      let held = try await folder.held(origin: log.origin)
      logs.append(
        Report.Log(
          origin: log.origin, keys: log.keys.map(\.description),
          identifier: WitnessState.identifier(origin: log.origin),
          size: held?.checkpoint.size, root: held?.checkpoint.root.description))
    }
    let report = Report(path: folder.path, key: folder.key.description, logs: logs)
    try options.terminal.result(
      report,
      ["witness \(report.path)", "key \(report.key)"]
        + logs.map { log in
          let held = log.size.map { "cosigned up to \($0) entries, root \(log.root ?? "")" }
          return "log \(log.origin): \(held ?? "nothing cosigned yet")"
        })
  }

  private struct Report: Encodable {
    let path: String
    let key: String
    let logs: [Log]

    struct Log: Encodable {
      let origin: String
      let keys: [String]
      let identifier: String
      let size: Int64?
      let root: String?
    }
  }
}
