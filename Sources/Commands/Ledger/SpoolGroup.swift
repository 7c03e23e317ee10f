import ArgumentParser
import Foundation
import Journey
import Model

/// Evidence that was signed and could not be recorded.
struct SpoolGroup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spool",
    abstract: "Show or record evidence that was signed while the store could not be reached.",
    discussion: """
      When the store is away, read-only or full, what a run has signed is kept in the ledger's folder, spool/. It is not recorded, and no gate opens before it is, but by break-glass: the next command that records brings it into the ledger first, or `flush` does.
      """,
    subcommands: [SpoolList.self, SpoolFlush.self, SpoolTake.self])
}

/// Shows what waits.
struct SpoolList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Show what waits to be recorded.",
    discussion: "Example: pratique ledger spool list")

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let waiting = try LedgerHome.spooled(at: options.ledgerPath)
    try options.terminal.result(
      waiting,
      waiting.map { one in
        "\(one.file)  \(one.time.map(\.description) ?? "")"
          + "  \(one.kinds.map(\.rawValue).joined(separator: ", "))  NOT recorded: \(one.reason)"
      } + ["\(waiting.count) file(s) wait to be recorded"])
  }
}

/// Records what waits.
struct SpoolFlush: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flush", abstract: "Record what waits, each entry once.",
    discussion: "Example: pratique ledger spool flush")

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let flushed = try await options.open().flushSpool(time: .system)
    try options.terminal.result(
      flushed,
      flushed.map { one in
        "recorded \(one.kinds.map(\.rawValue).joined(separator: ", ")) as entry"
          + " \(one.entries.map(String.init).joined(separator: ", "))"
      } + [flushed.isEmpty ? "nothing waited" : "nothing waits any more"])
  }
}

/// Records what was signed elsewhere.
struct SpoolTake: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "take", abstract: "Record evidence that was signed elsewhere and handed on.",
    discussion: """
      The folder is one that `pratique attest --spool FOLDER` has filled. Every signature is checked by the trust root in force before anything is taken. Taken twice, each entry is recorded once; the folder stays as it is.

      Example: pratique ledger spool take evidence
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The folder that was handed on.", completion: .directory)
  var folder: String

  func run() async throws {
    let path = PathText.resolve(folder, in: FileManager.default.currentDirectoryPath)
    let taken = try await options.open().takeSpool(from: path, time: .system)
    try options.terminal.result(
      taken,
      taken.map { one in
        "recorded \(one.kinds.map(\.rawValue).joined(separator: ", ")) as entry"
          + " \(one.entries.map(String.init).joined(separator: ", "))"
      } + ["\(taken.count) file(s) taken"])
  }
}
