import ArgumentParser
import Foundation
import Journey
import Model

/// Takes a vendor's artifact in, by the vendor's signature.
struct AcquireCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "acquire",
    abstract: "Take in a vendor's artifact without its source, by the vendor's signature.",
    discussion: """
      The trust root names the vendor and its keys, and who may acquire. What comes in is bound as a
      release of origin "acquired", and goes its way from there: a pipeline with `release/take` leads
      it through gates, approvals and environments. An image is given as an OCI layout, or an archive
      of one.

      Example:
        pratique acquire viewer-4.2.tar --signature viewer-4.2.tar.minisig \\
            --application viewer --vendor acme --version 4.2 \\
            --inventory viewer-4.2.cdx.json --vex viewer-4.2.openvex.json \\
            --acceptance acceptance.xml --reason "new version with the fix we waited for" \\
            --key ~/.ssh/id_ed25519
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var cosigning: CosigningOptions
  @Argument(
    help: "The artifact: a file, a folder, an OCI layout or its archive.", completion: .file())
  var artifact: String
  @Option(help: "The vendor's detached signature of it.", completion: .file())
  var signature: String
  @Option(help: "The application that it becomes a release of.")
  var application: String
  @Option(help: "The vendor, as the trust root names it.")
  var vendor: String
  @Option(help: "The vendor's version.")
  var version: String
  @Option(help: "What it is made of: a bill of materials.", completion: .file())
  var inventory: String?
  @Option(help: "The vendor's signature of the bill of materials.", completion: .file())
  var inventorySignature: String?
  @Option(help: "What the vendor says of vulnerabilities in it (VEX).", completion: .file())
  var vex: String?
  @Option(help: "The vendor's signature of that.", completion: .file())
  var vexSignature: String?
  @Option(help: "The report of the acceptance test, such as JUnit.", completion: .file())
  var acceptance: String?
  @Option(help: "Why it is taken in; stays for ever.")
  var reason: String
  @OptionGroup var acting: ActingOptions

  func validate() throws {
    if inventorySignature != nil, inventory == nil {
      throw ValidationError("--inventory-signature needs --inventory")
    }
    if vexSignature != nil, vex == nil { throw ValidationError("--vex-signature needs --vex") }
  }

  func run() async throws {
    let home = try options.open()
    let acquired = try await home.acquire(
      AcquisitionRequest(
        application: application, vendor: vendor, version: version,
        artifact: document(artifact, signature),
        inventory: inventory.map { document($0, inventorySignature) },
        exploitability: vex.map { document($0, vexSignature) },
        acceptance: acceptance.map(absolute), reason: reason),
      by: acting.person(), time: .system, environment: ProcessInfo.processInfo.environment)
    let contradiction = await cosigning.ask(home, options.terminal)
    let release = acquired.release
    try options.terminal.result(
      acquired,
      [
        "release \(release.version) of \(release.application), acquired from \(vendor)"
      ] + release.delivered.map { "  \($0.name) \($0.digests.map(\.description).joined())" }
        + acquired.acquisition.documents.map(words)
        + ["recorded as entries \(acquired.entries.map { "\($0.index)" }.joined(separator: ", "))"]
        + acquired.missing.map { "note: \($0)" })
    if let contradiction { throw contradiction }
  }

  private func words(_ document: Acquisition.Document) -> String {
    let signed =
      document.signature.map { "signed (\($0.form)) with key \($0.key.short)" } ?? "not signed"
    return "  \(document.matter.rawValue) \(document.name): \(signed)"
  }

  private func document(_ path: String, _ signature: String?) -> AcquisitionRequest.Document {
    .init(path: absolute(path), signature: signature.map(absolute))
  }

  private func absolute(_ path: String) -> String {
    PathText.resolve(path, in: FileManager.default.currentDirectoryPath)
  }
}
