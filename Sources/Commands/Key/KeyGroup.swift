import ArgumentParser
import Attestation
import Blobs
import Foundation
import Journey
import Model

/// Keys of people and recovery keys.
struct KeyGroup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Make and look at signing keys.",
    subcommands: [KeyNew.self, KeyShow.self])
}

/// Makes a key.
struct KeyNew: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Make an Ed25519 key: FILE (only you can read it) and FILE.pub.",
    discussion: "Example: pratique key new ana")

  @Argument(help: "Where the private key goes; nothing may be there yet.")
  var file: String
  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() async throws {
    for path in [file, "\(file).pub"] where FileManager.default.fileExists(atPath: path) {
      throw Problem(.badInput, "there is a file already; a key is never overwritten", at: path)
    }
    let key = PrivateKey.generate()
    try DurableFile.write(Array(key.pem.utf8), to: file)
    try DurableFile.write(Array(key.publicKey.pem.utf8), to: "\(file).pub", mode: 0o644)
    try Terminal(isJSON: json).result(
      KeyReport(key.publicKey), ["made \(file) and \(file).pub", "id \(key.publicKey.id)"])
  }
}

/// Shows a public key.
struct KeyShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show the id and the PEM form of a public key.",
    discussion: "Takes PEM and OpenSSH files. Example: pratique key show ~/.ssh/id_ed25519.pub")

  @Argument(help: "The public key's file.")
  var file: String
  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() async throws {
    let key = try InputFile.publicKey(file)
    try Terminal(isJSON: json).result(KeyReport(key), ["id \(key.id)", key.pem])
  }
}

/// A key as JSON.
private struct KeyReport: Encodable {
  let id: Digest
  let algorithm: String
  let publicKey: String

  init(_ key: PublicKey) {
    id = key.id
    algorithm = key.algorithm
    publicKey = key.pem
  }
}
