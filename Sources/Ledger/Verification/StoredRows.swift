public import Model

/// An entry's row as it lies in the store: its bytes are there only while it is shown.
public struct BorrowedRow {
  /// Where the payload is.
  public enum Payload {
    /// It was erased.
    case none
    /// In the store: the envelope's bytes and their salt.
    case inline(UnsafeRawBufferPointer, salt: UnsafeRawBufferPointer)
    /// In the blob store, by the envelope's SHA-256.
    case blob(Digest, salt: [UInt8])
  }

  /// Counted from zero.
  public let index: Int64
  /// The leaf's exact bytes.
  public let leaf: UnsafeRawBufferPointer
  /// The payload.
  public let payload: Payload

  /// Shows a row.
  public init(index: Int64, leaf: UnsafeRawBufferPointer, payload: Payload) {
    self.index = index
    self.leaf = leaf
    self.payload = payload
  }
}

extension EntryRow {
  /// Keeps what is shown.
  public init(copying row: BorrowedRow) {
    let payload: Payload =
      switch row.payload {
      case .none: .none
      case .inline(let envelope, let salt): .inline(Array(envelope), salt: Array(salt))
      case .blob(let digest, let salt): .blob(digest, salt: salt)
      }
    self.init(index: row.index, leaf: Array(row.leaf), payload: payload)
  }

  /// Shows this row's bytes in place.
  func borrow(_ body: (BorrowedRow) throws -> Void) rethrows {
    try leaf.withUnsafeBytes { leaf in
      switch payload {
      case .none: try body(BorrowedRow(index: index, leaf: leaf, payload: .none))
      case .blob(let digest, let salt):
        try body(BorrowedRow(index: index, leaf: leaf, payload: .blob(digest, salt: salt)))
      case .inline(let envelope, let salt):
        try envelope.withUnsafeBytes { envelope in
          try salt.withUnsafeBytes { salt in
            try body(
              BorrowedRow(index: index, leaf: leaf, payload: .inline(envelope, salt: salt)))
          }
        }
      }
    }
  }
}

/// A signed checkpoint as a store holds it.
public struct StoredCheckpoint: Hashable, Sendable {
  /// The size under which it is stored.
  public let size: Int64
  /// The signed note.
  public let note: String
  /// The size of the one before it, 0 for the first; `nil` when the store does not keep it, so that
  /// nothing shows whether one in between was taken away.
  public let previous: Int64?

  /// States what is stored.
  public init(size: Int64, note: String, previous: Int64? = nil) {
    self.size = size
    self.note = note
    self.previous = previous
  }
}
