import Attestation
import Ledger
import Model

/// Carries the entries of all who wait into one transaction, one transaction after the other, and
/// settles those whose outcome is not known.
actor GroupCommit {
  private struct Waiting {
    let request: AppendRequest
    let continuation: CheckedContinuation<[Int64], any Error>
  }

  /// How much goes into one transaction: bytes of envelopes and leaves, and entries.
  private static let byteLimit = 8 << 20
  private static let entryLimit = 4_096

  private let address: ServerAddress
  private let transaction: AppendTransaction
  private let patience: PostgreSQLLedger.Patience
  private var connection: Connection?
  private var queue: [Waiting] = []
  private var isWorking = false
  private var isClosed = false

  init(_ address: ServerAddress, key: NoteKey, patience: PostgreSQLLedger.Patience) {
    self.address = address
    self.patience = patience
    transaction = AppendTransaction(key: key, place: address.place)
  }

  /// Appends, together with whoever waits at the same moment.
  func append(_ request: AppendRequest) async throws -> [Int64] {
    try await withCheckedThrowingContinuation { continuation in
      queue.append(Waiting(request: request, continuation: continuation))
      guard !isWorking else { return }
      isWorking = true
      Task { await work() }
    }
  }

  private func work() async {
    while !queue.isEmpty {
      let group = nextGroup()
      let results = await commit(group.map(\.request))
      for (waiting, result) in zip(group, results) {
        waiting.continuation.resume(with: result)
      }
    }
    isWorking = false
  }

  private func nextGroup() -> [Waiting] {
    var bytes = 0
    var entries = 0
    if queue[0].request.standsAlone { return [queue.removeFirst()] }
    let count = queue.prefix { waiting in
      guard !waiting.request.standsAlone else { return false }
      let isFirst = entries == 0
      entries += waiting.request.entries.count
      bytes += waiting.request.entries.reduce(0) { $0 + $1.size }
      return isFirst || bytes <= Self.byteLimit && entries <= Self.entryLimit
    }.count
    defer { queue.removeFirst(count) }
    return Array(queue.prefix(count))
  }

  /// Tries until there is an answer, or the patience with a server that is away is at its end.
  ///
  /// A commit whose connection was cut is settled by the next try: it waits for the ledger's end,
  /// which whoever still commits holds, and then looks for the entry ids.
  private func commit(_ requests: [AppendRequest]) async -> [Result<[Int64], any Error>] {
    let deadline = ContinuousClock.now + patience.forServer
    var pause = Duration.milliseconds(10)
    var isUnknown = false
    while true {
      do {
        let connection = try await connected()
        let transaction = transaction
        return try await connection.run { try transaction.run(requests, on: $0) }
          .map { $0.mapError { $0 } }
      } catch {
        connection?.close()
        connection = nil
        let failure = error as? AppendFailure
        switch failure?.stage {
        case .committing: isUnknown = true
        case .seen: isUnknown = false
        case .before, nil: break
        }
        let cause = failure?.cause ?? error
        let isPassing = (cause as? ServerError)?.isPassing ?? false
        guard isPassing, !isClosed, ContinuousClock.now < deadline else {
          return requests.map { _ in .failure(problem(cause, isUnknown: isUnknown)) }
        }
        try? await Task.sleep(for: pause)
        pause = min(pause * 2, .milliseconds(500))
      }
    }
  }

  private func connected() async throws -> Connection {
    if let connection { return connection }
    guard !isClosed else { throw ServerError.lost("the ledger was closed") }
    let new = try await Connection.open(address, patience: patience.forAnswer)
    connection = new
    return new
  }

  private func problem(_ cause: any Error, isUnknown: Bool) -> any Error {
    guard isUnknown else { return (cause as? ServerError)?.problem(address.place) ?? cause }
    return Problem(
      .inputOutput,
      "the server went away while it committed: whether the entries are recorded is not known",
      at: address.place,
      advice: "Send the same entries again when it is back: by their ids none is recorded twice.")
  }

  /// Ends the connection when nothing waits any more.
  func close() {
    isClosed = true
    if !isWorking {
      connection?.close()
      connection = nil
    }
  }
}

extension AppendRequest.Entry {
  fileprivate var size: Int {
    switch payload {
    case .none, .blob: bytes.count
    case .inline(let envelope, _): bytes.count + envelope.count
    }
  }
}
