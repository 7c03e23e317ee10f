import Ledger
import Model

/// What one transaction inserts.
struct NewRows {
  private var indices: [Int64] = []
  private var entryIDs: [[UInt8]] = []
  private var leaves: [[UInt8]] = []
  private var payloads: [Int64] = []
  private var salts: [[UInt8]] = []
  private var envelopes: [[UInt8]?] = []
  private var blobs: [String?] = []
  private var levels: [Int64] = []
  private var places: [Int64] = []
  private var hashes: [[UInt8]] = []
  private var index: [IndexedEntry] = []

  /// Nothing is inserted unless what comes before in the transaction has said so: where a whole
  /// transaction is sent at once, it finds out itself whether it may happen.
  static let go = "current_setting('pratique.go', true) = 'on'"

  /// Number of entries.
  var count: Int { indices.count }
  var isEmpty: Bool { indices.isEmpty }

  /// Adds an entry at the end of the tree.
  mutating func add(_ row: LedgerPage.Row, to range: inout CompactRange) {
    let index = row.stored.index
    indices.append(index)
    entryIDs.append(row.indexed.entryID)
    leaves.append(row.stored.leaf)
    switch row.stored.payload {
    case .none: break
    case .inline(let envelope, let salt): add(payload: envelope, nil, salt, index)
    case .blob(let digest, let salt): add(payload: nil, digest.description, salt, index)
    }
    self.index.append(row.indexed)
    range.append(.leaf(row.stored.leaf)) { place, hash in
      levels.append(Int64(place.level))
      places.append(place.index)
      hashes.append(hash.bytes)
    }
  }

  private mutating func add(payload: [UInt8]?, _ blob: String?, _ salt: [UInt8], _ index: Int64) {
    payloads.append(index)
    salts.append(salt)
    envelopes.append(payload)
    blobs.append(blob)
  }

  /// The statements that insert all of it, a table each, the entries first.
  var commands: [SQLCommand] {
    [
      SQLCommand(
        """
        INSERT INTO entry ("index", entry_id, leaf)
        SELECT * FROM unnest($1::int8[], $2::bytea[], $3::bytea[]) WHERE \(Self.go)
        """, [.integers(indices), .byteses(entryIDs), .byteses(leaves)]),
      SQLCommand(
        """
        INSERT INTO payload (entry, salt, envelope, blob)
        SELECT * FROM unnest($1::int8[], $2::bytea[], $3::bytea[], $4::text[]) WHERE \(Self.go)
        """, [.integers(payloads), .byteses(salts), .byteses(envelopes), .texts(blobs)]),
      SQLCommand(
        """
        INSERT INTO node (level, place, hash)
        SELECT * FROM unnest($1::int8[], $2::int8[], $3::bytea[]) WHERE \(Self.go)
        """, [.integers(levels), .integers(places), .byteses(hashes)]),
    ] + IndexRows.insertion(index, where: Self.go)
  }

  /// The statement that keeps a checkpoint.
  static func checkpoint(_ size: Int64, _ note: String) -> SQLCommand {
    SQLCommand(
      """
      INSERT INTO checkpoint (size, note, previous)
      SELECT $1::int8, $2::text, (SELECT coalesce(max(size), 0) FROM checkpoint) WHERE \(go)
      """,
      [.integer(size), .text(note)])
  }
}
