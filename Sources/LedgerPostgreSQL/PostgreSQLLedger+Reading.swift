public import Ledger
import Model

extension PostgreSQLLedger {
  /// A transaction that could not begin: what was wanted of it was not asked yet.
  private struct NotBegun: Error { let cause: any Error }

  /// Reads in one snapshot: everything asked inside `body` is of the same moment.
  ///
  /// A server that is away is waited for; one that goes away while `body` asks ends it.
  public func read<Value: Sendable>(
    _ body: @Sendable @escaping (any LedgerReader) throws -> Value
  ) async throws -> Value {
    try await query { try body(PostgreSQLSnapshot(session: $0)) }
  }

  /// Asks the server in a transaction that reads one snapshot.
  func query<Value: Sendable>(
    _ body: @Sendable @escaping (Session) throws -> Value
  ) async throws -> Value {
    let deadline = ContinuousClock.now + patience.forServer
    var pause = Duration.milliseconds(10)
    while true {
      do {
        let outcome = try await pool.lend { connection in
          try await connection.run { try Self.inSnapshot($0, body) }
        }
        return try outcome.get()
      } catch let error as ServerError {
        throw error.problem(place)
      } catch let error as NotBegun {
        guard let cause = error.cause as? ServerError else { throw error.cause }
        guard cause.isPassing, ContinuousClock.now < deadline else { throw cause.problem(place) }
        try await Task.sleep(for: pause)
        pause = min(pause * 2, .milliseconds(500))
      }
    }
  }

  private static func inSnapshot<Value>(
    _ session: Session, _ body: (Session) throws -> Value
  ) throws -> Result<Value, any Error> {
    do {
      try session.run([SQLCommand("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")])
    } catch {
      throw NotBegun(cause: error)
    }
    // An error of the server's ends the connection; one of ours, such as "not found", does not.
    let outcome = Result { try body(session) }
    if case .failure(let error as ServerError) = outcome { throw error }
    try session.run([SQLCommand("COMMIT")])
    return outcome
  }
}
