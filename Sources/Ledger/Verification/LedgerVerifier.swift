import Foundation
import Model

/// Checks a whole ledger, whatever store holds it, page by page and with flat memory.
///
/// It checks every leaf's form and place, every stored subtree, every payload against its leaf,
/// every envelope's signature by the trust root that stood before it, every change of the trust
/// root and of the log key by the rules before it, every signed checkpoint against the root of the
/// entries that it covers, and every payload that is gone against the erasures that the ledger
/// names. The store adds the comparison of its index and its own structure.
///
/// Pages are read and hashed side by side; what depends on what came before (the tree's right edge,
/// the trust root in force) goes page after page; signatures are checked side by side again.
struct LedgerVerifier<Store: LedgerStore>: Sendable {
  let store: Store
  let options: VerificationOptions

  /// A part of the work that came to its end.
  private enum Finished: Sendable {
    case hashed(Int64, HashedPage)
    case checked(Int64, EntryCheck)
  }

  private var scope: VerificationScope { options.scope }
  /// Entries a page, a power of two: with signatures a page is dear, and its payloads are held.
  private var pageLength: Int64 { scope == .full ? 512 : 4_096 }

  /// Checks all entries that there are now.
  func run(
    progress: @Sendable (_ checked: Int64, _ all: Int64) -> Void
  ) async throws -> LedgerReport {
    let (size, note) = try await store.read { (try $0.size(), try $0.checkpoint()) }
    var joined = JoinedPages(scope: scope, founding: store.key)
    var verified = VerifiedPrefix()
    if let state = options.resuming { verified = try await resume(state, &joined) }
    let first = verified.edge.size / pageLength
    var pages = (size + pageLength - 1) / pageLength
    let width = Int64(max(2, min(ProcessInfo.processInfo.activeProcessorCount, 16)))
    try await withThrowingTaskGroup(of: Finished.self) { group in
      var (read, merged, folded, running) = (first, first, first, Int64(0))
      var hashed: [Int64: HashedPage] = [:]
      var waiting: [Int64: JoinedPages.Page] = [:]
      var checked: [Int64: EntryCheck] = [:]
      while true {
        try Task.checkCancellation()
        // What waits for its turn is bounded: no page is read far ahead of the slowest.
        while running < width, read < pages, read < folded + 3 * width {
          let number = read
          group.addTask { .hashed(number, try await hash(number, size)) }
          read += 1
          running += 1
        }
        guard let finished = try await group.next() else { break }
        running -= 1
        switch finished {
        case .hashed(let number, let page): hashed[number] = page
        case .checked(let number, let check): checked[number] = check
        }
        while merged < pages, let page = hashed.removeValue(forKey: merged) {
          let number = merged
          let join = try await joined.join(page, store)
          waiting[number] = join
          group.addTask { .checked(number, try await check(page, join)) }
          merged += 1
          running += 1
          // A ledger may claim any size: where a whole page is missing, the rest is not looked for.
          if page.isEmpty { pages = merged }
        }
        while let check = checked.removeValue(forKey: folded),
          let page = waiting.removeValue(forKey: folded)
        {
          verified.take(page, check)
          folded += 1
          progress(verified.edge.size, size)
          if verified.edge.size == folded * pageLength { keep(verified, note) }
        }
      }
    }
    return try await finish(verified, &joined, size: size, note: note)
  }

  private func resume(
    _ state: VerificationState, _ joined: inout JoinedPages
  ) async throws -> VerifiedPrefix {
    let (scope, key) = (scope, store.key)
    let rows = try await store.read { try state.rows(by: $0, founding: key, scope: scope) }
    guard state.entries.isMultiple(of: pageLength) else {
      throw Problem(.badInput, "the state does not stand at a page's end")
    }
    let authorities = try rows.map {
      HashedPage.Row(index: $0.index, leaf: try Leaf(bytes: $0.leaf), payload: $0.payload)
    }
    await joined.resume(after: state.prefix, authorities: authorities, store)
    return state.prefix
  }

  private func keep(_ verified: VerifiedPrefix, _ note: String?) {
    guard let note else { return }
    options.keep(
      VerificationState(founding: store.key, scope: scope, checkpoint: note, prefix: verified))
  }

  private func hash(_ number: Int64, _ size: Int64) async throws -> HashedPage {
    let start = number * pageLength
    let range = start..<min(start + pageLength, size)
    let scope = scope
    return try await store.read { try HashedPage(range, scope: scope, reader: $0) }
  }

  private func check(_ page: HashedPage, _ join: JoinedPages.Page) async throws -> EntryCheck {
    var check = join.check
    for (head, root) in join.heads { check.take(head.note, size: head.size, root: root) }
    for row in page.rows {
      try Task.checkCancellation()
      await check.take(row, store: store)
    }
    try await check.compareIndex(store)
    return check
  }

  private func finish(
    _ verified: VerifiedPrefix, _ joined: inout JoinedPages, size: Int64, note: String?
  ) async throws -> LedgerReport {
    var report = verified.report
    report.scope = scope
    report.notChecked = scope.notChecked
    report.entries = verified.edge.size
    report.root = verified.edge.root.description
    if let state = options.resuming {
      report.resumedAt = state.entries
      report.notChecked.append(
        "in this run, the first \(state.entries) entries: an earlier run checked them, as its state"
          + " file says; their stored hashes still lead to the same tree")
    }
    if verified.edge.size < size {
      report.add("all entries from \(verified.edge.size) to \(size - 1) are missing")
    }
    var keys = joined.keys
    if scope == .hashes {
      // Hashes alone show no signatures; then the keys are those that the index leads to.
      do { keys = try await store.histories(size: size).keys } catch let problem as Problem {
        report.add(problem, prefix: "the log's keys cannot be followed: ")
      }
    }
    report.logKeys = keys.periods.map { LedgerReport.LogKey($0) }
    report.distrusted = keys.distrusted.map { LedgerReport.Entries($0) }
    if let note {
      do {
        let checkpoint = try keys.checkpoint(note)
        if checkpoint.size != size {
          report.add("the last checkpoint covers \(checkpoint.size) entries, the store has \(size)")
        }
      } catch {
        report.add(error, prefix: "the last checkpoint is not valid: ")
      }
    } else {
      report.add("there is no checkpoint")
    }
    guard scope == .full else { return report }
    let account = try await erasures(verified, &joined, size: size)
    let kept = try await account.remaining.isEmpty ? [] : options.mayKeep(account.remaining)
    report.held = Int64(kept.count)
    for fault in account.faults(kept: kept) { report.add(fault) }
    let further = try await store.read { try $0.structureFaults() + $0.strayIndexFaults() }
    for fault in further { report.add(fault) }
    return report
  }

  /// The payloads that are gone, and the erasures that name them, those counted that were recorded
  /// while we looked.
  private func erasures(
    _ verified: VerifiedPrefix, _ joined: inout JoinedPages, size: Int64
  ) async throws -> ErasureAccount {
    var account = verified.erasures
    var start = size
    while !account.unexplained.isEmpty {
      let range = start..<start + pageLength
      let rows = try await store.read { try $0.rows(range) }
      guard !rows.isEmpty else { break }
      start += Int64(rows.count)
      // What they name beyond that may have been there still when we read it.
      for claim in await joined.claims(of: rows, store) {
        for index in claim where account.gone.contains(index) {
          account.claimed.insert(index..<index + 1)
        }
      }
    }
    return account
  }
}
