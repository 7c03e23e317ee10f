import ArgumentParser
import Foundation
import Journey
import Model

/// Records what other systems have attested.
struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Verify other systems' attestations, and record them with their own signers.",
    discussion: """
      Sigstore bundles such as GitHub's attestations, collections of Witness, attestations of
      Chainloop, provenance of Tekton Chains, and other in-toto statements in DSSE envelopes. Whose
      are taken, of which applications and predicates, says the file of foreign signers that the
      trust root pins; nobody else is believed. All of them are recorded or nothing.

      Examples:
        pratique import --application portal --release latest attestation.jsonl
        pratique import --application portal --commit HEAD --explain witness.json
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The attestations.", completion: .file())
  var files: [String]
  @Flag(help: "Verify and say what each is; record nothing.")
  var explain = false
  @OptionGroup var target: CollectTargetOptions

  func validate() throws {
    guard !files.isEmpty else { throw ValidationError("name at least one attestation") }
    guard target.application != nil || target.release != nil else {
      throw ValidationError("say which application they are of with --application")
    }
  }

  func run() async throws {
    let home = try options.open()
    var ignored = CollectingOptions()
    let subjects = try await target.subjects(home, &ignored)
    let directory = FileManager.default.currentDirectoryPath
    let imported = try await home.importAttestations(
      files.map { PathText.resolve($0, in: directory) }, application: target.application(home),
      run: target.run, subjects: subjects, isRecorded: !explain, time: .system)
    try options.terminal.result(imported, imported.attestations.flatMap(Self.lines))
  }

  private static func lines(_ one: ImportedFiles.One) -> [String] {
    let attestation = one.attestation
    let signers = attestation.signers.map { signer in
      "\(signer.signer)" + (signer.identity.map { " (\($0))" } ?? " (key \(signer.key.short))")
    }
    return [
      "\(one.file): \(attestation.form), \(attestation.predicateType)",
      "  signed by \(signers.joined(separator: ", "))",
      "  signed at \(attestation.signedBy.map { "\($0), by \(attestation.timeSource ?? "")" } ?? "a time that nothing shows")",
    ] + one.subjects.map { "  about     \($0.name) \($0.digests[0])" }
      + attestation.facts.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
      + attestation.verified.map { "  verified: \($0)" }
      + attestation.unverified.map { "  not verified: \($0)" } + [
        one.entry.map { "  recorded as entry \($0.index)" } ?? "  not recorded"
      ]
  }
}
