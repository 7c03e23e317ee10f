import GRDB
import Ledger
import Synchronization

/// The tree's right edge and the last checkpoint's head after this connection's last append, so that
/// the next one need not read them.
///
/// It holds only while no other connection has written: SQLite's `data_version` tells that inside
/// the transaction in which the next entry's place is settled.
final class TreeEdge: Sendable {
  private struct Known {
    let version: Int64
    let range: CompactRange
    let head: LogHead?
  }

  private let known = Mutex<Known?>(nil)

  /// The edge, when it is known for this version and size.
  func range(size: Int64, version: Int64) -> CompactRange? {
    known.withLock { known in
      guard let known, known.version == version, known.range.size == size else { return nil }
      return known.range
    }
  }

  /// The last checkpoint's head, when it is known for this version and size.
  func head(size: Int64, version: Int64) -> LogHead? {
    known.withLock { known in
      guard let known, known.version == version, known.range.size == size else { return nil }
      return known.head
    }
  }

  /// Remembers both; only after the commit that wrote them.
  func keep(_ range: CompactRange, head: LogHead?, version: Int64) {
    known.withLock { $0 = Known(version: version, range: range, head: head) }
  }

  /// Forgets the edge: nobody knows how a commit ended.
  func forget() { known.withLock { $0 = nil } }
}
