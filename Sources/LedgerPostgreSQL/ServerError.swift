import Model

/// What can go wrong between this program and the server.
enum ServerError: Error {
  /// The connection is gone, or the server did not answer in time. What was under way may have been
  /// done or not.
  case lost(String)
  /// The server refused, with its SQLSTATE and its words.
  case refused(state: String, message: String)

  /// Whether the same may work on a new connection: the server goes down or comes up, ended this
  /// connection, or chose this transaction to give way to another.
  var isPassing: Bool {
    switch self {
    case .lost: true
    case .refused(let state, _):
      state.hasPrefix("08")
        || ["57P01", "57P02", "57P03", "57P05", "25P03", "40001", "40P01", "53300"].contains(state)
    }
  }

  /// The error as people read it. The server's words name users, tables and addresses, never a
  /// password.
  func problem(_ place: String) -> Problem {
    switch self {
    case .lost(let why):
      Problem(
        .inputOutput, "the PostgreSQL server cannot be reached: \(why)", at: place,
        advice: "Nothing was lost that was acknowledged. Try again when the server is back.")
    case .refused(let state, let message): Self.problem(state, message, place)
    }
  }

  private static func problem(_ state: String, _ message: String, _ place: String) -> Problem {
    switch state {
    case "28000", "28P01":
      return Problem(
        .notTrusted, "the PostgreSQL server does not let us in: \(message)", at: place,
        advice: "Name user and database in the address, and the password in ~/.pgpass or the file"
          + " that PGPASSFILE names.")
    case "3D000": return Problem(.notFound, "there is no such database", at: place)
    case "42501":
      return Problem(
        .notTrusted, "the role lacks a privilege: \(message)", at: place,
        advice: "docs/postgresql.md says which role needs which.")
    case "53100":
      return Problem(
        .inputOutput, "the server's disk is full; nothing was recorded", at: place,
        advice: "Make room and try again: the ledger is as it was.")
    case "55P03", "57014", "53300", "40001", "40P01":
      return Problem(.busy, "the server was busy for too long: \(message)", at: place)
    case "25006":
      return Problem(
        .inputOutput, "the server takes no changes: it is a standby, or set to read only",
        at: place, advice: "Name the primary; with several hosts: target_session_attrs=read-write")
    default: break
    }
    // Constraints, data that cannot be, tables that are not there, checksums that are wrong.
    if ["22", "23", "42", "XX"].contains(where: state.hasPrefix) {
      return Problem(
        .ledgerDamaged, "the ledger is damaged: \(message) (\(state))", at: place,
        advice: "Nothing was changed. Keep the database, and restore a copy that verifies.")
    }
    return Problem(.inputOutput, "the server refused: \(message) (\(state))", at: place)
  }
}
