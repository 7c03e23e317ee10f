import Foundation
import Model

/// A few connections for reading, made when they are needed.
actor ConnectionPool {
  private let address: ServerAddress
  private let patience: Duration
  private let limit: Int
  private var free: [Connection] = []
  private var lent = 0
  private var waiting: [CheckedContinuation<Void, Never>] = []
  private var isClosed = false

  init(_ address: ServerAddress, patience: Duration, limit: Int = 4) {
    self.address = address
    self.patience = patience
    self.limit = limit
  }

  /// Lends a connection to `body`; one that fails is not used again.
  ///
  /// - Throws: `ServerError`, or what `body` throws.
  func lend<Value: Sendable>(
    _ body: @Sendable (Connection) async throws -> Value
  ) async throws -> Value {
    while lent >= limit { await withCheckedContinuation { waiting.append($0) } }
    guard !isClosed else { throw ServerError.lost("the ledger was closed") }
    lent += 1
    defer {
      lent -= 1
      if !waiting.isEmpty { waiting.removeFirst().resume() }
    }
    var connection: Connection
    if let known = free.popLast() {
      connection = known
    } else {
      connection = try await Connection.open(address, patience: patience)
    }
    let value = try await body(connection)
    if isClosed { connection.close() } else { free.append(connection) }
    return value
  }

  /// Ends those that are free, now and later.
  func close() {
    isClosed = true
    for connection in free { connection.close() }
    free = []
  }
}
