import ArgumentParser
import Model

/// The exit code of each sort of problem; the table for people is `docs/exit-codes.md`.
enum ExitCodes {
  static func code(_ problem: Problem) -> Int32 {
    switch problem.code {
    case .stepFailed: 10
    case .gateRefused: 20
    case .waitingForApproval: 21
    case .judgingFailed: 22
    case .rolledBack: 30
    case .badInput: 65
    case .notFound: 66
    case .toolMissing: 69
    case .inputOutput: 74
    case .busy: 75
    case .ledgerDamaged: 76
    case .notTrusted: 77
    case .cancelled: 130
    }
  }

  /// An error of this program's own making.
  static let internalError: Int32 = 70
}
