import CLibPQ
import Foundation
import Model

/// One connection to the server. Its calls block; `Connection` keeps them off the threads that
/// tasks run on.
///
/// Statements are prepared once a connection and sent in pipelines: as many as are known, then one
/// wait for all their answers.
final class Session {
  let libpq: LibPQ
  let connection: LibPQ.Connection
  /// How long the server may take for one pipeline.
  let patience: Duration
  /// The end of the ledger as the last append of this connection left it.
  var tail: Tail?
  /// For how many appends it is not tried, since somebody else appends too.
  var restsFor = 0
  private var prepared: [String: String] = [:]
  private var isFinished = false

  /// Connects, and sets what the ledger rests on for this connection alone.
  ///
  /// - Throws: `ServerError`, or `Problem` with `toolMissing`.
  init(_ address: ServerAddress, patience: Duration = .seconds(60)) throws {
    libpq = try LibPQ.load()
    self.patience = patience
    // What stands later wins, so the address may say otherwise.
    var settings = [
      ("connect_timeout", "10"), ("fallback_application_name", "pratique"),
      ("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
      ("tcp_user_timeout", "30000"),
    ]
    settings += address.settings.map { ($0.key, $0.value) }
    settings.append(("client_encoding", "UTF8"))
    let libpq = libpq
    let made = Self.withTexts(settings.map(\.0)) { keywords in
      Self.withTexts(settings.map(\.1)) { libpq.connect(keywords, $0, 0) }
    }
    guard let made else { throw ServerError.lost("there is no memory for a connection") }
    connection = made
    guard libpq.status(made) == CONNECTION_OK else {
      defer { finish() }
      throw Self.refusal(Self.text(libpq.errorMessage(made)))
    }
    guard libpq.serverVersion(made) >= 120_000 else {
      finish()
      throw Problem(
        .toolMissing, "the PostgreSQL server is older than version 12", at: address.place)
    }
    // Notices would otherwise be written to standard error.
    _ = libpq.setNoticeReceiver(made, { _, _ in }, nil)
    guard libpq.setNonBlocking(made, 1) == 0, libpq.enterPipeline(made) == 1 else {
      finish()
      throw ServerError.lost("the connection cannot be set up")
    }
    do { try prepareSession(schema: address.schema) } catch {
      finish()
      throw error
    }
  }

  deinit { finish() }

  /// Ends the connection.
  func finish() {
    guard !isFinished else { return }
    isFinished = true
    libpq.finish(connection)
  }

  private func prepareSession(schema: String) throws {
    // `remote_apply` asks for more than `on`; everything else asks for less.
    let commit =
      "CASE current_setting('synchronous_commit') WHEN 'remote_apply'"
      + " THEN 'remote_apply' ELSE 'on' END"
    try run([
      SQLCommand(
        """
        SELECT set_config('search_path', 'pg_catalog, "' || $1::text || '", pg_temp', false),
          set_config('synchronous_commit', \(commit), false),
          set_config('lock_timeout', '30s', false),
          set_config('statement_timeout', '0', false),
          set_config('idle_in_transaction_session_timeout', '10min', false),
          set_config('row_security', 'off', false),
          -- Plans are made while tables are empty and kept while they grow.
          set_config('enable_seqscan', 'off', false), set_config('jit', 'off', false),
          -- So that the server finds out within half a minute that we are gone.
          set_config('tcp_keepalives_idle', '10', false),
          set_config('tcp_keepalives_interval', '5', false),
          set_config('tcp_keepalives_count', '3', false)
        """, [.text(schema)])
    ])
  }

  /// Runs statements in order, in one exchange with the server; after one that fails, none is done.
  ///
  /// - Returns: what each gave.
  /// - Throws: `ServerError`. The connection is of no further use then, but to be rolled back.
  @discardableResult
  func run(_ commands: [SQLCommand]) throws -> [Answer] {
    guard !isFinished else { throw ServerError.lost("the connection was closed") }
    var expected: [Expected] = []
    var coming: [String: String] = [:]
    for command in commands {
      var name = prepared[command.sql] ?? coming[command.sql]
      if name == nil {
        let new = "s\(prepared.count + coming.count)"
        try sent(libpq.sendPrepare(connection, new, command.sql, 0, nil))
        coming[command.sql] = new
        expected.append(.preparation(command.sql, new))
        name = new
      }
      try send(name ?? "", command.values)
      expected.append(.rows)
    }
    try sent(libpq.pipelineSync(connection))
    return try collect(expected)
  }

  private enum Expected {
    case preparation(String, String)
    case rows
  }

  private func send(_ name: String, _ values: [SQLValue]) throws {
    var buffer: [UInt8] = []
    var ends: [Int] = []
    for value in values {
      value.encode(into: &buffer)
      ends.append(buffer.count)
    }
    // A value of no bytes is not NULL: it needs an address too.
    buffer.append(0)
    guard buffer.count < 1 << 29 else {
      throw Problem(.badInput, "more than 512 MiB cannot be sent to the server at once")
    }
    let result = buffer.withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        let starts = [0] + ends.dropLast()
        let pointers = zip(starts, ends).map { start, _ in
          characters.baseAddress.map { UnsafePointer($0 + start) }
        }
        let lengths = zip(starts, ends).map { Int32($1 - $0) }
        let formats = values.map { _ in Int32(1) }
        return libpq.sendPrepared(
          connection, name, Int32(values.count), pointers, lengths, formats, 1)
      }
    }
    try sent(result)
  }

  private func sent(_ result: Int32) throws {
    guard result == 1 else { throw ServerError.lost(Self.text(libpq.errorMessage(connection))) }
  }

  private func collect(_ expected: [Expected]) throws -> [Answer] {
    var waiting = expected[...]
    var answers: [Answer] = []
    var refusal: ServerError?
    let deadline = ContinuousClock.now + patience
    var isBetween = false
    while true {
      try wait(until: deadline)
      guard let result = libpq.getResult(connection) else {
        // The end of one statement's answers. A second one means that none will come any more: the
        // server has ended the connection.
        guard !isBetween, libpq.status(connection) == CONNECTION_OK else {
          throw refusal ?? .lost(Self.text(libpq.errorMessage(connection)))
        }
        isBetween = true
        continue
      }
      isBetween = false
      let answer = Answer(libpq, result)
      switch answer.status {
      case PGRES_PIPELINE_SYNC:
        if let refusal { throw refusal }
        guard waiting.isEmpty else { throw ServerError.lost("an answer is missing") }
        return answers
      case PGRES_COMMAND_OK, PGRES_TUPLES_OK:
        switch waiting.popFirst() {
        case .preparation(let sql, let name): prepared[sql] = name
        case .rows: answers.append(answer)
        case nil: throw ServerError.lost("an answer came that nobody asked for")
        }
      case PGRES_PIPELINE_ABORTED: _ = waiting.popFirst()
      default:
        _ = waiting.popFirst()
        refusal = refusal ?? answer.refusal
        guard libpq.status(connection) == CONNECTION_OK else { throw refusal ?? .lost("it ended") }
      }
    }
  }

  static func text(_ pointer: UnsafeMutablePointer<CChar>?) -> String {
    let text = pointer.map { String(cString: $0) } ?? ""
    let line = text.split(whereSeparator: \.isNewline).joined(separator: "; ")
    return line.isEmpty ? "no reason given" : line
  }

  /// A connection that was not made has no SQLSTATE, only words.
  private static func refusal(_ text: String) -> ServerError {
    let states = [
      ("authentication failed", "28P01"), ("no password supplied", "28P01"),
      ("no pg_hba.conf entry", "28000"), ("role \"", "28000"),
      ("too many", "53300"), ("remaining connection slots", "53300"),
    ]
    if text.contains("database \""), text.contains("does not exist") {
      return .refused(state: "3D000", message: text)
    }
    for (words, state) in states where text.contains(words) {
      return .refused(state: state, message: text)
    }
    return .lost(text)
  }

  private static func withTexts<Value>(
    _ texts: [String], _ body: (LibPQ.Texts?) -> Value
  ) -> Value {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    var pointers = copies.map { $0.map { UnsafePointer($0) } }
    pointers.append(nil)
    return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
  }
}
