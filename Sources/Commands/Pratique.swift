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
      GateCommand.self, ReleasesCommand.self, VerifyCommand.self, ReportCommand.self,
      EnvironmentGroup.self,
      DoctorCommand.self,
      LedgerGroup.self, TrustGroup.self, KeyGroup.self,
    ])

  /// Made by the argument parser.
  public init() {}

  /// Parses the arguments, runs the command, says what went wrong, and ends the program.
  public static func start() async -> Never {
    let terminal = Terminal(isJSON: CommandLine.arguments.contains("--json"))
    var command: any ParsableCommand
    do {
      command = try parseAsRoot()
    } catch {
      // Help, version and bad usage are the parser's own errors, with its own exit codes.
      exit(withError: error)
    }
    do {
      if var running = command as? any AsyncParsableCommand {
        try await running.run()
      } else {
        try command.run()
      }
    } catch let error as ValidationError {
      exit(withError: error)
    } catch let error as CleanExit {
      exit(withError: error)
    } catch {
      let problem = problem(error)
      terminal.error(problem ?? Problem(.inputOutput, "\(error)"))
      Foundation.exit(problem.map(ExitCodes.code) ?? ExitCodes.internalError)
    }
    Foundation.exit(0)
  }

  /// An error as a problem; `nil` for one that nobody foresaw.
  private static func problem(_ error: any Error) -> Problem? {
    switch error {
    case let problem as Problem: problem
    case let error as ReadingError: Problem(.badInput, error.description)
    case is CancellationError: Problem(.cancelled, "interrupted")
    default: nil
    }
  }
}

/// The program's version.
enum Version {
  static let text = "0.1.0"
}
