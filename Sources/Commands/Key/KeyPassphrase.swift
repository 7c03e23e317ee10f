import ArgumentParser
import Attestation
import Blobs
import Journey
import Model

/// Locks a key, changes its passphrase, or unlocks it.
struct KeyPassphrase: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "passphrase", abstract: "Lock a private key's file, or change its passphrase.",
    discussion: """
      The file is replaced at once or not at all. A copy of it that was made before is not changed:
      if the old passphrase was seen, make a new key.

      Examples:
        pratique key passphrase ana
        pratique key passphrase LEDGER/keys/log.pem --new-passphrase-file /run/secrets/log
      """)

  @Argument(help: "The private key's file: PEM, or OpenSSH without a passphrase.")
  var file: String
  @Option(help: "A file whose first line is the passphrase that the key has now.")
  var passphraseFile: String?
  @Option(help: "A file whose first line is the new passphrase.")
  var newPassphraseFile: String?
  @Flag(help: "Take the passphrase away instead.")
  var remove = false
  @Flag(help: "Turn an OpenSSH key into the standard form, which ssh and git do not read.")
  var convert = false
  @Flag(help: "Print the result as JSON.")
  var json = false

  func validate() throws {
    if remove, newPassphraseFile != nil {
      throw ValidationError("--remove and --new-passphrase-file exclude each other")
    }
  }

  func run() async throws {
    let key = try PrivateKey(path: file, secrets: Passphrases.source(file: passphraseFile))
    guard try convert || !InputFile.isOpenSSH(file) else {
      throw Problem(
        .badInput, "the key is in OpenSSH's form, and would not be any more", at: file,
        advice: "ssh and git could not read it then. Do it to a copy, with --convert.")
    }
    let pem =
      try remove
      ? key.pem
      : key.pem(
        passphrase: Passphrases.source(file: newPassphraseFile).ask(.newPassphrase(file: file)))
    try DurableFile.write(Array(pem.utf8), to: file)
    try Terminal(isJSON: json).result(
      KeyReport(key.publicKey),
      ["\(file) \(remove ? "has no passphrase" : "is locked with the new passphrase")"])
  }
}
