package import Model

/// The exit code of each sort of problem; the table for people is `docs/exit-codes.md`.
package enum ExitCodes {
  /// The code with which the program ends.
  package static func code(of sort: Problem.Code) -> Int32 {
    switch sort {
    case .stepFailed: 10
    case .gateRefused: 20
    case .waitingForApproval: 21
    case .judgingFailed: 22
    case .phiFound: 23
    case .rolledBack: 30
    case .badUsage: 64
    case .badInput: 65
    case .notFound: 66
    case .toolMissing: 69
    case .internalError: 70
    case .inputOutput: 74
    case .busy: 75
    case .ledgerDamaged: 76
    case .notTrusted: 77
    case .notRecorded: 79
    case .cancelled: 130
    }
  }
}
