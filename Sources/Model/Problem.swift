/// An error that a person reads: what was wrong, where, and what to do.
///
/// Two problems are equal when their codes are.
public struct Problem: Error, Equatable, Sendable, CustomStringConvertible {
  /// What sort of problem it is; stable, documented with its exit code in `docs/exit-codes.md`.
  public enum Code: String, Sendable, Codable, CaseIterable {
    /// The command line, a file or a value is not as it must be.
    case badInput = "bad-input"
    /// Something that was named does not exist.
    case notFound = "not-found"
    /// A tool that is needed is not there, or could not be started.
    case toolMissing = "tool-missing"
    /// A step ended with a failure.
    case stepFailed = "step-failed"
    /// A gate refused.
    case gateRefused = "gate-refused"
    /// A gate waits for approvals.
    case waitingForApproval = "waiting-for-approval"
    /// What a gate needs could not be judged.
    case judgingFailed = "judging-failed"
    /// Something that may be PHI was found.
    case phiFound = "phi-found"
    /// A rollout was rolled back.
    case rolledBack = "rolled-back"
    /// The ledger or a payload is not what its hashes say.
    case ledgerDamaged = "ledger-damaged"
    /// Someone else holds what is needed; it may work later.
    case busy = "busy"
    /// What a wrapped command did is not recorded, or not as it was declared.
    case notRecorded = "not-recorded"
    /// Reading or writing failed.
    case inputOutput = "input-output"
    /// A signature or a key is not what it must be.
    case notTrusted = "not-trusted"
    /// The run was interrupted.
    case cancelled = "cancelled"
    /// The command line is not as the command wants it.
    case badUsage = "bad-usage"
    /// An error of this program's own making.
    case internalError = "internal"
  }

  /// The sort of problem.
  public let code: Code
  /// One sentence: what was wrong.
  public let message: String
  /// File, line and column, JSON pointer, or stage and step.
  public let location: String?
  /// What to do about it.
  public let advice: String?

  /// States a problem in words.
  public init(_ code: Code, _ message: String, at location: String? = nil, advice: String? = nil) {
    self.code = code
    self.message = message
    self.location = location
    self.advice = advice
  }

  /// `location: message` and, on a line of its own, the advice.
  public var description: String {
    (location.map { "\($0): " } ?? "") + message + (advice.map { "\n  \($0)" } ?? "")
  }

  /// Looks at the code only.
  public static func == (left: Problem, right: Problem) -> Bool { left.code == right.code }
}
