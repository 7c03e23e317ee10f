import Foundation
import Model

/// Checks a whole ledger, whatever store holds it, page by page and with flat memory.
///
/// It checks every leaf's form and place, every stored subtree, every payload against its leaf,
/// every envelope's signature by the trust root that stood before it, every change of the trust
/// root by the rules before it, every signed checkpoint against the root of the entries that it
/// covers, and every payload that is gone against the erasures that the ledger names. The store
/// adds the comparison of its index and its own structure.
///
/// Pages are read and hashed side by side; what depends on what came before (the tree's right edge,
/// the trust root in force) goes page after page; signatures are checked side by side again.
struct LedgerVerifier<Store: LedgerStore>: Sendable {
  let store: Store
  let scope: VerificationScope

  /// A part of the work that came to its end.
  private enum Finished: Sendable {
    case hashed(Int64, HashedPage)
    case checked(Int64, EntryCheck)
  }

  /// Entries a page, a power of two: with signatures a page is dear, and its payloads are held.
  private var pageLength: Int64 { scope == .full ? 512 : 4_096 }

  /// Checks all entries that there are now.
  func run(
    progress: @Sendable (_ checked: Int64, _ all: Int64) -> Void
  ) async throws -> LedgerReport {
    let (size, note) = try await store.read { (try $0.size(), try $0.checkpoint()) }
    var state = VerifiedPrefix(scope: scope, founding: store.key)
    let pages = (size + pageLength - 1) / pageLength
    let width = Int64(max(2, min(ProcessInfo.processInfo.activeProcessorCount, 32)))
    try await withThrowingTaskGroup(of: Finished.self) { group in
      var read: Int64 = 0
      var merged: Int64 = 0
      var folded: Int64 = 0
      var running: Int64 = 0
      var hashed: [Int64: HashedPage] = [:]
      var checked: [Int64: EntryCheck] = [:]
      while true {
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
        while let page = hashed.removeValue(forKey: merged) {
          let (check, heads) = try await state.merge(page, store: store)
          let number = merged
          group.addTask {
            var check = check
            for (head, root) in heads { check.take(head.note, size: head.size, root: root) }
            for row in page.rows { await check.take(row, store: store) }
            try await check.compareIndex(store)
            return .checked(number, check)
          }
          merged += 1
          running += 1
          if page.isEmpty { read = pages }
        }
        while let check = checked.removeValue(forKey: folded) {
          state.fold(check)
          folded += 1
          progress(min(folded * pageLength, size), size)
        }
      }
    }
    return try await finish(state, size: size, note: note)
  }

  private func hash(_ number: Int64, _ size: Int64) async throws -> HashedPage {
    let start = number * pageLength
    let range = start..<min(start + pageLength, size)
    let scope = scope
    return try await store.read { try HashedPage(range, scope: scope, reader: $0) }
  }

  private func finish(
    _ state: VerifiedPrefix, size: Int64, note: String?
  ) async throws -> LedgerReport {
    var report = state.report
    report.scope = scope
    report.notChecked = scope.notChecked
    report.entries = state.range.size
    report.root = state.range.root.description
    if state.range.size < size {
      report.add("all entries from \(state.range.size) to \(size - 1) are missing")
    }
    // Hashes alone show no signatures; then the keys are those that the index leads to.
    let keys = scope == .full ? state.keys : try await store.histories(size: size).keys
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
    for fault in try await erasureFaults(state, size: size) { report.add(fault) }
    let further = try await store.read { try $0.structureFaults() + $0.strayIndexFaults() }
    for fault in further { report.add(fault) }
    return report
  }

  /// Payloads that no erasure names, those counted that were recorded while we looked.
  private func erasureFaults(_ state: VerifiedPrefix, size: Int64) async throws -> [LedgerFault] {
    var state = state
    var start = size
    while !state.erasures.faults().isEmpty {
      let range = start..<start + pageLength
      let rows = try await store.read { try $0.rows(range) }
      guard !rows.isEmpty else { break }
      start += Int64(rows.count)
      await state.takeErasures(rows, store: store)
    }
    return state.erasures.faults()
  }
}

extension LedgerStore {
  /// Checks the whole ledger as it is now, with flat memory.
  ///
  /// - Parameter progress: is told the entries checked so far, and how many there are.
  /// - Throws: `Problem` when the store cannot be read at all; what is wrong with what was read is
  ///   in the report.
  public func verify(
    _ scope: VerificationScope = .full,
    progress: @Sendable (_ checked: Int64, _ all: Int64) -> Void = { _, _ in }
  ) async throws -> LedgerReport {
    try await LedgerVerifier(store: self, scope: scope).run(progress: progress)
  }
}
