/// What is known of the first entries, all checks of theirs done.
struct VerifiedPrefix: Sendable {
  /// The tree's right edge.
  var edge = CompactRange()
  /// The size of the last signed head so far.
  var lastHead: Int64 = 0
  /// Entries that changed the trust root or the log key.
  var authorities: [Int64] = []
  /// Payloads that are gone, and those that an erasure names.
  var erasures = ErasureAccount()
  /// What was counted, and what is wrong.
  var report = LedgerReport()

  /// Takes the next page, with what its checks found.
  mutating func take(_ page: JoinedPages.Page, _ check: EntryCheck) {
    edge = page.edge
    lastHead = page.lastHead
    authorities += page.authorities
    for gone in page.gone.ranges { erasures.gone.insert(gone) }
    for claim in check.claims { erasures.claimed.insert(claim) }
    report.add(page.report)
    report.add(check.report)
  }
}
