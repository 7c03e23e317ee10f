import Dispatch
import Foundation

/// Turns SIGINT and SIGTERM into cancellation, so that long work ends what it started.
enum Interruption {
  /// Runs work that a signal cancels; a second signal ends the program at once.
  static func cancelling<Value: Sendable>(
    _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let task = Task { try await work() }
    let signals = [SIGINT, SIGTERM, SIGHUP].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if task.isCancelled { exit(130) }
        task.cancel()
      }
      source.resume()
      return source
    }
    defer { for source in signals { source.cancel() } }
    return try await task.value
  }
}
