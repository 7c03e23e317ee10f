import Foundation
public import Model

/// What somebody wants erased, and why.
public struct ErasureWish: Sendable {
  /// Entries by index.
  public var indices: Set<Int64> = []
  /// All entries that a run recorded.
  public var run: String?
  /// All entries that speak of a digest.
  public var subject: Digest?
  /// Why they may go.
  public var basis = Erasure.Basis.request
  /// Why, in words that stay for ever.
  public var reason: String
  /// The request's own number or pseudonym.
  public var requestedBy: String?
  /// Whether what may go is erased although some of it may not.
  public var exceptRefused = false
  /// Whether the folders of the runs that recorded the entries go too.
  public var withRunFolders = false

  /// A wish for nothing yet.
  public init(reason: String) { self.reason = reason }

  func check() throws {
    _ = try ReasonText.check(reason)
    guard !indices.isEmpty || run != nil || subject != nil else {
      throw Problem(
        .badUsage, "nothing is named to erase",
        advice: "Name entries by index, or a run with --run, or a digest with --subject.")
    }
    if let requestedBy, !Actor.isIdentifier(requestedBy) {
      throw Problem(
        .badInput, "\"\(requestedBy)\" is no identifier; it stays in the ledger for ever",
        advice: "Give the request's number or a pseudonym: a-z, 0-9, '.', '_' and '-', no name.")
    }
  }
}

/// What came of an erasure.
public struct ErasureOutcome: Sendable, Encodable {
  /// An entry that was not erased, and why.
  public struct Refused: Sendable, Encodable {
    /// Counted from zero.
    public let index: Int64
    /// The evidence's kind.
    public let kind: EvidenceKind
    /// Why, as a sentence's end.
    public let reason: String
    /// The holds that cover it.
    public let holds: [String]
  }

  /// The entries whose payloads are gone.
  public internal(set) var entries: [Int64] = []
  /// The entries that record it.
  public internal(set) var erasures: [Int64] = []
  /// How many logs, reports and large payloads went with them.
  public internal(set) var contents = 0
  /// Copies below the ledger's folder that went with them.
  public internal(set) var copies: [String] = []
  /// Folders of runs that recorded erased entries, and are still there.
  public internal(set) var runFolders: [String] = []
  /// Entries that may not be erased.
  public internal(set) var refused: [Refused] = []
  /// The entries that record that the wish waits for holds to end.
  public internal(set) var requests: [Int64] = []
  /// What could not be removed yet, one sentence each; the next erasing, expiring or run tries again.
  public internal(set) var unfinished: [String] = []

  /// The problem to end with; `nil` when all that was wanted is done.
  public var problem: Problem? {
    if let first = unfinished.first, !entries.isEmpty {
      return Problem(
        .busy, "the erasure is recorded, but not everything could be removed yet: \(first)",
        advice: "Try again later: pratique ledger expire finishes it.")
    }
    guard !refused.isEmpty else { return nil }
    let list =
      refused.prefix(5).map {
        "\n  - entry \($0.index) of kind \"\($0.kind.rawValue)\" \($0.reason)"
      }.joined() + (refused.count > 5 ? "\n  - and \(refused.count - 5) more" : "")
    let what = entries.isEmpty ? "nothing was erased" : "the others were erased"
    let recorded =
      requests.isEmpty
      ? "" : "\nThe request is recorded, as entry \(requests[0]), and waits for the holds to end."
    return Problem(
      .gateRefused, "\(refused.count) of the entries may not be erased; \(what):\(list)\(recorded)",
      advice: entries.isEmpty ? "Erase what may go with --except-refused." : nil)
  }
}
