import ArgumentParser
import Journey
import Model

/// Words on vulnerabilities.
struct VEXGroup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vex",
    abstract: "Say of a vulnerability that it needs no mending, or take that back.",
    subcommands: [VEXState.self, VEXWithdraw.self, VEXList.self])
}

/// Signs a word on a vulnerability.
struct VEXState: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "state",
    abstract: "Sign that a vulnerability needs no mending in some packages, until a day.",
    discussion: """
      Somebody else's document (OpenVEX, CSAF, CycloneDX) excuses nothing by itself: a person who may
      takes it over with --document. The gate shows the word first, and what it excuses as excepted,
      never as met. The policy says which roles may, for how long, and of what nobody may.

      Example:
        pratique vex state CVE-2099-0001 --application patient-portal --environment production \\
            --package pkg:pypi/jinja2 --justification vulnerable_code_not_in_execute_path \\
            --days 30 --reason "templates are fixed at build time" --key ~/.ssh/id_ed25519
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The vulnerability's id.")
  var vulnerability: String
  @Option(help: "The application.")
  var application: String
  @Option(help: "The environment by whose rules it is asked whether you may.")
  var environment: String
  @Option(help: "A package URL, without its version for every version. Can be repeated.")
  var package: [String] = []
  @Option(help: "Why it is not affected, by the standards' labels.")
  var justification: String?
  @Option(help: "A VEX document whose word is taken over.")
  var document: String?
  @Option(help: "For this release only: a version, the beginning of a digest, or latest.")
  var release: String?
  @Option(help: "For how many days.")
  var days: Int
  @Option(help: "Why you believe it.")
  var reason: String
  @Option(help: "The word's name; otherwise one is made.")
  var name: String?
  @OptionGroup var acting: ActingOptions

  func run() async throws {
    let home = try options.open()
    var wish = VEXWish(
      name: name, vulnerability: vulnerability, packages: package, justification: justification,
      document: document, application: application, environment: environment, reason: reason,
      days: days)
    if let release { wish.release = try await home.release(named: release) }
    let stated = try await home.state(wish, by: acting.person(), time: .system)
    try options.terminal.result(
      stated,
      [
        "word \"\(stated.value.word)\" recorded as entry \(stated.entry.index)",
        "\(vulnerability) in \(stated.value.statement.products.joined(separator: ", ")):"
          + " \(stated.value.statement.status.rawValue), until"
          + " \(stated.value.expires?.description ?? "")",
        "The gate shows it first, and does not count it for commits of whoever signed it.",
      ])
  }
}

/// Withdraws a word.
struct VEXWithdraw: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "withdraw", abstract: "Take a word back; anybody may whose key may sign words.",
    discussion: """
      Example:
        pratique vex withdraw cve-2099-0001.1790000000 --application patient-portal \\
            --environment production --reason "it is reachable after all" --key ~/.ssh/id_ed25519
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The word's name.")
  var name: String
  @Option(help: "The application.")
  var application: String
  @Option(help: "An environment in which your key may act.")
  var environment: String
  @Option(help: "Why.")
  var reason: String
  @OptionGroup var acting: ActingOptions

  func run() async throws {
    let withdrawn = try await options.open().withdrawVEX(
      name, application: application, environment: environment, reason: reason,
      by: acting.person(), time: .system)
    try options.terminal.result(
      withdrawn, ["word \"\(name)\" withdrawn, recorded as entry \(withdrawn.entry.index)"])
  }
}

/// Lists words.
struct VEXList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List an application's words on vulnerabilities, ended ones too.",
    discussion: "Example: pratique vex list --application patient-portal")

  @OptionGroup var options: GlobalOptions
  @Option(help: "The application.")
  var application: String

  func run() async throws {
    let home = try options.open(readOnly: true)
    let words = try await home.vexWords(of: application)
    let now = TimeSource.system.now()
    var lines: [String] = []
    for (place, one) in words.enumerated() where one.value.action == .stated {
      let vex = one.value
      let end = words[place...].first { $0.value.action == .withdrawn && $0.value.word == vex.word }
      let state =
        end.map { "withdrawn by entry \($0.entry.index)" }
        ?? vex.expires.map { now < $0 ? "until \($0.date)" : "ended on \($0.date)" } ?? ""
      lines.append(
        "\(vex.word)  \(vex.statement.vulnerability) in"
          + " \(vex.statement.products.joined(separator: ", ")): \(vex.statement.status.rawValue),"
          + " \(state), entry \(one.entry.index)")
      lines.append(
        "      \(vex.reason); signed by \(home.registry.name(of: vex.person)) as"
          + " \(vex.role.rawValue)")
    }
    try options.terminal.result(
      words, lines.isEmpty ? ["nothing was ever stated of \(application)"] : lines)
  }
}
