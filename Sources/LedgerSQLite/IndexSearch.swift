import GRDB
import Ledger
import Model

/// Answers queries from the index: it chooses itself what to begin with, since SQLite would guess.
struct IndexSearch {
  let db: Database

  /// The indices that a query asks for, ascending.
  func indices(matching query: EntryQuery, limit: Int, after: Int64) throws -> [Int64] {
    guard try IndexRows(db: db).form() == EntryFacts.form else {
      throw Problem(
        .ledgerDamaged, "the ledger's index is not whole",
        advice: "Nothing is lost: it follows from the entries. Build it with: "
          + "pratique ledger index --rebuild")
    }
    guard limit > 0 else { return [] }
    if query.subject != nil {
      return try fetch(
        "FROM subject_index s CROSS JOIN entry_index i ON i.entry = s.entry", query, limit, after)
    }
    if query.application != nil {
      return try fetch("FROM entry_index i INDEXED BY entry_by_application", query, limit, after)
    }
    if query.control != nil {
      return try fetch("FROM entry_index i INDEXED BY entry_by_control", query, limit, after)
    }
    if query.environment != nil {
      return try fetch("FROM entry_index i INDEXED BY entry_by_environment", query, limit, after)
    }
    if query.actor != nil || query.kind != nil || query.from != nil || query.to != nil {
      return try groups(query, limit: limit, after: after)
    }
    return try fetch("FROM entry_index i NOT INDEXED", query, limit, after)
  }

  /// Looks into each actor's entries of each kind in turn.
  func groups(_ query: EntryQuery, limit: Int, after: Int64) throws -> [Int64] {
    var found: [Int64] = []
    var actor = query.actor ?? ""
    var kind = ""
    // Both are identifiers, so that nothing comes before the empty text.
    while let next = try GRDB.Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT actor, kind FROM entry_index INDEXED BY entry_by_actor
          WHERE (actor, kind) > (?, ?) ORDER BY actor, kind LIMIT 1
          """), arguments: [actor, kind])
    {
      actor = next["actor"]
      kind = next["kind"]
      if let wanted = query.actor, !wanted.utf8.elementsEqual(actor.utf8) { break }
      if let wanted = query.kind, !wanted.rawValue.utf8.elementsEqual(kind.utf8) { continue }
      var group = query
      group.actor = actor
      group.kind = EvidenceKind(rawValue: kind)
      found += try fetch("FROM entry_index i INDEXED BY entry_by_actor", group, limit, after)
    }
    return Array(found.sorted().prefix(limit))
  }

  private func fetch(
    _ source: String, _ query: EntryQuery, _ limit: Int, _ after: Int64
  ) throws -> [Int64] {
    var conditions = ["i.entry > ?"]
    var arguments: StatementArguments = [after]
    func add(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
      guard let value else { return }
      conditions.append(condition)
      arguments += [value]
    }
    add("s.digest = ?", query.subject?.description)
    add("i.application = ?", query.application)
    add("i.environment = ?", query.environment)
    add("i.run = ?", query.run)
    add("i.actor = ?", query.actor)
    add("i.kind = ?", query.kind?.rawValue)
    add("i.time >= ?", query.from?.milliseconds)
    add("i.time < ?", query.to?.milliseconds)
    if let control = query.control {
      // A control with a space in it would find two that stand side by side.
      guard !control.contains(" ") else { return [] }
      conditions.append("i.controls IS NOT NULL")
      add("instr(i.controls, ?) > 0", " \(control) ")
    }
    return try Int64.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT i.entry \(source) WHERE \(conditions.joined(separator: " AND "))
          ORDER BY i.entry LIMIT ?
          """), arguments: arguments + [limit])
  }
}
