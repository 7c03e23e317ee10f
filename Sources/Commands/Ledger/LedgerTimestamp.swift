import ArgumentParser
import Blobs
import Foundation
import Journey
import Ledger
import Model
import Server
import Timestamps

/// Lets an authority stamp the last checkpoint.
struct LedgerTimestamp: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "timestamp",
    abstract: "Have the last checkpoint stamped by a time-stamping authority (RFC 3161).",
    discussion: """
      The file `timestamping.yaml` in the ledger's folder names the authorities (docs/timestamps.md).
      An authority that cannot be reached from here is asked through files: --query writes the
      question, and with --query and --reply together the answer to it is taken.

      Examples:
        pratique ledger timestamp                                ask every authority with a url
        pratique ledger timestamp --query q.tsq                  write a question
        pratique ledger timestamp --query q.tsq --reply r.tsr    take the answer to it
        pratique ledger timestamp --show                         what is kept, verified anew
        pratique ledger timestamp --refresh                      fetch newer revocation lists
      """)

  @OptionGroup var options: GlobalOptions
  @Option(help: "Only the authority of this name.")
  var authority: String?
  @Option(help: "The question's file; written, unless --reply is there.")
  var query: String?
  @Option(help: "The answer's file.")
  var reply: String?
  @Flag(help: "Show the kept timestamps, verified anew.")
  var show = false
  @Flag(help: "Fetch newer revocation lists for kept timestamps that need them.")
  var refresh = false
  @Option(help: "How many seconds an authority has.")
  var seconds = 30
  @Option(help: "PEM file with the authorities that vouch for the servers.")
  var tlsRoots: String?

  func validate() throws {
    guard (1...600).contains(seconds) else { throw ValidationError("--seconds takes 1 to 600") }
    guard reply == nil || query != nil else {
      throw ValidationError("--reply goes with --query: the question that was sent")
    }
    guard [show, refresh, query != nil].count(where: { $0 }) <= 1 else {
      throw ValidationError("--show, --refresh and --query do not go together")
    }
  }

  func run() async throws {
    let home = try options.open(readOnly: show)
    let exchange = HTTPExchange.live(trustRoots: tlsRoots)
    let milliseconds = Int64(seconds) * 1000
    if show { return try await showKept(home) }
    if refresh {
      return try print(
        try await home.refreshRevocation(over: exchange, milliseconds: milliseconds),
        empty: "no kept timestamp became known to be good")
    }
    guard let query else {
      return try print(
        try await home.timestamp(
          authority: authority, over: exchange, milliseconds: milliseconds), empty: "")
    }
    guard let reply else {
      let question = try await home.timestampQuery()
      try DurableFile.write(question.der, to: query, mode: 0o644)
      return try options.terminal.result(
        ["query": query], ["wrote \(query); take the answer with --query \(query) --reply FILE"])
    }
    let question = try TimestampQuery(der: InputFile.read(query))
    let taken = try await home.takeTimestamp(
      response: InputFile.read(reply), to: question, authority: authority, over: exchange,
      milliseconds: milliseconds)
    try print([taken], empty: "")
  }

  private func showKept(_ home: LedgerHome) async throws {
    let (timestamps, faults) = try await home.shownTimestamps(limit: 100)
    for fault in faults { options.terminal.note(fault.message) }
    try print(timestamps, empty: "no timestamp is kept")
    if let fault = faults.first { throw Problem(.notTrusted, fault.message) }
  }

  private func print(_ timestamps: [ShownTimestamp], empty: String) throws {
    try options.terminal.result(timestamps, timestamps.isEmpty ? [empty] : timestamps.map(\.line))
  }
}
