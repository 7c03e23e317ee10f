import ArgumentParser
import Foundation
import Journey
import Model

/// Places a hold.
struct HoldPlace: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "place",
    abstract: "Place a legal hold: nothing that it covers is erased or expires.",
    discussion: """
      It covers entries to which all that is stated applies, those to come too. What cannot be told
      to belong elsewhere is covered.

      Example:
        pratique ledger hold place case-2026-7 --matter "Doe v. Hospital" --application portal \\
            --from 2026-01-01 --reason "counsel's letter of 3 March" --key ~/.ssh/id_ed25519
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The hold's name; each is used once.")
  var name: String
  @Option(help: "The matter for which it is placed; it stays in the ledger for ever.")
  var matter: String
  @Option(help: "Why.")
  var reason: String
  @Flag(help: "Cover everything.")
  var everything = false
  @Option(help: "Evidence of this application; may be repeated.")
  var application: [String] = []
  @Option(help: "Evidence of this environment; may be repeated.")
  var environment: [String] = []
  @Option(
    help: "Evidence that speaks of this digest; may be repeated.",
    transform: RetentionArguments.digest)
  var subject: [Digest] = []
  @Option(help: "Evidence of this kind; may be repeated.")
  var kind: [String] = []
  @Option(help: "Evidence that this actor recorded, by pseudonym; may be repeated.")
  var actor: [String] = []
  @Option(help: "Recorded at this time or later.", transform: RetentionArguments.instant)
  var from: Instant?
  @Option(help: "Recorded before this time.", transform: RetentionArguments.instant)
  var to: Instant?
  @OptionGroup var acting: ActingOptions

  private var scope: LegalHold.Scope {
    func list<Value>(_ values: [Value]) -> [Value]? { values.isEmpty ? nil : values }
    var scope = LegalHold.Scope()
    scope.applications = list(application)
    scope.environments = list(environment)
    scope.subjects = list(subject)
    scope.kinds = list(kind.map { EvidenceKind(rawValue: $0) })
    scope.actors = list(actor)
    scope.from = from
    scope.to = to
    return scope
  }

  func validate() throws {
    guard scope.isEverything == everything else {
      throw ValidationError(
        everything
          ? "--everything leaves nothing to narrow down"
          : "say what is held: --application, --environment, --subject, --kind, --actor, --from,"
            + " --to, or --everything")
    }
    let known = EvidenceKind.all
    if let unknown = kind.first(where: { !known.contains(EvidenceKind(rawValue: $0)) }) {
      throw ValidationError("\"\(unknown)\" is no kind of evidence")
    }
  }

  func run() async throws {
    let home = try options.open()
    let outcome = try await home.placeHold(
      name, matter: matter, scope: scope, reason: reason, by: acting.person(), time: .system)
    try options.terminal.result(
      outcome,
      [
        "the hold \"\(name)\" is in force, entry \(outcome.index)",
        "it covers \(outcome.covered) entries now, and those to come that it applies to",
        "Hold back copies elsewhere, too: docs/retention.md.",
      ])
  }
}
