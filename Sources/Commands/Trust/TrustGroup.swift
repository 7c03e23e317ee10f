import ArgumentParser
import Journey
import Model

/// Whose word counts for what.
struct TrustGroup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trust", abstract: "Show and change people, roles, keys and the policy.",
    discussion: """
      A change needs the approvals that the trust root in force asks for:
        pratique trust propose trust.yaml --to change.json
        pratique trust sign change.json --key FILE       (each person)
        pratique trust apply change.json
      """,
    subcommands: [
      TrustShow.self, TrustPropose.self, TrustLeave.self, TrustSign.self, TrustApply.self,
    ])
}

/// Writes a change for signing.
struct TrustPropose: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "propose", abstract: "Write a change of the trust root, to be signed.")

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The trust file as it shall be.")
  var file: String
  @Option(name: .customLong("to"), help: "Where the change goes.")
  var output: String

  func run() async throws {
    let root = try await options.open(readOnly: false).proposeTrust(
      from: TrustFile.read(path: file), to: output, time: TimeSource.system.now())
    try options.terminal.result(
      root,
      [
        "wrote \(output): trust root version \(root.version)",
        "Nothing has changed yet: it needs signatures, then `pratique trust apply`.",
      ])
  }
}

/// Signs a change.
struct TrustSign: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign", abstract: "Add your signature to a change of the trust root.")

  @Argument(help: "The change.")
  var change: String
  @OptionGroup var key: KeyOptions
  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() async throws {
    let count = try TrustChange.sign(path: change, signer: key.signer())
    try Terminal(isJSON: json).result(
      ["signatures": count], ["signed \(change); it has \(count) signature(s)"])
  }
}

/// Puts a change into force.
struct TrustApply: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: "Record a signed change, if enough people signed it.")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var cosigning: CosigningOptions
  @Argument(help: "The change.")
  var change: String

  func run() async throws {
    let home = try options.open()
    let (root, index) = try await home.applyTrust(path: change, time: TimeSource.system.now())
    let contradiction = await cosigning.ask(home, options.terminal)
    try options.terminal.result(
      root, ["trust root version \(root.version) is in force, entry \(index)"])
    if let contradiction { throw contradiction }
  }
}
