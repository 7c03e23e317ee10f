import ArgumentParser
import Attestation
import Foundation
import Journey
import Model

/// Records a reorganisation.
struct LedgerReorganise: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reorganise",
    abstract: "Record that organisations were renamed, merged or split.",
    discussion: """
      A log that goes on with the history of others names the last checkpoint of each. The trust root can name another organisation only after this entry.

      Examples:
        pratique ledger reorganise rename --from st-mary --to city-hospital --reason "new charter" --key ~/.ssh/id_ed25519
        pratique ledger reorganise merge --from st-mary --from st-john --to city-hospital \\
            --predecessor st-john.checkpoint --predecessor-key st-john.vkey --reason "merger" --key ~/.ssh/id_ed25519
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "rename, merge, split or succession.")
  var kind: String
  @Option(help: "An organisation before; may be repeated.")
  var from: [String]
  @Option(help: "An organisation after; may be repeated.")
  var to: [String]
  @Option(help: "A file with a predecessor log's last checkpoint; may be repeated.")
  var predecessor: [String] = []
  @Option(help: "A file with that log's verifier key; as many as predecessors, in their order.")
  var predecessorKey: [String] = []
  @Option(help: "When it came into effect; a day or an instant. Otherwise now.")
  var effective: String?
  @Option(help: "Why.")
  var reason: String
  @OptionGroup var acting: ActingOptions

  func run() async throws {
    guard let kind = Reorganisation.Kind(rawValue: kind) else {
      throw Problem(
        .badInput, "\"\(kind)\" is no sort of reorganisation",
        advice: "Use one of rename, merge and split.")
    }
    guard predecessor.count == predecessorKey.count else {
      throw Problem(
        .badInput, "each --predecessor needs its --predecessor-key, and the other way round")
    }
    let home = try options.open()
    let now = TimeSource.system.now()
    let reorganisation = try Reorganisation(
      kind: kind, from: from, to: to,
      predecessors: Self.predecessors(predecessor, keys: predecessorKey),
      effective: try effective.map(LedgerBundle.instant) ?? now, reason: reason)
    let recorded = try await home.reorganise(
      reorganisation, by: acting.person(), time: now)
    try options.terminal.result(
      recorded,
      [
        "recorded the \(kind.rawValue) from \(from.joined(separator: ", "))"
          + " to \(to.joined(separator: ", ")) as entry \(recorded.index)"
      ])
  }

  /// The predecessors that files name.
  static func predecessors(
    _ checkpoints: [String], keys: [String]
  ) throws -> [Reorganisation.Predecessor] {
    try zip(checkpoints, keys).map { checkpoint, key in
      Reorganisation.Predecessor(
        key: String(decoding: try InputFile.read(key), as: UTF8.self)
          .trimmingCharacters(in: .whitespacesAndNewlines),
        checkpoint: String(decoding: try InputFile.read(checkpoint), as: UTF8.self))
    }
  }
}
