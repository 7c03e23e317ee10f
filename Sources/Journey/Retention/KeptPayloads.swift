public import Ledger
import Model

extension LedgerHome {
  /// Checks the whole ledger. In a mirror, or in a ledger that was made from one, payloads that were
  /// erased elsewhere and that a legal hold keeps here are no fault.
  ///
  /// - Throws: as `LedgerStore.verify` does.
  public func verifyLedger(
    _ options: VerificationOptions = .full,
    progress: @Sendable (_ checked: Int64, _ all: Int64) -> Void = { _, _ in }
  ) async throws -> LedgerReport {
    var options = options
    options.mayKeep = { try await kept($0) }
    return try await ledger.verify(options, progress: progress)
  }

  /// Of entries that an erasure names, those that a hold in force keeps where they still are.
  private func kept(_ erased: [Range<Int64>]) async throws -> Set<Int64> {
    var survey = RetentionSurvey()
    do { try await survey.advance(ledger) { _, _ in } } catch is Problem {
      // What decides cannot be read: then nothing is excused, and the verification says why.
      return []
    }
    var kept: Set<Int64> = []
    for range in erased {
      try await profiles(range) { entry in
        if case .keepForHold = survey.record.duty(of: entry) { kept.insert(entry.index) }
      }
    }
    return kept
  }
}
