public import ArgumentParser
import Foundation
import Model
import Reading

/// The command line: one file a command, grouped by noun.
public struct Pratique: AsyncParsableCommand {
  /// The command tree.
  public static let configuration = CommandConfiguration(
    commandName: "pratique",
    abstract: "Carries a healthcare application from commit to production, and proves it.",
    discussion: """
      Examples:
        pratique init                        write a pipeline file for this project
        pratique run                         carry HEAD as far as it may go
        pratique approve latest --environment production --role clinical-lead \\
            --key ~/.ssh/id_ed25519 --reason "reviewed with the ward"
        pratique verify latest               check every signature and proof of a release

      Exit codes: 0 done; 10 step failed; 20 gate refused; 21 waiting for approval;
      22 error while judging; 30 rolled back; 64 bad usage. All: docs/exit-codes.md.
      """,
    version: Version.text,
    subcommands: [
      InitCommand.self, PlanCommand.self, RunCommand.self, ApproveCommand.self,
      GateGroup.self, ReleasesCommand.self, VerifyCommand.self, ReportCommand.self,
      AuditCommand.self, CollectCommand.self, AcquireCommand.self, ImportCommand.self,
      WaiverGroup.self, ScopeGroup.self, BreakGlassGroup.self, ObserveGroup.self,
      EnvironmentGroup.self, AttestGroup.self,
      MatchCommand.self, RecheckCommand.self, VEXGroup.self,
      DoctorCommand.self, ToolsCommand.self,
      LedgerGroup.self, WitnessGroup.self, TrustGroup.self, KeyGroup.self,
      PolicyGroup.self, ControlsGroup.self, PHIGroup.self,
    ])

  /// Made by the argument parser.
  public init() {}

  /// Parses the arguments, runs the command, says what went wrong, and ends the program.
  public static func start() async -> Never {
    let isJSON = CommandLine.arguments.contains("--json")
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      Foundation.exit(0)
    } catch {
      guard let problem = problem(error, isJSON: isJSON) else { exit(withError: error) }
      Terminal(isJSON: isJSON).error(problem)
      Foundation.exit(ExitCodes.code(of: problem.code))
    }
  }

  /// An error in words; `nil` for what the parser says itself: help, version, and bad usage where
  /// a person reads it.
  private static func problem(_ error: any Error, isJSON: Bool) -> Problem? {
    switch error {
    case let problem as Problem: return problem
    case let error as ReadingError: return Problem(.badInput, error.description)
    case is CancellationError: return Problem(.cancelled, "interrupted")
    default: break
    }
    switch exitCode(for: error) {
    case .success: return nil
    case .validationFailure:
      guard isJSON else { return nil }
      return Problem(
        .badUsage, message(for: error), advice: "See what the command takes with: --help")
    default:
      return Problem(
        .internalError, "this should not have happened: \(error)",
        advice: "Please report it, with the command that led here.")
    }
  }
}

/// The program's version.
enum Version {
  static let text = "0.1.0"
}
