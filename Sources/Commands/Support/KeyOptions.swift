import ArgumentParser
import Attestation
import Foundation
import Journey

/// The options of a command that signs with a person's key.
struct KeyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Your private key: a file (PEM, or OpenSSH without a passphrase), or a pkcs11: URI.",
      discussion: "A key in OpenSSH's form makes SSH signatures. With --ssh-agent: the .pub file.",
      valueName: "key"))
  var key: String?
  @Flag(help: "Sign with a key that ssh-agent holds; on an authenticator, too.")
  var sshAgent = false
  @Option(
    help: ArgumentHelp(
      "A file whose first line is the key's passphrase or the token's PIN.",
      discussion: "Only you may read it; /dev/fd/N is taken too. Otherwise it is asked for."))
  var passphraseFile: String?

  func validate() throws {
    guard key != nil || sshAgent else {
      throw ValidationError("Name your key with --key, or sign with --ssh-agent.")
    }
  }

  /// The capability to sign with the key.
  func signer() throws -> Signer {
    if sshAgent {
      return try KeyRing.agentSigner(
        socket: ProcessInfo.processInfo.environment["SSH_AUTH_SOCK"], publicKey: key)
    }
    guard let key else { throw ValidationError("Name your key with --key.") }
    return try KeyRing(secrets: Passphrases.source(file: passphraseFile)).personalSigner(key)
  }
}
