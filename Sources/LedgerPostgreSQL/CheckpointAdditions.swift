public import Ledger
import Model

extension Migration {
  /// What others said of a checkpoint, beside it.
  static let additions = [
    """
    CREATE TABLE cosignature (
      size int8 NOT NULL,
      name text COLLATE "C" NOT NULL,
      key_id bytea NOT NULL CHECK (length(key_id) = 4),
      signature bytea NOT NULL,
      PRIMARY KEY (size, name, key_id))
    """,
    """
    CREATE TABLE checkpoint_timestamp (
      size int8 NOT NULL,
      authority text COLLATE "C" NOT NULL,
      token bytea NOT NULL,
      certificates text NOT NULL,
      revocation_lists text NOT NULL,
      PRIMARY KEY (size, authority))
    """,
  ]
}

extension PostgreSQLLedger {
  /// Keeps cosignatures of the checkpoint of that size beside it; of one key the last counts.
  ///
  /// - Throws: `Problem` with `notFound` when there is no such checkpoint, `inputOutput`; then none
  ///   was kept.
  public func keep(cosignatures: [SignedNote.Signature], size: Int64) async throws {
    try await checkCheckpoint(size)
    try await write([Self.insertion(cosignatures, size: size)])
  }

  /// Keeps a timestamp beside its checkpoint; of one authority the last counts.
  ///
  /// - Throws: `Problem` with `notFound` when there is no such checkpoint, `inputOutput`.
  public func keep(_ timestamp: CheckpointTimestamp) async throws {
    try await checkCheckpoint(timestamp.size)
    try await write([Self.insertion(timestamp)])
  }

  /// A checkpoint that is there stays there.
  private func checkCheckpoint(_ size: Int64) async throws {
    guard try await read({ try $0.checkpoint(size: size) }) != nil else {
      throw Problem(.notFound, "there is no checkpoint of \(size) entries", at: place)
    }
  }

  static func insertion(_ cosignatures: [SignedNote.Signature], size: Int64) -> SQLCommand {
    SQLCommand(
      """
      INSERT INTO cosignature (size, name, key_id, signature)
      SELECT $1::int8, * FROM unnest($2::text[], $3::bytea[], $4::bytea[])
      ON CONFLICT (size, name, key_id) DO UPDATE SET signature = excluded.signature
      """,
      [
        .integer(size), .texts(cosignatures.map(\.name)), .byteses(cosignatures.map(\.keyID)),
        .byteses(cosignatures.map(\.signature)),
      ])
  }

  static func insertion(_ timestamp: CheckpointTimestamp) -> SQLCommand {
    SQLCommand(
      """
      INSERT INTO checkpoint_timestamp (size, authority, token, certificates, revocation_lists)
      VALUES ($1::int8, $2::text, $3::bytea, $4::text, $5::text)
      ON CONFLICT (size, authority) DO UPDATE SET token = excluded.token,
        certificates = excluded.certificates, revocation_lists = excluded.revocation_lists
      """,
      [
        .integer(timestamp.size), .text(timestamp.authority), .bytes(timestamp.token),
        .text(timestamp.certificates), .text(timestamp.revocationLists),
      ])
  }
}

extension PostgreSQLSnapshot {
  func cosignatures(size: Int64) throws -> [SignedNote.Signature] {
    let answer = try rows(
      """
      SELECT name, key_id, signature FROM cosignature WHERE size = $1::int8 ORDER BY name, key_id
      """, [.integer(size)])
    return try (0..<answer.count).map { row in
      try SignedNote.Signature(
        name: answer.text(row, 0) ?? "", keyID: answer.bytes(row, 1) ?? [],
        signature: answer.bytes(row, 2) ?? [])
    }
  }

  func cosignedSizes(upTo size: Int64, limit: Int) throws -> [Int64] {
    try sizes(of: "cosignature", upTo: size, limit: limit)
  }

  func timestamps(size: Int64) throws -> [CheckpointTimestamp] {
    let answer = try rows(
      """
      SELECT authority, token, certificates, revocation_lists FROM checkpoint_timestamp
      WHERE size = $1::int8 ORDER BY authority
      """, [.integer(size)])
    return (0..<answer.count).map { row in
      CheckpointTimestamp(
        size: size, authority: answer.text(row, 0) ?? "", token: answer.bytes(row, 1) ?? [],
        certificates: answer.text(row, 2) ?? "", revocationLists: answer.text(row, 3) ?? "")
    }
  }

  func timestampedSizes(upTo size: Int64, limit: Int) throws -> [Int64] {
    try sizes(of: "checkpoint_timestamp", upTo: size, limit: limit)
  }

  private func sizes(of table: String, upTo size: Int64, limit: Int) throws -> [Int64] {
    try rows(
      """
      SELECT DISTINCT size FROM \(table) WHERE size <= $1::int8 ORDER BY size DESC LIMIT $2::int8
      """, [.integer(size), .integer(Int64(limit))]
    ).integers()
  }
}
