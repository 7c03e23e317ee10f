import ArgumentParser
import Attestation
import Journey

/// The options of a command that signs with a person's key.
struct KeyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Your private key: a file (PEM, or OpenSSH without a passphrase), or a pkcs11: URI.",
      valueName: "key"))
  var key: String
  @Option(
    help: ArgumentHelp(
      "A file whose first line is the key's passphrase or the token's PIN.",
      discussion: "Only you may read it; /dev/fd/N is taken too. Otherwise it is asked for."))
  var passphraseFile: String?

  /// The capability to sign with the key.
  func signer() throws -> Signer {
    try KeyRing(secrets: Passphrases.source(file: passphraseFile)).signer(key)
  }
}
