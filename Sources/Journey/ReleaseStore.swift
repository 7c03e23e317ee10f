import Attestation
import Ledger
import LedgerSQLite
public import Model

/// A release as it was recorded.
public struct RecordedRelease: Sendable, Codable {
  /// The release.
  public let release: Release
  /// Index of its entry.
  public let index: Int64
  /// When it was recorded.
  public let time: Instant
}

extension LedgerHome {
  /// All releases, newest first.
  public func releases() async throws -> [RecordedRelease] {
    let indices = try await ledger.read { try $0.indices(kind: .release) }
    let history = try await trustHistory()
    return try await ledger.entries(indices).reversed().compactMap { entry in
      if case .erased = entry.payload { return nil }
      let leaf = try Leaf(bytes: entry.leaf)
      let statement = try EntryReader.statement(entry, leaf: leaf, history: history)
      return RecordedRelease(
        release: try statement.predicate(as: Release.self), index: entry.index, time: leaf.time)
    }
  }

  /// The release that a person means: a version, the beginning of a digest or commit of at least
  /// eight characters, or `latest`.
  ///
  /// - Throws: `Problem` with `notFound`, or `badInput` when several match.
  public func release(named name: String) async throws -> Release {
    let all = try await releases()
    if name == "latest", let first = all.first { return first.release }
    let matches = all.map(\.release).filter { release in
      release.version.utf8.elementsEqual(name.utf8)
        || name.utf8.count >= 8
          && release.digests.contains {
            $0.hex.utf8.starts(with: name.utf8) || $0.description.utf8.starts(with: name.utf8)
          }
    }
    guard let first = matches.first else {
      throw Problem(
        .notFound, "there is no release \"\(name)\" in the ledger",
        advice: all.isEmpty
          ? "No release was recorded yet: pratique run"
          : "The latest is \(all[0].release.version); see all with: pratique releases")
    }
    guard Set(matches).count == 1 else {
      throw Problem(
        .badInput,
        "\"\(name)\" means \(Set(matches).count) releases: "
          + Set(matches.map(\.version)).sorted().joined(separator: ", "))
    }
    return first
  }
}
