import Attestation
import Blobs
import Compliance
import Delivery
import Foundation
public import Model
public import Pipeline
import Processes
import Reading
import Source

/// Carries a commit through its pipeline: export, steps, evidence, gates, rollouts.
public struct RunJourney: Sendable {
  /// What a run is asked to do.
  public struct Options: Sendable {
    /// The repository's folder.
    public var repository: String
    /// The commit: a branch, a tag, an id.
    public var revision = "HEAD"
    /// Path of the pipeline file below the repository's root.
    public var pipeline = "pratique.yaml"
    /// Path of the file that defines environments.
    public var environments: String?
    /// The scanner's cache folder.
    public var feed: String?
    /// How many steps run at once.
    public var concurrency = 2
    /// The environment of whoever calls.
    public var environment: [String: String]

    /// A run of `HEAD`.
    public init(repository: String, environment: [String: String]) {
      self.repository = repository
      self.environment = environment
    }
  }

  /// What a run needs to go on after it was interrupted.
  struct Record: Codable {
    let run: String
    let repository: String
    let commit: Digest
    let pipeline: String
    let definition: Digest
    let environments: String?
    let feed: String?
    let export: Digest
  }

  private let home: LedgerHome
  private let time: TimeSource
  private let progress: @Sendable (ProgressEvent) -> Void

  /// Runs write to a ledger and tell what happens.
  public init(
    home: LedgerHome, time: TimeSource = .system,
    progress: @escaping @Sendable (ProgressEvent) -> Void
  ) {
    self.home = home
    self.time = time
    self.progress = progress
  }

  /// Begins a run.
  ///
  /// - Throws: `Problem` for everything that is wrong before the first step.
  public func start(_ options: Options) async throws -> RunResult {
    // Without its key nothing starts.
    let recorder = try await home.recorder(role: .pipeline, time: time)
    let repository = try Self.repository(options.repository)
    let commit = try await repository.commit(repository.resolve(options.revision))
    let run = Self.newID(time.now())
    let folder = home.runPath(run)
    try LedgerHome.makeFolder(folder, mode: 0o711)
    let lock: RunLock
    let (record, definition): (Record, PipelineDefinition)
    do {
      lock = try RunLock(folder: folder)
      let export = try await repository.export(commit, to: "\(folder)/workspace")
      let read = try Self.definition(options.pipeline, folder: folder)
      definition = read.0
      try await checkEnvironments(definition, options)
      record = Record(
        run: run, repository: options.repository, commit: commit.id, pipeline: options.pipeline,
        definition: .sha256(read.1), environments: options.environments, feed: options.feed,
        export: export.digest)
      // A run that goes on after the machine lost its power must not work on files that are empty.
      try DurableFolder.flushContents("\(folder)/workspace")
      try RunFolder.write(record, to: "\(folder)/run.json")
    } catch {
      // Nothing was recorded of it: there is nothing to go on with.
      try? FileManager.default.removeItem(atPath: folder)
      throw error
    }
    defer { lock.release() }
    let result = try await carry(
      record, definition, commit: commit, options: options, recorder: recorder, isResumed: false)
    await home.keepHighest()
    return result
  }

  /// Goes on with a run where it ended; the latest when none is named.
  ///
  /// - Throws: `Problem` with `notFound`, or `busy` while the run is still going on.
  public func resume(_ run: String?, _ options: Options) async throws -> RunResult {
    let recorder = try await home.recorder(role: .pipeline, time: time)
    let run = try run ?? latest()
    guard Actor.isIdentifier(run) else { throw Problem(.badInput, "\"\(run)\" is no run's id") }
    let folder = home.runPath(run)
    let record: Record
    do {
      record = try RunFolder.read("\(folder)/run.json")
    } catch let problem as Problem where problem.code == .notFound {
      throw Problem(.notFound, "there is no run \"\(run)\" to go on with", at: folder)
    }
    let lock = try RunLock(folder: folder)
    defer { lock.release() }
    let repository = try Self.repository(record.repository)
    let commit = try await repository.commit(record.commit)
    let (definition, bytes) = try Self.definition(record.pipeline, folder: folder)
    guard Digest.sha256(bytes) == record.definition else {
      throw Problem(
        .notTrusted, "the pipeline file in the run's workspace was changed", at: folder,
        advice: "Begin a new run: pratique run")
    }
    var options = options
    options.environments = options.environments ?? record.environments
    options.feed = options.feed ?? record.feed
    try await checkEnvironments(definition, options)
    let result = try await carry(
      record, definition, commit: commit, options: options, recorder: recorder, isResumed: true)
    await home.keepHighest()
    return result
  }

  /// Refuses a pipeline that names an environment which nobody defined, before anything begins.
  private func checkEnvironments(_ definition: PipelineDefinition, _ options: Options) async throws
  {
    let policy = try await home.policy(of: try await home.trustRoot()).policy
    let file = try options.environments.map {
      try EnvironmentFile.read(InputFile.read($0), path: $0)
    }
    for step in definition.steps {
      guard case .action(let action, let parameters) = step.work,
        let name = parameters["environment"]?.string
      else { continue }
      let place = "\(definition.file), step \(step.id)"
      guard policy.environments.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
        let known = policy.environments.map(\.name).joined(separator: ", ")
        throw Problem(
          .gateRefused,
          "the environment \"\(name)\" is not defined in policy \"\(policy.policy)\"", at: place,
          advice: "Defined are: \(known)")
      }
      guard action == EnvironmentDeploy.signature.name else { continue }
      guard let file else {
        throw Problem(
          .notFound, "no file of environments is named, so \"\(name)\" is not defined", at: place,
          advice: "Name it with --environments or PRATIQUE_ENVIRONMENTS.")
      }
      _ = try file.environment(named: name)
    }
  }

  static func repository(_ path: String) throws -> GitRepository {
    var isFolder = ObjCBool(false)
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Problem(.notFound, "there is no such folder", at: path)
    }
    guard isFolder.boolValue else {
      throw Problem(.badInput, "expected the folder of a repository, found a file", at: path)
    }
    return GitRepository(directory: path, runner: .live)
  }

  private func carry(
    _ record: Record, _ definition: PipelineDefinition, commit: GitCommit, options: Options,
    recorder: LedgerRecorder, isResumed: Bool
  ) async throws -> RunResult {
    let folder = home.runPath(record.run)
    let subject = Subject(name: "commit:\(definition.application.name)", digest: commit.id)
    let setting = RunSetting(
      home: home, application: definition.application, commit: subject, source: commit,
      commitID: commit.id.hex,
      commitSeconds: commit.committer.time.milliseconds / 1000, repository: record.repository,
      export: record.export,
      toolEnvironment: RunSetting.toolEnvironment(from: options.environment),
      callerEnvironment: options.environment, feedFolder: options.feed,
      environmentFile: options.environments, time: time)
    var request = RunRequest(
      run: record.run, definition: definition, subjects: [subject],
      workspace: "\(folder)/workspace", scratch: "\(folder)/scratch",
      environment: options.environment)
    request.isResumed = isResumed
    request.concurrency = options.concurrency
    if isResumed {
      let past = try await past(record.run, commit: commit.id)
      request.completed = past.completed
      request.openIntents = past.openIntents
    }
    let collector = ReportCollector(
      home: home, time: time, commitTime: commit.committer.time)
    var services = RunServices(recorder: recorder) { try await collector.collect($0) }
    services.actions = Self.actions(setting)
    services.progress = progress
    services.phi = .phi
    services.time = time
    let blobs = home.blobs
    services.keepLog = { path, file in
      let bytes = try InputFile.read(path)
      guard try await blobs.put(bytes) == file.digest else {
        throw Problem(.inputOutput, "the log was changed after it was hashed", at: path)
      }
    }
    return await Runner(request, services).run()
  }

  /// The built-in actions of a run.
  static func actions(_ setting: RunSetting) -> [StepAction] {
    [
      SourceCommit.action(setting), ImageBuild.action(setting),
      ImageScan.action(setting), ReleaseBind.action(setting), GateAction.action(setting),
      EnvironmentDeploy.action(setting),
      ImagePush.action(setting), ImageAttach.action(setting), ArtifactRecording.action(setting),
      ReleaseTake.action(setting),
      ReleaseConfigure.action(setting),
      ImageMatch.action(setting),
      PHIScanStep.action(setting), PHIImageStep.action(setting),
    ] + ToolStep.actions(setting)
  }

  /// The words that a pipeline file may use.
  public static let vocabulary = PipelineVocabulary(
    actions: [
      SourceCommit.signature, ImageBuild.signature, ImageScan.signature, ReleaseBind.signature,
      GateAction.signature, EnvironmentDeploy.signature,
      ImagePush.signature, ImageAttach.signature, ArtifactRecording.signature,
      ReleaseTake.signature,
      ReleaseConfigure.signature,
      ImageMatch.signature,
      PHIScanStep.signature, PHIImageStep.signature,
    ] + ToolStep.signatures)

  private static func definition(
    _ name: String, folder: String
  ) throws -> (PipelineDefinition, [UInt8]) {
    guard !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
      throw Problem(.badInput, "the pipeline file must lie in the repository", at: name)
    }
    let bytes: [UInt8]
    do {
      bytes = try InputFile.read("\(folder)/workspace/\(name)")
    } catch let problem as Problem where problem.code == .notFound {
      throw Problem(
        .notFound, "the commit has no pipeline file", at: name,
        advice: "Write one with `pratique init`, and commit it.")
    }
    return (try PipelineDefinition.read(bytes, file: name, vocabulary: vocabulary), bytes)
  }

  /// What a run did so far, as the ledger has it.
  private func past(
    _ run: String, commit: Digest
  ) async throws -> (completed: [Digest: StepReport], openIntents: Set<Digest>) {
    var completed: [Digest: StepReport] = [:]
    var keys: [[String]: Set<Digest>] = [:]
    var intents: Set<Digest> = []
    for (kind, statement) in try await home.statements(on: commit, kinds: [.step, .intent]) {
      if kind == .intent {
        let intent = try statement.predicate(as: Intent.self)
        if intent.run == run { intents.insert(intent.stepKey) }
      } else {
        let report = try statement.predicate(as: StepReport.self)
        guard report.run == run else { continue }
        intents.remove(report.stepKey)
        // The latest word counts: a step that failed after it had passed is done again. One that
        // could not begin has another key than when it passed, and is told by its name.
        let name = [report.stage, report.step]
        if report.outcome == .passed {
          completed[report.stepKey] = report
          keys[name, default: []].insert(report.stepKey)
        } else {
          for key in keys.removeValue(forKey: name) ?? [] { completed[key] = nil }
        }
      }
    }
    return (completed, intents)
  }

  /// The id of the run that began last.
  private func latest() throws -> String {
    let runs = (try? FileManager.default.contentsOfDirectory(atPath: "\(home.path)/runs")) ?? []
    let begun = runs.filter {
      FileManager.default.fileExists(atPath: "\(home.runPath($0))/run.json")
    }
    guard let latest = begun.max() else {
      throw Problem(.notFound, "there is no run to go on with", at: "\(home.path)/runs")
    }
    return latest
  }
}
