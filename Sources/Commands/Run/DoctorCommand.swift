import ArgumentParser
import Foundation
import Journey
import Model

/// Says what is missing on this machine.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say what is missing on this machine, and what would then be refused.")

  @OptionGroup var options: GlobalOptions
  @Option(help: "The scanner's cache folder; otherwise PRATIQUE_FEED.")
  var feed: String?

  func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    let diagnosis = await Doctor(
      environment: environment, ring: KeyRing(secrets: Passphrases.ledger)
    ).diagnose(
      ledgerPath: options.ledgerPath, feed: feed ?? environment["PRATIQUE_FEED"])
    try options.terminal.result(
      diagnosis,
      diagnosis.items.map { item in
        item.isThere
          ? "there     \(item.name): \(item.detail)"
          : "MISSING   \(item.name): \(item.detail)\n          refused then: \(item.refused)"
      })
    let missing = diagnosis.items.filter { !$0.isThere }
    guard missing.isEmpty else {
      throw Problem(.toolMissing, "missing: \(missing.map(\.name).joined(separator: ", "))")
    }
  }
}
