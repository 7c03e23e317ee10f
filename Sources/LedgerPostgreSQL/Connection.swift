import Dispatch
import Foundation
import Synchronization

/// A session on a queue of its own: one call after the other, and never on a thread that tasks run
/// on, since every call waits for the server.
final class Connection: Sendable {
  private let queue: DispatchQueue
  private let session: Mutex<Session>

  private init(_ session: sending Session, _ queue: DispatchQueue) {
    self.session = Mutex(session)
    self.queue = queue
  }

  /// Connects.
  ///
  /// - Throws: `ServerError`, or `Problem` with `toolMissing`.
  static func open(_ address: ServerAddress, patience: Duration) async throws -> Connection {
    let queue = DispatchQueue(label: "pratique.postgresql")
    return try await withCheckedThrowingContinuation { continuation in
      queue.async {
        continuation.resume(
          with: Result { Connection(try Session(address, patience: patience), queue) })
      }
    }
  }

  /// Runs `body` with the session, when what was asked for earlier is done.
  func run<Value: Sendable>(
    _ body: @Sendable @escaping (Session) throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async {
        continuation.resume(with: Result { try self.session.withLock { try body($0) } })
      }
    }
  }

  /// Ends the connection; waits for what is under way.
  func close() { session.withLock { $0.finish() } }
}
