import ArgumentParser
import Attestation
import Model

/// Where a new log key comes from.
struct NewLogKeyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A private key's file, or a pkcs11: URI, to take as the new log key.",
      discussion: "Otherwise a new key is made in the ledger's folder.", valueName: "key"))
  var to: String?
  @Flag(help: "Lock a key that is made here with the passphrase of the ledger's keys.")
  var passphrase = false

  /// The text of a new key's file.
  func lock(_ key: PrivateKey) throws -> String {
    guard passphrase else { return key.pem }
    return try key.pem(passphrase: Passphrases.ledger.ask(.newPassphrase(file: "the new log key")))
  }
}
