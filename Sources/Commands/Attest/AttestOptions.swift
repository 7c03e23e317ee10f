import ArgumentParser
import Foundation
import Journey
import Model

/// How the reports of a wrapped command are read.
struct AttestReadingOptions: ParsableArguments {
  @Option(help: "Which tests ran, for reports of tests and of coverage.")
  var suite: String?
  @Option(help: "What was scanned for, where a report does not show it; may be repeated.")
  var scope: [String] = []

  /// A report from `FORMAT=PATTERN` or a pattern alone.
  func report(_ text: String) throws -> WrappingRequest.Report {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let format = parts.count == 2 ? String(parts[0]) : nil
    return WrappingRequest.Report(
      pattern: String(parts[parts.count - 1]),
      options: try CollectingOptions(format: format, mapping: nil, suite: suite, scopes: scope))
  }
}

/// With which key evidence is signed, and where it goes when the ledger is not here.
struct AttestSigningOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Sign, and keep the evidence in this folder, to be handed on to the ledger.",
      discussion: "Otherwise PRATIQUE_SPOOL. Then --ledger is not looked at.", valueName: "folder"))
  var spool: String?
  @Option(
    help: ArgumentHelp(
      "The machine's private key: a file, or a pkcs11: URI. For --spool.",
      discussion: "Otherwise PRATIQUE_KEY.", valueName: "key"))
  var key: String?
  @Flag(help: "Remove the key's file before the command starts: it is there for this call alone.")
  var removeKey = false
  @Option(
    help: "The machine's pseudonym in the trust root; otherwise PRATIQUE_MACHINE. For --spool.")
  var machine: String?
  @Option(
    help: ArgumentHelp(
      "The verifier key that the ledger was founded with, or a file with it. For --spool.",
      discussion: "Otherwise PRATIQUE_LOG_KEY."))
  var logKey: String?

  private static let environment = ProcessInfo.processInfo.environment

  private func value(_ option: String?, _ variable: String) -> String? {
    option ?? Self.environment[variable].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Where the evidence goes; the key is read now, so that its file is not needed later.
  func place(_ options: GlobalOptions) throws -> EvidencePlace {
    guard let spool = value(spool, "PRATIQUE_SPOOL") else {
      guard key == nil, machine == nil, logKey == nil, !removeKey else {
        throw ValidationError("--key, --machine, --log-key and --remove-key belong to --spool")
      }
      let ring = KeyRing(secrets: Passphrases.ledger)
      let (path, origin) = (options.ledgerPath, options.origin)
      return .ledger { try LedgerHome.open(at: path, origin: origin, ring: ring) }
    }
    guard let key = value(key, "PRATIQUE_KEY"), let machine = value(machine, "PRATIQUE_MACHINE"),
      let log = value(logKey, "PRATIQUE_LOG_KEY")
    else {
      throw ValidationError(
        "--spool needs --key, --machine and --log-key, or PRATIQUE_KEY, PRATIQUE_MACHINE and"
          + " PRATIQUE_LOG_KEY")
    }
    let folder = PathText.resolve(spool, in: FileManager.default.currentDirectoryPath)
    let vkey =
      FileManager.default.fileExists(atPath: log)
      ? String(decoding: try InputFile.read(log), as: UTF8.self).split(separator: "\n").first ?? ""
      : log[...]
    return try .spool(
      folder, signer: KeyRing(secrets: Passphrases.ledger).signer(key), machine: machine,
      log: String(vkey))
  }

  /// Takes the key's file away, where that was asked for.
  func removeKeyFile() throws {
    guard removeKey, let key = value(key, "PRATIQUE_KEY") else { return }
    guard unlink(key) == 0 else {
      throw Problem(.inputOutput, "the key's file cannot be removed before the command", at: key)
    }
  }
}
