/// Something that an erasure left to be removed, written down in the erasure's own transaction.
public struct Remnant: Hashable, Sendable {
  /// What it is.
  public enum Sort: String, Sendable {
    /// Parts of the store's own files that still hold old bytes: `LedgerStore.scrub` removes them.
    case pages
    /// A content in the blob store, named by its digest.
    case content
    /// A copy in the ledger's folder, named by its path below it.
    case file
  }

  /// What it is.
  public let sort: Sort
  /// The digest or the path; empty for pages.
  public let name: String
  /// Index of the erasure; nothing that was recorded before it refers to a content any more.
  public let erasure: Int64

  /// States what is left.
  public init(_ sort: Sort, name: String = "", erasure: Int64) {
    self.sort = sort
    self.name = name
    self.erasure = erasure
  }
}
