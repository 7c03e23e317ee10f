import Ledger
import Model

/// The ledger at one moment: a transaction that reads one snapshot.
struct PostgreSQLSnapshot: LedgerReader {
  let session: Session

  func rows(_ sql: String, _ values: [SQLValue] = []) throws -> Answer {
    try session.run([SQLCommand(sql, values)])[0]
  }

  func size() throws -> Int64 {
    try rows("SELECT coalesce(max(\"index\") + 1, 0) FROM entry").integer(0, 0)
  }

  func checkpoint() throws -> String? {
    try first(rows("SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1"))
  }

  func checkpoint(size: Int64) throws -> String? {
    try first(rows("SELECT note FROM checkpoint WHERE size = $1::int8", [.integer(size)]))
  }

  func checkpoint(covering index: Int64) throws -> String? {
    try first(
      rows(
        "SELECT note FROM checkpoint WHERE size > $1::int8 ORDER BY size LIMIT 1",
        [.integer(index)]))
  }

  func checkpoints(sizes: ClosedRange<Int64>) throws -> [StoredCheckpoint] {
    let answer = try rows(
      """
      SELECT size, note, previous FROM checkpoint
      WHERE size >= $1::int8 AND size <= $2::int8 ORDER BY size
      """, [.integer(sizes.lowerBound), .integer(sizes.upperBound)])
    return try (0..<answer.count).map { row in
      StoredCheckpoint(
        size: try answer.integer(row, 0), note: answer.text(row, 1) ?? "",
        previous: try answer.integer(row, 2))
    }
  }

  private func first(_ answer: Answer) -> String? {
    answer.count == 0 ? nil : answer.text(0, 0)
  }

  func indices(kind: EvidenceKind) throws -> [Int64] {
    try rows(
      "SELECT entry FROM entry_index WHERE kind = $1::text ORDER BY entry", [.text(kind.rawValue)]
    ).integers()
  }

  func indices(subjects: [Digest]) throws -> [Int64] {
    try rows(
      """
      SELECT DISTINCT entry FROM subject_index WHERE digest = ANY ($1::text[]) ORDER BY entry
      """, [.texts(subjects.map(\.description))]
    ).integers()
  }

  func indices(matching query: EntryQuery, limit: Int, after: Int64?) throws -> [Int64] {
    try IndexSearch(session: session).indices(matching: query, limit: limit, after: after ?? -1)
  }

  func indexFaults(_ entries: [IndexedEntry]) throws -> [LedgerFault] {
    try IndexRows(session: session).differing(entries).map {
      LedgerFault(
        index: $0.index, message: "the index does not say of the entry what the entry says")
    }
  }

  func strayIndexFaults() throws -> [LedgerFault] {
    try IndexRows(session: session).strays().map { LedgerFault(index: nil, message: $0) }
  }

  func index(entryID: [UInt8]) throws -> Int64? {
    try rows("SELECT \"index\" FROM entry WHERE entry_id = $1::bytea", [.bytes(entryID)])
      .integers().first
  }

  func leaf(_ index: Int64) throws -> [UInt8]? {
    let answer = try rows("SELECT leaf FROM entry WHERE \"index\" = $1::int8", [.integer(index)])
    return answer.count == 0 ? nil : answer.bytes(0, 0)
  }

  func node(_ place: NodePlace) throws -> TreeHash? {
    let answer = try rows(
      "SELECT hash FROM node WHERE level = $1::int8 AND place = $2::int8",
      [.integer(Int64(place.level)), .integer(place.index)])
    return answer.count == 0 ? nil : answer.bytes(0, 0).flatMap { TreeHash($0) }
  }

  func nodes(level: Int, _ places: Range<Int64>) throws -> [(place: Int64, hash: TreeHash)] {
    let answer = try rows(
      """
      SELECT place, hash FROM node
      WHERE level = $1::int8 AND place >= $2::int8 AND place < $3::int8 ORDER BY place
      """,
      [.integer(Int64(level)), .integer(places.lowerBound), .integer(places.upperBound)])
    return try (0..<answer.count).compactMap { row in
      let place = try answer.integer(row, 0)
      return answer.bytes(row, 1).flatMap { TreeHash($0) }.map { (place, $0) }
    }
  }

  func rows(_ range: Range<Int64>) throws -> [EntryRow] {
    let answer = try answer(range)
    return try (0..<answer.count).map { row in
      let index = try answer.integer(row, 0)
      return EntryRow(
        index: index, leaf: answer.bytes(row, 1) ?? [], payload: try payload(answer, row, index))
    }
  }

  /// Index, leaf, salt, envelope and blob of a range of entries.
  func answer(_ range: Range<Int64>) throws -> Answer {
    try rows(
      """
      SELECT e."index", e.leaf, p.salt, p.envelope, p.blob FROM entry e
      LEFT JOIN payload p ON p.entry = e."index"
      WHERE e."index" >= $1::int8 AND e."index" < $2::int8 ORDER BY e."index"
      """, [.integer(range.lowerBound), .integer(range.upperBound)])
  }

  func payload(_ answer: Answer, _ row: Int, _ index: Int64) throws -> EntryRow.Payload {
    guard let salt = answer.bytes(row, 2) else { return .none }
    if let envelope = answer.bytes(row, 3) { return .inline(envelope, salt: salt) }
    guard let digest = answer.text(row, 4).flatMap({ Digest($0) }) else {
      throw Problem(.ledgerDamaged, "the payload of entry \(index) has no proper digest")
    }
    return .blob(digest, salt: salt)
  }
}
