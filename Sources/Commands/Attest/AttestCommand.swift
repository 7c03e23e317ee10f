import ArgumentParser
import Foundation
import Journey
import Model
import Reading

/// Runs a command of any CI system and records what it did.
struct AttestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "command",
    abstract: "Run any command and record what it did; the command's exit code is passed on.",
    discussion: """
      The command has this process's input, its output goes where this process's goes, and signals
      reach it. The evidence names the command with its secrets masked, exit code, times, digests of
      the declared files and of the log, the names of variables, the commit, and what the CI system
      claims. A command that runs as the same user could read the key: the step is marked "not
      isolated". Words about the evidence go to standard error.

      Exit codes: the command's own; 79 when its evidence is not recorded.

      Examples:
        pratique attest --application portal --step unit --report junit=reports/junit.xml \\
            --suite unit -- make test
        pratique attest --application portal --spool evidence --key ci.pem --machine jenkins \\
            --log-key portal.ledger+1a2b3c4d+AQ… -- ./gradlew build
      """)

  @OptionGroup var options: GlobalOptions
  @Option(help: "The application that the command works for.")
  var application: String
  @Option(help: "The stage's name.")
  var stage = "ci"
  @Option(help: "The step's name; otherwise that of the program.")
  var step: String?
  @Option(help: "The run that it belongs to; otherwise an id of its own.")
  var run: String?
  @Option(help: "A pattern of files that the command is given; may be repeated.")
  var input: [String] = []
  @Option(help: "A pattern of files that the command leaves; may be repeated.")
  var output: [String] = []
  @Option(
    help: ArgumentHelp(
      "A pattern of reports that the command writes; may be repeated.",
      discussion: "A format may stand before it, as in junit=reports/*.xml."))
  var report: [String] = []
  @OptionGroup var reading: AttestReadingOptions
  @Option(help: "What it speaks of beside the commit, as name=sha256:…; may be repeated.")
  var subject: [String] = []
  @Option(help: "A variable whose value is masked, whatever its name; may be repeated.")
  var secret: [String] = []
  @Flag(help: "Keep the log's digest alone, not its text.")
  var noLog = false
  @Flag(help: "Record contradictions of the environment instead of refusing to start.")
  var allowContradictions = false
  @OptionGroup var signing: AttestSigningOptions
  @Argument(parsing: .postTerminator, help: "The command and its arguments, after \"--\".")
  var command: [String] = []

  func validate() throws {
    guard !command.isEmpty else {
      throw ValidationError(
        "name the command after \"--\": pratique attest --application A -- make")
    }
  }

  func run() async throws {
    let wrapping = Wrapping(try request(), place: try signing.place(options), time: .system)
    let result = try await wrapping.run(ready: signing.removeKeyFile)
    let place =
      result.spooled.map { "signed and kept in \($0); NOT recorded before it is handed on" }
      ?? "recorded as entry \(result.entries.map { String($0.index) }.joined(separator: ", "))"
    if options.json {
      let bytes = try CanonicalJSON.write(result)
      options.terminal.note(String(decoding: bytes, as: UTF8.self))
    } else {
      options.terminal.note("pratique: step \(result.step.step), not isolated, \(place)")
      for sentence in result.step.surroundings?.contradictions ?? [] {
        options.terminal.note("pratique: recorded with a contradiction: \(sentence)")
      }
    }
    if let fault = result.fault {
      throw Problem(
        .notRecorded,
        "the command ended with exit code \(result.exitCode), and what it declared is not there:"
          + " \(fault)", advice: "The step is recorded as failed, without its reports.")
    }
    if result.exitCode != 0 { Foundation.exit(result.exitCode) }
  }

  private func request() throws -> WrappingRequest {
    let program = command[0].split(separator: "/").last.map { $0.lowercased() } ?? ""
    var request = WrappingRequest(
      application: application, stage: stage, step: step ?? program, words: command,
      environment: ProcessInfo.processInfo.environment,
      directory: FileManager.default.currentDirectoryPath)
    request.run = run
    request.secrets = secret
    request.inputs = input
    request.outputs = output
    request.reports = try report.map { try reading.report($0) }
    request.subjects = try subject.map(CollectTargetOptions.subject)
    request.keepsLog = !noLog
    request.allowsContradictions = allowContradictions
    return request
  }
}
