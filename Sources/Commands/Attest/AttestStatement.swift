import ArgumentParser
import Attestation
import Journey
import Model

/// Signs a person's statement.
struct AttestStatement: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "statement",
    abstract: "Sign a statement: an analysis done, a policy in force, a training held.",
    discussion: """
      It shows that something is present and current; whether it is adequate, a person judges. Of
      documents the ledger gets the digest alone: keep the documents.

      Example:
        pratique attest statement risk-analysis --text "Risk analysis of 2026 done" \\
            --document risk-analysis-2026.pdf --fact scope=all-systems --expires 2027-06-01 \\
            --role security-official --key ~/.ssh/id_ed25519
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var cosigning: CosigningOptions
  @Argument(help: "What is stated, such as risk-analysis; catalogs ask for topics.")
  var topic: String
  @Option(help: "The statement in your own words.")
  var text: String
  @Option(help: "The application that it speaks of; otherwise the organisation.")
  var application: String?
  @Option(help: "A document that it rests on; may be repeated.")
  var document: [String] = []
  @Option(help: "A fact as NAME=VALUE, which checks may ask about; may be repeated.")
  var fact: [String] = []
  @Option(
    help: "From this date or time on it counts no more.", transform: RetentionArguments.instant)
  var expires: Instant
  @OptionGroup var acting: ActingOptions

  func run() async throws {
    let home = try options.open()
    let (statement, entry) = try await home.attest(
      StatementRequest(
        topic: topic, text: text, application: application, documents: document,
        facts: facts(), expires: expires), by: acting.person(), time: .system)
    let contradiction = await cosigning.ask(home, options.terminal)
    try options.terminal.result(
      statement,
      [
        "\(home.registry.name(of: statement.person)) as \(statement.role.rawValue) states"
          + " \"\(statement.topic)\", recorded as entry \(entry.index)",
        "of \(statement.application ?? "the organisation"), until \(statement.expires)",
      ] + statement.documents.map { "document \($0.digest) \($0.name)" })
    if let contradiction { throw contradiction }
  }

  private func facts() throws -> [String: String] {
    var facts: [String: String] = [:]
    for text in fact {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw ValidationError("\"\(text)\" is no fact; it looks like NAME=VALUE")
      }
      guard facts.updateValue(String(parts[1]), forKey: String(parts[0])) == nil else {
        throw ValidationError("the fact \"\(parts[0])\" is given twice")
      }
    }
    return facts
  }
}
