import ArgumentParser
import Foundation
import Journey
import Model
import Pipeline

/// Carries a commit through its pipeline.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Carry a commit through its pipeline.",
    discussion: """
      Works on a clean export of the commit. Interrupted (Ctrl-C), it ends all that it started,
      records that it was cancelled, and --resume goes on.

      Examples:
        pratique run                           HEAD of the repository here
        pratique run v1.4.0 --repository ~/portal
        pratique run --resume                  go on with the latest run
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var cosigning: CosigningOptions
  @Argument(help: "The commit: a branch, a tag or an id.")
  var revision = "HEAD"
  @Option(help: "The repository's folder.")
  var repository = "."
  @Option(help: "Path of the pipeline file below the repository's root.")
  var pipeline = "pratique.yaml"
  @Option(help: "The file that defines environments; otherwise PRATIQUE_ENVIRONMENTS.")
  var environments: String?
  @Option(help: "The scanner's cache folder, which holds its feed; otherwise PRATIQUE_FEED.")
  var feed: String?
  @Option(help: "How many steps run at once; otherwise one a core.")
  var jobs: Int?
  @Flag(help: "Go on with a run where it ended.")
  var resume = false
  @Option(name: .customLong("run"), help: "The run to go on with; otherwise the latest.")
  var runID: String?

  func validate() throws {
    guard (1...64).contains(jobs ?? 1) else { throw ValidationError("--jobs takes 1 to 64") }
    guard resume || runID == nil else { throw ValidationError("--run goes with --resume") }
  }

  func run() async throws {
    let home = try options.open()
    let terminal = options.terminal
    let journey = RunJourney(home: home) { event in
      terminal.note(ProgressLine.text(event))
    }
    let settings = runOptions
    let result = try await Interruption.cancelling {
      resume
        ? try await journey.resume(runID, settings) : try await journey.start(settings)
    }
    // Whoever interrupts a run wants it to end.
    let isCancelled = if case .cancelled = result.outcome { true } else { false }
    let contradiction = isCancelled ? nil : await cosigning.ask(home, terminal)
    try terminal.result(result.summary, [result.summary.text])
    if let contradiction { throw contradiction }
    if let problem = result.outcome.problem { throw problem }
    if case .cancelled = result.outcome {
      throw Problem(
        .cancelled, "the run was interrupted", advice: "Go on with: pratique run --resume")
    }
  }

  private var runOptions: RunJourney.Options {
    let environment = ProcessInfo.processInfo.environment
    let here = FileManager.default.currentDirectoryPath
    func absolute(_ path: String) -> String { PathText.resolve(path, in: here) }
    let folder = repository == "." ? here : absolute(repository)
    var settings = RunJourney.Options(repository: folder, environment: environment)
    settings.revision = revision
    settings.pipeline = pipeline
    settings.environments = (environments ?? environment["PRATIQUE_ENVIRONMENTS"]).map(absolute)
    settings.feed = (feed ?? environment["PRATIQUE_FEED"]).map(absolute)
    settings.concurrency = jobs ?? ProcessInfo.processInfo.activeProcessorCount
    return settings
  }
}
