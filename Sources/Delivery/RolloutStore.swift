import Blobs
import Foundation
import Glibc
import Model
import Reading

/// Keeps the wanted state of one environment on disk, and lets one rollout at a time change it.
struct RolloutStore: Sendable {
  /// The environment's own folder.
  let folder: String
  private var path: String { folder + "/state.json" }

  init(folder: String) { self.folder = folder }

  /// The state as last written; `nil` before the first rollout.
  func load() throws -> RolloutState? {
    guard let bytes = try DurableFile.read(path) else { return nil }
    do {
      let value = try JSONReader.read(bytes)
      guard value["version"]?.integer == 1 else {
        throw ReadingError("this program reads version 1 of the state only", pointer: "/version")
      }
      return try value.decode(RolloutState.self)
    } catch let error as ReadingError {
      throw Problem(error, file: path)
    }
  }

  /// Returns only after the state is durable.
  func save(_ state: RolloutState) throws {
    try DurableFile.write(CanonicalJSON.write(state), to: path)
  }

  /// Runs `body` while no other process changes the environment; the lock ends with the process.
  func locked<Value>(_ body: () async throws -> Value) async throws -> Value {
    try DurableFile.makeFolder(folder)
    let lock = open(folder + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard lock >= 0 else {
      throw Problem(.inputOutput, "the lock could not be opened", at: folder + "/lock")
    }
    defer { close(lock) }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      throw Problem(
        .busy, "another process changes this environment", at: folder,
        advice: "wait until it has ended; the lock is free as soon as its process is gone")
    }
    // Let go of in so many words: a child that was forked this moment holds the descriptor too,
    // until it becomes another program.
    defer { flock(lock, LOCK_UN) }
    return try await body()
  }
}
