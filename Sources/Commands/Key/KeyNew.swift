import ArgumentParser
import Attestation
import Blobs
import Foundation
import Model

/// Makes a key.
struct KeyNew: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Make an Ed25519 key: FILE (only you can read it) and FILE.pub.",
    discussion: """
      With --passphrase the key is locked, in the standard form that openssl reads too. The
      passphrase is asked for, or read from the file that --passphrase-file names.

      Examples:
        pratique key new ana --passphrase
        pratique key new recovery-1 --passphrase      (keep it offline; see docs/keys.md)
      """)

  @Argument(help: "Where the private key goes; nothing may be there yet.")
  var file: String
  @Flag(help: "Lock the key with a passphrase.")
  var passphrase = false
  @Option(help: "A file whose first line is the passphrase; it locks the key too.")
  var passphraseFile: String?
  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() async throws {
    for path in [file, "\(file).pub"] where FileManager.default.fileExists(atPath: path) {
      throw Problem(.badInput, "there is a file already; a key is never overwritten", at: path)
    }
    let isLocked = passphrase || passphraseFile != nil
    let key = PrivateKey.generate()
    let pem =
      try isLocked
      ? key.pem(
        passphrase: Passphrases.source(file: passphraseFile).ask(.newPassphrase(file: file)))
      : key.pem
    try DurableFile.write(Array(pem.utf8), to: file)
    try DurableFile.write(Array(key.publicKey.pem.utf8), to: "\(file).pub", mode: 0o644)
    try Terminal(isJSON: json).result(
      KeyReport(key.publicKey),
      [
        "made \(file)\(isLocked ? ", locked with a passphrase," : "") and \(file).pub",
        "id \(key.publicKey.id)",
      ])
  }
}
