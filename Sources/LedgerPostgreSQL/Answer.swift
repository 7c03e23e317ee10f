import CLibPQ
import Model

/// The rows that a statement gave, in binary; freed with the value.
final class Answer {
  private let libpq: LibPQ
  private let result: LibPQ.Answer

  init(_ libpq: LibPQ, _ result: LibPQ.Answer) {
    self.libpq = libpq
    self.result = result
  }

  deinit { libpq.clear(result) }

  var status: ExecStatusType { libpq.resultStatus(result) }

  /// Number of rows.
  var count: Int { Int(libpq.rowCount(result)) }

  /// What the server says that it did: `COMMIT`, `ROLLBACK`, `INSERT 0 3`.
  var command: String { libpq.commandStatus(result).map { String(cString: $0) } ?? "" }

  /// The server's refusal.
  var refusal: ServerError {
    func field(_ code: Character) -> String? {
      libpq.resultField(result, Int32(code.asciiValue ?? 0)).map { String(cString: $0) }
    }
    // PG_DIAG_SQLSTATE and PG_DIAG_MESSAGE_PRIMARY; libpq's own errors have no state.
    guard let state = field("C") else { return .lost(field("M") ?? "the connection ended") }
    return .refused(state: state, message: field("M") ?? "no reason given")
  }

  /// A value's bytes; `nil` for NULL.
  func bytes(_ row: Int, _ column: Int) -> [UInt8]? { borrowed(row, column).map { Array($0) } }

  /// A value's bytes as they lie here; `nil` for NULL.
  func borrowed(_ row: Int, _ column: Int) -> UnsafeRawBufferPointer? {
    let (row, column) = (Int32(row), Int32(column))
    guard libpq.isNull(result, row, column) == 0, let start = libpq.value(result, row, column)
    else { return nil }
    let length = Int(libpq.length(result, row, column))
    return UnsafeRawBufferPointer(start: start, count: length)
  }

  /// A value as text; `nil` for NULL.
  func text(_ row: Int, _ column: Int) -> String? {
    bytes(row, column).map { String(decoding: $0, as: UTF8.self) }
  }

  /// A value of type `int2`, `int4`, `int8` or `bool`.
  ///
  /// - Throws: `Problem` with `ledgerDamaged` for NULL or another type.
  func integer(_ row: Int, _ column: Int) throws -> Int64 {
    guard let bytes = bytes(row, column), [1, 2, 4, 8].contains(bytes.count) else {
      throw Problem(.ledgerDamaged, "the server gave something that is no number")
    }
    let value = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let unused = Int64(64 - bytes.count * 8)
    return (Int64(bitPattern: value) << unused) >> unused
  }

  /// The first column of all rows.
  func integers() throws -> [Int64] { try (0..<count).map { try integer($0, 0) } }
}
