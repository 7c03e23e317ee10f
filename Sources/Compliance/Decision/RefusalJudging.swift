import Model

/// What becomes of entries whose evidence was not admitted.
///
/// None ever counts. One that might have answered what the gate requires keeps it shut until all
/// that decides that question was recorded anew after it: what was not admitted cannot be read for
/// which test or tool it spoke, so none of them may be older. A new run of the commit does that.
struct RefusalJudging {
  /// A question that the gate requires an answer to: a kind of evidence, and for each of its series
  /// the indices of the admitted pieces that may answer it, ascending.
  struct Question {
    let kind: EvidenceKind
    let series: [[Int64]]
  }

  let questions: [Question]

  /// All entries that were not admitted, in the ledger's order.
  func entries(_ refused: [RefusedEvidence]) -> [RefusedEntry] {
    refused.sorted { $0.index < $1.index }.map(entry)
  }

  private func entry(_ refused: RefusedEvidence) -> RefusedEntry {
    let asked = questions.filter { $0.kind == refused.kind }
    let answers = asked.map { answer($0, after: refused.index) }
    return RefusedEntry(
      index: refused.index, kind: refused.kind, reason: refused.reason,
      isBlocking: answers.contains(nil),
      supersededBy: answers.contains(nil) ? nil : answers.compactMap(\.self).max())
  }

  /// The entry with which a question was answered anew; `nil` while it is not.
  private func answer(_ question: Question, after index: Int64) -> Int64? {
    let later = question.series.map { places in places.first { $0 > index } }
    return later.isEmpty || later.contains(nil) ? nil : later.compactMap(\.self).max()
  }
}
