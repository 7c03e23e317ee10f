import Foundation
import Intake
public import Model
import Pipeline
import Processes
import Reading
import Source

/// Runs a command of somebody else's CI and records what it did.
public struct Wrapping: Sendable {
  /// What came of it.
  public struct Result: Sendable, Encodable {
    /// The exit code to end with: the command's own, or 128 and the signal that ended it.
    public let exitCode: Int32
    /// What is recorded, or kept to be.
    public let step: StepReport
    /// The entries in the ledger; empty for what was spooled.
    public let entries: [RecordedEvidence]
    /// The file that holds the evidence, where it was spooled.
    public let spooled: String?
    /// Why the evidence is not as it was declared; `nil` when it is.
    public let fault: String?
  }

  let request: WrappingRequest
  let place: EvidencePlace
  let time: TimeSource
  var streams: (output: CInt, errorOutput: CInt) = (1, 2)

  /// A command to wrap, and where its evidence goes.
  public init(_ request: WrappingRequest, place: EvidencePlace, time: TimeSource) {
    self.request = request
    self.place = place
    self.time = time
  }

  /// Runs the command.
  ///
  /// - Parameter ready: called when all is checked and the command is about to start.
  /// - Throws: `Problem` with `notRecorded` when nothing could be recorded: then the command has not
  ///   run, or has, which the sentence says. `badInput` where the surroundings contradict
  ///   themselves; then it has not run.
  public func run(ready: () throws -> Void = {}) async throws -> Result {
    let command = try request.command()
    guard let program = command.words.first else {
      throw Problem(.badUsage, "there is no command", advice: "Name it after \"--\".")
    }
    let (around, subject, commitTime) = try await surroundings()
    let subjects = [subject].compactMap(\.self) + request.subjects
    guard !subjects.isEmpty else {
      throw Problem(
        .badInput, "evidence needs a subject, and there is no git repository around",
        at: request.directory, advice: "Check the commit out, or name one with --subject.")
    }
    do { try await place.check() } catch let problem as Problem {
      throw Problem(
        .notRecorded,
        "the command was not started, since it could not be recorded:"
          + " \(problem.message)", at: problem.location,
        advice: problem.advice ?? "With --spool FOLDER it is signed and kept to be handed on.")
    }
    try ready()
    // Until what the command did is recorded, a signal does not end this process.
    let forwarding = SignalForwarding()
    defer { withExtendedLifetime(forwarding) {} }
    let folder = try ScratchPlace()
    defer { folder.remove() }
    let outcome: WrappedCommand.Outcome
    do {
      outcome = try await command.run(
        log: "\(folder.path)/log", forwarding, time: time, streams: streams)
    } catch let problem as Problem where problem.code == .toolMissing {
      throw Problem(
        problem.code, "\(problem.message); nothing is recorded", at: program,
        advice: problem.advice)
    } catch let problem as Problem where [.inputOutput, .internalError].contains(problem.code) {
      throw Problem(
        .notRecorded, "what the command did is not recorded: \(problem.message)",
        at: problem.location, advice: problem.advice)
    }
    let run = request.run ?? RunJourney.newID(outcome.startedAt)
    do {
      return try await record(
        outcome, run, around, subjects, commitTime, logPath: "\(folder.path)/log")
    } catch let problem as Problem {
      throw Problem(
        .notRecorded,
        "the command \(Self.words(outcome.status)), and its evidence is not recorded:"
          + " \(problem.message)", at: problem.location, advice: problem.advice)
    }
  }

  private func record(
    _ outcome: WrappedCommand.Outcome, _ run: String, _ around: Surroundings,
    _ subjects: [Subject], _ commitTime: Instant?, logPath: String
  ) async throws -> Result {
    var fault = outcome.missing
    var evidence: [Evidence] = []
    var contents: [[UInt8]] = []
    do {
      for (report, paths) in zip(request.reports, outcome.reports) {
        var options = report.options
        options.subjects = subjects
        options.commitTime = commitTime
        for path in paths {
          let read = try WrappedReport.read(
            "\(request.directory)/\(path)", options, application: request.application, run: run,
            time: time.now())
          try ReportGuard.check(read.bytes, at: path)
          evidence += read.evidence
          contents.append(read.bytes)
        }
      }
    } catch let problem as Problem {
      // All of the reports or none: a clean one must not stand for one that was refused.
      (evidence, contents, fault) = ([], [], problem)
    }
    if outcome.log != nil, request.keepsLog {
      contents.append(Array(try Data(contentsOf: URL(fileURLWithPath: logPath))))
    }
    let step = try report(outcome, run, around, fault)
    let kept = try await place.keep(
      [Evidence(kind: .step, subjects: subjects, predicate: step)] + evidence, contents, time)
    var (entries, file): ([RecordedEvidence], String?) = ([], nil)
    switch kept {
    case .recorded(let recorded): entries = recorded
    case .spooled(let path): file = path
    }
    return Result(
      exitCode: Self.exitCode(outcome.status), step: step, entries: entries, spooled: file,
      fault: fault.map { ($0.location.map { "\($0): " } ?? "") + $0.message })
  }

  private func report(
    _ outcome: WrappedCommand.Outcome, _ run: String, _ around: Surroundings, _ fault: Problem?
  ) throws -> StepReport {
    let key = JSONValue.object([
      "version": .integer(1), "wrapped": .array(outcome.words.map { .string($0) }),
      "stage": .string(request.stage), "step": .string(request.step),
      "inputs": .array(outcome.inputs.map { .string("\($0.digest) \($0.path)") }),
      "variables": .array(outcome.variables.map { .string($0) }),
    ])
    var code: Int32?
    if case .exited(let number) = outcome.status { code = number }
    let ending: StepReport.Outcome =
      code == nil ? .cancelled : code == 0 && fault == nil ? .passed : .failed
    return StepReport(
      application: request.application, run: run, stage: request.stage, step: request.step,
      stepKey: .sha256(try CanonicalJSON.write(key)), command: outcome.words, action: nil,
      executor: "process", executorImage: nil, isolation: .notIsolated, outcome: ending,
      reason: fault?.message, exitCode: code, attempt: 1, startedAt: outcome.startedAt,
      finishedAt: outcome.finishedAt, tools: [], variables: outcome.variables,
      inputs: outcome.inputs, outputs: outcome.outputs, log: outcome.log, surroundings: around,
      replaced: outcome.replaced.isEmpty ? nil : outcome.replaced)
  }

  /// What the environment claims, held against git; the commit; when that was made.
  private func surroundings() async throws -> (Surroundings, Subject?, Instant?) {
    let folder = GitRepository.around(request.directory) {
      FileManager.default.fileExists(atPath: "\($0)/.git")
    }
    var (head, changed): (CommitSubject?, Int?) = (nil, nil)
    if let folder {
      head = try await CommitSubject.find(
        "HEAD", repository: folder, application: request.application)
      changed = try await RunJourney.repository(folder).changedFiles()
    }
    let around = Surroundings(
      environment: request.environment, head: head?.subject.digests.first, changedFiles: changed)
    guard around.contradictions.isEmpty || request.allowsContradictions else {
      throw Problem(
        .badInput,
        "the command was not started: \(around.contradictions.joined(separator: "; "))",
        advice: "Check out the commit that the job is about, or record the contradiction with"
          + " --allow-contradictions.")
    }
    return (around, head?.subject, head?.time)
  }

  static func exitCode(_ status: CommandStatus) -> Int32 {
    switch status {
    case .exited(let code): code
    case .signalled(let number): 128 + number
    case .timedOut: 124
    }
  }

  private static func words(_ status: CommandStatus) -> String {
    switch status {
    case .exited(let code): "ended with exit code \(code)"
    case .signalled(let number): "was ended by signal \(number)"
    case .timedOut: "was ended when its time was over"
    }
  }
}
