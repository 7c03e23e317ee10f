import Ledger
import Model

/// The rows of the index: what follows from leaves and payloads, written and compared.
struct IndexRows {
  let session: Session

  /// The statements that write the rows of entries that have none yet.
  ///
  /// - Parameter condition: what must hold for anything to be written.
  static func insertion(
    _ entries: [IndexedEntry], where condition: String = "true"
  ) -> [SQLCommand] {
    let facts = entries.map { $0.facts ?? EntryFacts() }
    let subjects = entries.flatMap { entry in entry.subjects.map { ($0.description, entry.index) } }
    return [
      SQLCommand(
        """
        INSERT INTO entry_index
        (entry, kind, actor, time, subjects, application, environment, run, controls)
        SELECT * FROM unnest($1::int8[], $2::text[], $3::text[], $4::int8[], $5::int8[],
          $6::text[], $7::text[], $8::text[], $9::text[]) WHERE \(condition)
        """,
        [
          .integers(entries.map(\.index)), .texts(entries.map(\.kind.rawValue)),
          .texts(entries.map(\.actor)), .integers(entries.map(\.time.milliseconds)),
          .integers(entries.map { Int64($0.subjects.count) }), .texts(facts.map(\.application)),
          .texts(facts.map(\.environment)), .texts(facts.map(\.run)),
          .texts(facts.map { text($0.controls) }),
        ]),
      SQLCommand(
        "INSERT INTO subject_index (digest, entry) SELECT * FROM unnest($1::text[], $2::int8[])"
          + " WHERE \(condition)",
        [.texts(subjects.map(\.0)), .integers(subjects.map(\.1))]),
    ]
  }

  /// The statement that says that the index is whole, in this program's form.
  static var formCommand: SQLCommand {
    SQLCommand(
      """
      INSERT INTO index_form (one, form) VALUES (1, $1::int8)
      ON CONFLICT (one) DO UPDATE SET form = excluded.form
      """, [.integer(EntryFacts.form)])
  }

  /// The form in which the index was built; `nil` when it was not built to its end.
  func form() throws -> Int64? {
    try session.run([SQLCommand("SELECT form FROM index_form WHERE one = 1")])[0].integers().first
  }

  /// Those of the entries of which the index does not say exactly what it must; rows too many are
  /// counted by `strays`.
  func differing(_ entries: [IndexedEntry]) throws -> [IndexedEntry] {
    let subjects = entries.flatMap { entry in entry.subjects.map { ($0.description, entry.index) } }
    let answers = try session.run([
      SQLCommand(
        """
        SELECT i.entry, i.kind, i.actor, i.time, i.subjects, i.application, i.environment, i.run,
          i.controls, e.entry_id
        FROM entry_index i JOIN entry e ON e."index" = i.entry WHERE i.entry = ANY ($1::int8[])
        """, [.integers(entries.map(\.index))]),
      SQLCommand(
        """
        SELECT DISTINCT w.entry FROM unnest($1::text[], $2::int8[]) AS w (digest, entry)
        WHERE NOT EXISTS (
          SELECT 1 FROM subject_index s WHERE s.digest = w.digest AND s.entry = w.entry)
        """, [.texts(subjects.map(\.0)), .integers(subjects.map(\.1))]),
    ])
    var rows: [Int64: Int] = [:]
    for row in 0..<answers[0].count { rows[try answers[0].integer(row, 0)] = row }
    let lacking = Set(try answers[1].integers())
    return try entries.filter { entry in
      guard let row = rows[entry.index], !lacking.contains(entry.index) else { return true }
      return try !Self.says(answers[0], row, entry)
    }
  }

  private static func says(_ answer: Answer, _ row: Int, _ entry: IndexedEntry) throws -> Bool {
    guard answer.text(row, 1) == entry.kind.rawValue, answer.text(row, 2) == entry.actor,
      try answer.integer(row, 3) == entry.time.milliseconds,
      try answer.integer(row, 4) == Int64(entry.subjects.count),
      answer.bytes(row, 9) == entry.entryID
    else { return false }
    // A payload that cannot be read says nothing to compare with.
    guard let facts = entry.facts else { return true }
    return answer.text(row, 5) == facts.application && answer.text(row, 6) == facts.environment
      && answer.text(row, 7) == facts.run && answer.text(row, 8) == text(facts.controls)
  }

  /// Rows that belong to no entry. Where every entry has all its rows, a row more in the whole is
  /// one that no leaf asks for.
  func strays() throws -> [String] {
    let answer = try session.run([
      SQLCommand(
        """
        SELECT (SELECT count(*) FROM entry_index),
          (SELECT coalesce(max("index") + 1, 0) FROM entry),
          (SELECT count(*) FROM subject_index),
          (SELECT coalesce(sum(subjects), 0)::int8 FROM entry_index)
        """)
    ])[0]
    var faults: [String] = []
    if try answer.integer(0, 0) != answer.integer(0, 1) {
      faults.append("the index of entries has another number of rows than the ledger")
    }
    if try answer.integer(0, 2) != answer.integer(0, 3) {
      faults.append("the index of subjects has another number of rows than there are subjects")
    }
    if try form() != EntryFacts.form {
      faults.append("the index was not built by this version of the program, or not to its end")
    }
    return faults
  }

  /// Controls as one text in which each stands between spaces; no fact holds a space.
  private static func text(_ controls: [String]) -> String? {
    controls.isEmpty ? nil : " \(controls.joined(separator: " ")) "
  }
}
