import ArgumentParser
import Attestation
import Journey
import Model

/// Shows a public key.
struct KeyShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show the id and the PEM form of a public key.",
    discussion: """
      Takes PEM and OpenSSH files, and the pkcs11: URI of a key on a token.

      Example: pratique key show ~/.ssh/id_ed25519.pub
      """)

  @Argument(help: "The public key's file, or a pkcs11: URI.")
  var file: String
  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() async throws {
    let key = try KeyRing(secrets: Passphrases.source(file: nil)).publicKey(file)
    try Terminal(isJSON: json).result(KeyReport(key), ["id \(key.id)", key.pem])
  }
}
