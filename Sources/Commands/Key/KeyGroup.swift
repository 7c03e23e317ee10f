import ArgumentParser
import Attestation
import Model

/// Keys of people and recovery keys.
struct KeyGroup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Make and look at signing keys, and lock them.",
    subcommands: [KeyNew.self, KeyShow.self, KeyPassphrase.self])
}

/// A key as JSON.
struct KeyReport: Encodable {
  let id: Digest
  let algorithm: String
  let publicKey: String

  init(_ key: PublicKey) {
    id = key.id
    algorithm = key.algorithm
    publicKey = key.pem
  }
}
