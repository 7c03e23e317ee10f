import Model

/// What becomes of standing statements that cannot be read: each is shown first, and keeps the gate
/// shut while a required control hangs on it.
struct DoubtJudging {
  /// A control whose check may be answered by a statement that cannot be read.
  struct Doubt {
    let control: String
    /// The statement's entry.
    let index: Int64
    /// The entry by which all that it might have answered was answered anew; `nil` while it is not.
    let answered: Int64?
  }

  let evidence: GateEvidence
  let doubts: [Doubt]

  /// All statements that cannot be read, in the ledger's order.
  ///
  /// - Parameter controls: after what is excepted or out of scope.
  func entries(_ controls: [ControlResult]) -> [RefusedEntry] {
    let shut = Set(
      controls.filter { $0.isRequired && !$0.state.isSatisfying }.map(\.control))
    let asked = Set(doubts.map(\.index))
    return UnreadWord.kinds.flatMap(evidence.places).compactMap { place in
      let piece = evidence.all[place]
      guard evidence.subjects.concerns(piece, .application) else { return nil }
      let misshapen = asked.contains(piece.index) ? evidence.misshapen[place] : nil
      guard let fault = evidence.unread[place] ?? misshapen else { return nil }
      let own = doubts.filter { $0.index == piece.index }
      let open = own.filter { $0.answered == nil }
      return RefusedEntry(
        index: piece.index, kind: piece.kind, reason: "it cannot be read as such: \(fault)",
        isBlocking: open.contains { shut.contains($0.control) },
        supersededBy: open.isEmpty ? own.compactMap(\.answered).max() : nil)
    }
  }
}
