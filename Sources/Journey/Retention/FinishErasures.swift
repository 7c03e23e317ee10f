import Foundation
import Ledger
import Model

extension LedgerHome {
  /// Removes what earlier erasures left to be removed, as after a crash in the middle.
  ///
  /// - Returns: what could not be removed yet, one sentence each.
  /// - Throws: `Problem`; then it is tried again the next time.
  @discardableResult
  public func finishErasures() async throws -> [String] {
    let remnants = try await ledger.remnants()
    guard !remnants.isEmpty else { return [] }
    var done: [Remnant] = []
    var left: [String] = []
    let pages = remnants.filter { $0.sort == .pages }
    if !pages.isEmpty {
      do {
        try await ledger.scrub()
        done += pages
      } catch let problem as Problem where problem.code == .busy {
        left.append(problem.message)
      }
    }
    let copies = LedgerCopies(path: path)
    for remnant in remnants where remnant.sort == .file {
      try copies.remove(remnant.name)
      done.append(remnant)
    }
    try await removeContents(remnants.filter { $0.sort == .content }, &done, &left)
    try await blobs.removeRemnants()
    try await ledger.forget(done)
    if left.isEmpty {
      // What was forgotten named paths and digests: that goes from the log for recovery too. It says
      // nothing of what was in them, so that nobody waits for it.
      do { try await ledger.scrub() } catch let problem as Problem where problem.code == .busy {}
    }
    return left
  }

  private func removeContents(
    _ contents: [Remnant], _ done: inout [Remnant], _ left: inout [String],
    attempt: Int = 1
  ) async throws {
    guard let first = contents.map(\.erasure).min() else { return }
    // The order matters: a run that ended before it was looked for has recorded what it refers to;
    // one that goes on, or begins later, puts a content anew, and that shows in the blob's time.
    let live = LedgerCopies(path: path).liveRuns()
    let before = TimeSource.system.now().advanced(byMilliseconds: -Self.clockGrain)
    let size = try await ledger.read { try $0.size() }
    var needed: [Digest: Int64] = [:]
    try await profiles(first + 1..<size) { entry in
      for digest in entry.references { needed[digest] = entry.index }
    }
    var kept: [Remnant] = []
    for remnant in contents {
      guard let digest = Digest(remnant.name) else {
        throw Problem(.ledgerDamaged, "a remnant names \"\(remnant.name)\", which is no digest")
      }
      if let index = needed[digest], index > remnant.erasure {
        done.append(remnant)
        continue
      }
      if try await blobs.remove(digest, unlessPutSince: live.map(\.since).reduce(before, min)) {
        done.append(remnant)
      } else {
        kept.append(remnant)
      }
    }
    guard !kept.isEmpty else { return }
    if live.isEmpty, attempt < 3 {
      // It was put this very moment: whoever did it has recorded it, or goes on.
      try await Task.sleep(for: .milliseconds(3 * Self.clockGrain))
      return try await removeContents(kept, &done, &left, attempt: attempt + 1)
    }
    left.append(
      "\(kept.count) contents stay while a run goes on that may refer to them"
        + (live.first.map { ": \($0.run)" } ?? ""))
  }

  /// Milliseconds by which the time of a file may lie before that of the clock.
  private static let clockGrain: Int64 = 20
}
