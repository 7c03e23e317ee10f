import Model

/// What a step's end means for those that wait for it.
struct StepEnding: Sendable {
  let summary: StepSummary
  /// The step's key; `nil` when it came to none.
  let key: Digest?
  /// What steps that need this one speak of: the run's subjects and those added on the way.
  let subjects: [Subject]
  /// Why it did not pass, as a problem.
  let problem: Problem?
  /// Evidence could not be recorded: nothing else may happen.
  var stopsRun = false

  /// Whether it did what it was to do, or rightly nothing.
  var isGood: Bool {
    switch summary.state {
    case .passed, .skipped, .alreadyDone: true
    case .failed, .timedOut, .cancelled, .waiting, .blocked: false
    }
  }

  /// Whether it stands where an earlier run left it: nothing was done now.
  var isUnchanged: Bool { summary.state == .skipped || summary.state == .alreadyDone }
}

/// A step whose work is done and whose evidence is not durable yet: nobody may be told that it
/// ended.
struct PerformedStep: Sendable {
  let ending: StepEnding
  var evidence: [Evidence] = []
}

extension [Subject] {
  /// These and others, each digest set once.
  func joined(with others: [Subject]) -> [Subject] {
    others.reduce(self) { known, subject in
      known.contains { $0.digests == subject.digests } ? known : known + [subject]
    }
  }
}

/// What holds a step back: something on the way to it did not pass, however near or far.
///
/// It is handed on by steps that run all the same, so that nothing runs after a failure only
/// because a step that always runs stands between.
struct Hindrance: Sendable {
  /// The step that did not pass.
  let step: String
  /// Why, when it failed; `nil` for a gate that waits.
  let problem: Problem?
  /// Whether it failed.
  let isFailure: Bool
}
