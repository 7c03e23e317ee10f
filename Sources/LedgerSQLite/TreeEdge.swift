import GRDB
import Ledger
import Synchronization

/// The tree's right edge after this connection's last append, so that the next one need not read it.
///
/// It holds only while no other connection has written: SQLite's `data_version` tells that inside
/// the transaction in which the next entry's place is settled.
final class TreeEdge: Sendable {
  private struct Known {
    let version: Int64
    let range: CompactRange
  }

  private let known = Mutex<Known?>(nil)

  /// The edge, when it is known for this version and size.
  func range(size: Int64, version: Int64) -> CompactRange? {
    known.withLock { known in
      guard let known, known.version == version, known.range.size == size else { return nil }
      return known.range
    }
  }

  /// Remembers the edge; only after the commit that wrote it.
  func keep(_ range: CompactRange, version: Int64) {
    known.withLock { $0 = Known(version: version, range: range) }
  }

  /// Forgets the edge: nobody knows how a commit ended.
  func forget() { known.withLock { $0 = nil } }
}
