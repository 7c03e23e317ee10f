import Ledger
import Model
public import Timestamps

/// A timestamp in a bundle: what it shows to whoever brings the roots that they trust.
public struct BundleTimestamp: Sendable, Encodable {
  /// Size of the stamped checkpoint: all entries before it were there.
  public let size: Int64
  /// The authority's name in the ledger's configuration; nobody vouches for it.
  public let authority: String
  /// What was verified; `nil` when it was not.
  public let verified: VerifiedTimestamp?
  /// Why it was not.
  public let notShown: String?

  /// Checks a timestamp.
  ///
  /// - Throws: `Problem` with `notTrusted` for a token that is none, or is of other bytes: that is
  ///   wrong whoever is trusted.
  init(_ kept: CheckpointTimestamp, of text: String, roots: TimestampRoots?) async throws {
    size = kept.size
    authority = kept.authority
    let token = try TimestampToken(der: kept.token)
    guard token.isOf(Array(text.utf8)) else {
      throw Problem(
        .notTrusted,
        "the timestamp by \(kept.authority) is not of the checkpoint of \(kept.size) entries")
    }
    guard let roots else {
      (verified, notShown) = (nil, "not checked: no roots were given (--timestamp-roots)")
      return
    }
    do {
      verified = try await token.verify(
        stamps: Array(text.utf8), roots: roots, certificates: kept.certificates,
        revocationLists: kept.revocationLists)
      notShown = nil
    } catch let problem as Problem {
      (verified, notShown) = (nil, problem.message)
    }
  }

  /// In one line.
  public var line: String {
    if let verified {
      return ShownTimestamp(size: size, authority: authority, verified: verified).line
    }
    return "the timestamp of \(size) entries by \(authority) is NOT SHOWN: \(notShown ?? "")"
  }
}
