import Model

/// What people did in emergencies in one environment of one application, and what was reviewed.
struct EmergencyActs {
  /// A person's act, and who has reviewed it.
  struct Act {
    let act: BreakGlass
    let piece: AdmittedEvidence
    /// The entry of the review that counts; `nil` while there is none.
    let review: Int64?
    /// The entry of a review that cannot be read, and may have ended it; `nil` for none.
    let doubt: Int64?

    /// From when on it counts: the older of what was stated and when it was recorded.
    var start: Instant { min(act.time, piece.time) }
  }

  let word: StandingWord
  let rules: ExceptionRules?
  /// All acts, by ascending index.
  let acts: [Act]
  /// Reviews that do not count, and why.
  let rejected: [RejectedWord]

  /// Takes all acts that were admitted, whoever signed them: what somebody tried to open must be
  /// looked at by somebody else, whether or not it opened.
  init(_ word: StandingWord, rules: ExceptionRules?) throws {
    self.word = word
    self.rules = rules
    let said: [(act: BreakGlass, piece: AdmittedEvidence)] = try word.evidence.words(.breakGlass)
      .map { (try $0.predicate(), $0) }
      .filter { act, piece in
        act.environment.isSame(as: word.environment)
          && act.application.isSame(as: word.release.application)
          && GateEvidence.concerns(piece, .application, of: word.release)
      }
    let reviews: [(review: BreakGlassReview, piece: AdmittedEvidence)] = try word.evidence
      .words(.breakGlassReview).map { (try $0.predicate(), $0) }
      .filter { review, piece in
        review.environment.isSame(as: word.environment)
          && review.application.isSame(as: word.release.application)
          && GateEvidence.concerns(piece, .application, of: word.release)
      }
    var rejected: [RejectedWord] = []
    var counting: [(review: BreakGlassReview, index: Int64)] = []
    for (review, piece) in reviews {
      let signers = said.filter { $0.act.incident.isSame(as: review.incident) }
        .flatMap { [$0.act.person, $0.piece.signer] }
      if let fault = Self.fault(review, piece, signers: signers, word, rules) {
        rejected.append(
          RejectedWord(
            control: nil,
            sentence: "the review of \"\(review.incident)\", entry \(piece.index), does not count:"
              + " \(fault)"))
      } else {
        counting.append((review, piece.index))
      }
    }
    self.rejected = rejected
    acts = said.map { act, piece in
      let review = counting.first {
        $0.index > piece.index && $0.review.incident.isSame(as: act.incident)
          && $0.review.acts.contains(piece.envelope)
      }
      let doubt = word.doubt(of: piece, .breakGlassReview) {
        $0.maySay(act.incident, in: "incident")
      }
      return Act(act: act, piece: piece, review: review?.index, doubt: doubt)
    }
  }

  private static func fault(
    _ review: BreakGlassReview, _ piece: AdmittedEvidence, signers: [String], _ word: StandingWord,
    _ rules: ExceptionRules?
  ) -> String? {
    if let fault = word.fault(
      review.person, as: review.role, stated: review.time, piece,
      among: rules?.breakGlass?.reviewers)
    {
      return fault
    }
    guard !signers.contains(where: { $0.isSame(as: review.person) }) else {
      return "\(review.person) signed in that emergency, and somebody else must review it"
    }
    return review.reason.allSatisfy(\.isWhitespace) ? "it says nothing" : nil
  }

  /// Acts for one release in one emergency of one class: what several people sign together.
  struct Group {
    let acts: [Act]

    var incident: String { acts[0].act.incident }
    var emergency: String? { acts[0].act.emergency }
    /// From when on the time for a second person counts.
    var start: Instant { acts.map(\.start).min() ?? acts[0].start }
  }

  /// The acts in their groups, by the first act of each.
  func groups() -> [Group] {
    struct Name: Hashable {
      let incident: [UInt8]
      let emergency: [UInt8]?
      let release: [Digest]
    }
    func name(_ act: BreakGlass) -> Name {
      Name(
        incident: Array(act.incident.utf8), emergency: act.emergency.map { Array($0.utf8) },
        release: act.release)
    }
    return Dictionary(grouping: acts) { name($0.act) }.values
      .sorted { $0[0].piece.index < $1[0].piece.index }.map(Group.init)
  }
}
