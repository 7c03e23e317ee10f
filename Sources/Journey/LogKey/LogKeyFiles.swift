import Attestation
import Blobs
import Foundation
import Ledger
import Model

/// The log key's place in the ledger's folder, and the place beside it of the key that takes over.
///
/// A change of the key goes in three steps, each durable before the next: the new key lies at
/// `log.next`; the ledger's entry brings it into force; it is renamed to `log`. Whoever is killed in
/// between leaves a state that says by itself where it stands: the ledger tells which key is in
/// force, and that key lies at one of the two places.
struct LogKeyFiles: Sendable {
  private static let name = "log"
  private static let nextName = "log.next"

  let folder: KeyFolder

  /// Path of the log key's file.
  var path: String { folder.pem(Self.name) }

  /// Opens the key in force, and puts it into its place where a change was not brought to its end.
  ///
  /// - Throws: `Problem` with `notFound`, `notTrusted` when none of the keys is the one in force, or
  ///   what opening a key throws.
  func signer(inForce key: PublicKey, origin: String) throws -> Signer {
    var first: (any Error)?
    for name in [Self.name, Self.nextName] where name == Self.name || folder.has(name) {
      do {
        var signer = try folder.signer(name)
        if signer.publicKey != key {
          // Another process may have put the new key into its place since this one was opened.
          folder.forget(name)
          signer = try folder.signer(name)
        }
        guard signer.publicKey == key else {
          first =
            first
            ?? Problem(
              .notTrusted, "the log key is not the one in force of the ledger \"\(origin)\"",
              at: path, advice: "If it is lost: pratique ledger recover-key prepare --help")
          continue
        }
        // The key is the right one wherever it lies: a folder that cannot be written is no reason
        // not to sign.
        if name == Self.nextName { try? settle() }
        return signer
      } catch {
        first = first ?? error
      }
    }
    throw first ?? Problem(.notFound, "there is no key file", at: path)
  }

  /// Puts the new key beside the old one, durably; nothing is in force by that.
  ///
  /// - Parameter place: a file or `pkcs11:` URI to take; `nil` makes a new key.
  /// - Parameter lock: makes the text of a new key's file.
  /// - Returns: the new key.
  func stage(_ place: String?, lock: (PrivateKey) throws -> String) throws -> Signer {
    folder.forget(Self.nextName)
    let file: (path: String, text: String)
    if let place, Self.isToken(place) {
      file = (folder.uri(Self.nextName), "\(place)\n")
    } else if let place {
      _ = try folder.ring.signer(place)
      let text = String(decoding: try InputFile.read(place), as: UTF8.self)
      file = (folder.pem(Self.nextName), text)
    } else {
      file = (folder.pem(Self.nextName), try lock(.generate()))
    }
    let signer = try place.map(folder.ring.signer)
    if let signer, signer.publicKey.algorithm != "ed25519" {
      throw Problem(
        .badInput, "a log key must be Ed25519: C2SP checkpoints are signed with nothing else",
        at: place)
    }
    try DurableFile.write(Array(file.text.utf8), to: file.path)
    for other in [folder.pem(Self.nextName), folder.uri(Self.nextName)] where other != file.path {
      unlink(other)
    }
    try DurableFolder.flush(folder.path)
    return try signer ?? folder.signer(Self.nextName)
  }

  /// The key that was put beside the one in force.
  func staged() throws -> Signer {
    guard folder.has(Self.nextName) else {
      throw Problem(
        .notFound, "the new log key is not there", at: folder.pem(Self.nextName),
        advice: "It was made by `pratique ledger recover-key prepare`, which must be done anew.")
    }
    return try folder.signer(Self.nextName)
  }

  /// Puts the new key into the place of the old one, whose file is gone then.
  func settle() throws {
    let isToken = FileManager.default.fileExists(atPath: folder.uri(Self.nextName))
    let next = isToken ? folder.uri(Self.nextName) : folder.pem(Self.nextName)
    let target = isToken ? folder.uri(Self.name) : folder.pem(Self.name)
    // Another process may do the same: what is not there any more has been renamed.
    guard FileManager.default.fileExists(atPath: next) else { return }
    unlink(isToken ? folder.pem(Self.name) : folder.uri(Self.name))
    guard rename(next, target) == 0 || errno == ENOENT else {
      throw Problem(.inputOutput, "the new log key cannot be put into its place", at: target)
    }
    try DurableFolder.flush(folder.path)
    for name in [Self.name, Self.nextName] { folder.forget(name) }
  }

  private static func isToken(_ place: String) -> Bool { place.hasPrefix("pkcs11:") }

  /// Runs a change of the key while no other process in this folder does.
  ///
  /// - Throws: `Problem` with `busy`.
  func alone<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
    let lock = "\(folder.path)/change.lock"
    let descriptor = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw Problem(.inputOutput, "the lock for changes of keys cannot be made", at: lock)
    }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw Problem(.busy, "another process changes the log key", at: lock)
    }
    // Let go of in so many words: a child that was forked this moment holds the descriptor too,
    // until it becomes another program.
    defer { flock(descriptor, LOCK_UN) }
    return try await body()
  }
}
