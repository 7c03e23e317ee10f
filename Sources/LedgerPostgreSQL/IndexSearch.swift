import Ledger
import Model

/// Answers queries from the index; the server chooses itself what to begin with.
struct IndexSearch {
  let session: Session

  /// The indices that a query asks for, ascending.
  func indices(matching query: EntryQuery, limit: Int, after: Int64) throws -> [Int64] {
    guard try IndexRows(session: session).form() == EntryFacts.form else {
      throw Problem(
        .ledgerDamaged, "the ledger's index is not whole",
        advice: "Nothing is lost: it follows from the entries. Build it with: "
          + "pratique ledger index --rebuild")
    }
    guard limit > 0 else { return [] }
    var conditions: [String] = []
    var values: [SQLValue] = []
    func add(_ condition: (String) -> String, _ value: SQLValue?) {
      guard let value else { return }
      values.append(value)
      conditions.append(condition("$\(values.count)"))
    }
    add({ "i.entry > \($0)::int8" }, .integer(after))
    for (column, text) in [
      ("application", query.application), ("environment", query.environment), ("run", query.run),
      ("actor", query.actor), ("kind", query.kind?.rawValue),
    ] {
      add({ "i.\(column) = \($0)::text" }, text.map { .text($0) })
    }
    add({ "i.time >= \($0)::int8" }, query.from.map { .integer($0.milliseconds) })
    add({ "i.time < \($0)::int8" }, query.to.map { .integer($0.milliseconds) })
    add(
      {
        "EXISTS (SELECT 1 FROM subject_index s WHERE s.digest = \($0)::text AND s.entry = i.entry)"
      }, query.subject.map { .text($0.description) })
    if let control = query.control {
      // A control with a space in it would find two that stand side by side.
      guard !control.contains(" ") else { return [] }
      conditions.append("i.controls IS NOT NULL")
      add({ "position(\($0)::text IN i.controls) > 0" }, .text(" \(control) "))
    }
    values.append(.integer(Int64(limit)))
    let sql = """
      SELECT i.entry FROM entry_index i WHERE \(conditions.joined(separator: " AND "))
      ORDER BY i.entry LIMIT $\(values.count)::int8
      """
    return try session.run([SQLCommand(sql, values)])[0].integers()
  }
}
