import Foundation
import Intake
import Model
import Pipeline
import Processes
import Reading
import Scanners
import Source

/// The steps that run another maker's tool and hand over its report: one for each description in
/// `Scanners`.
enum ToolStep {
  /// What a pipeline may call, and with what.
  static let signatures = ScannerTool.all.map(signature)

  static func actions(_ setting: RunSetting) -> [StepAction] {
    ScannerTool.all.map { tool in
      StepAction(signature(tool)) { context in
        try await ToolPerformance(tool: tool, context: context, setting: setting).outcome()
      }
    }
  }

  private static func signature(_ tool: ScannerTool) -> ActionSignature {
    ActionSignature(
      tool.action,
      parameters: tool.parameters.map { parameter in
        let form: ActionParameter.Form =
          switch parameter.form {
          case .path, .target, .name, .server: .text
          case .choice(let words): .choice(words)
          case .integer(let range): .integer(range)
          }
        return ActionParameter(parameter.name, form, isRequired: parameter.isRequired)
      }, runsTool: true)
  }

  /// The path of the tool's program.
  ///
  /// - Throws: `Problem` with `toolMissing`, which says how to get it: a tool that is absent is an
  ///   error, and never a step that is left out.
  static func program(of tool: ScannerTool, path: [String: String]) throws -> String {
    for name in tool.programs {
      if let found = try? ExecutableSearch.path(of: name, environment: path) { return found }
    }
    throw Problem(
      .toolMissing,
      "\(tool.name) is not there, so \(tool.action) shows nothing. \(tool.installation)")
  }
}

/// One run of a tool for a step, up to its evidence.
struct ToolPerformance: Sendable {
  let tool: ScannerTool
  let context: StepContext
  let setting: RunSetting

  /// What a run came to.
  struct Result: Sendable {
    let tool: FoundTool
    let evidence: [Evidence]
    /// Findings, one result a scope.
    let scans: [ScanResult]
    let tests: TestResult?
  }

  /// Runs the tool and judges nothing but what the step itself says.
  func outcome() async throws -> ActionOutcome {
    let result = try await perform()
    let used = [StepReport.Tool(name: tool.name, version: result.tool.version)]
    if let reason = refusal(result) {
      return ActionOutcome(
        .failed(
          Problem(
            .stepFailed, reason, at: "\(context.stage)/\(context.step)",
            advice: "What was found is recorded, and the step's log names it.")),
        evidence: result.evidence, tools: used)
    }
    return ActionOutcome(.passed, evidence: result.evidence, tools: used)
  }

  /// Why the step fails although the tool ran: tests that failed, or findings that it is to stop at.
  private func refusal(_ result: Result) -> String? {
    if let tests = result.tests, tests.result != "PASSED" {
      let failed = tests.totals.failed + tests.totals.errors
      return "\(tool.name): \(failed) of \(tests.totals.all) tests failed"
    }
    guard let word = context.text("stop-at"), let least = Severity(rawValue: word) else {
      return nil
    }
    for scan in result.scans {
      let severe = Severity.allCases.filter { $0 >= least || $0 == .unknown }
      let count = severe.reduce(0) { $0 + scan.totals[$1] }
      guard count > 0 else { continue }
      let first = scan.findings.first { severe.contains($0.severity) }
      let place = first.map { " \($0.rule)\($0.file.map { " in \($0)" } ?? "")" } ?? ""
      return "\(tool.name) found \(count) of severity \(word) or worse, or unknown:\(place)"
        + (count > 1 ? " and others" : "")
    }
    return nil
  }

  /// Runs the tool: fresh files, a folder and a home of its own, its report read strictly.
  ///
  /// - Throws: `Problem` when the tool is absent, when it crashed, and when its report is refused.
  func perform() async throws -> Result {
    let folder = "\(context.scratch)/\(tool.name)-\(UInt32.random(in: .min ... .max))"
    try context.makeToolFolder(folder)
    try context.makeToolFolder("\(folder)/home")
    var environment = context.environment.merging(
      ["HOME": "\(folder)/home", "TMPDIR": "\(folder)/home"]) { $1 }
    // Tools lie where whoever calls has them; no step can put another there.
    environment["PATH"] = setting.toolEnvironment["PATH"] ?? environment["PATH"]
    let image = tool.subject == .image ? try BuiltImage.read(context.run, setting.home) : nil
    let layout = try image.map { try setting.home.image($0.manifest) }
    let feed = tool.needsFeed ? try ImageScan.feed(setting) : nil
    let request = try await request(folder, layout)
    try request.check(tool.parameters)
    let run = ToolRun(
      tool, environment: environment, commands: context.tools, log: context.log)
    let program = try ToolStep.program(of: tool, path: environment)
    let found = try await run.version(of: program, in: folder)
    // What was planted there, and what was taken out, is for the tool alone.
    defer {
      if request.source != folder { try? FileManager.default.removeItem(atPath: request.source) }
    }
    let rules = try await rules(found, request)
    let prepared = try prepare(request)
    let report = try await run.run(found, request)
    _ = try await setting.home.keep(report: report.bytes, at: report.path)
    let read = try refusing {
      try ToolReading.read(
        report, of: tool, image: layout?.config, commitTime: setting.source.committer.time)
    }
    let step = ReportingStep(
      application: setting.application.name, run: context.run, time: context.time.now(),
      tool: tool.name, toolVersion: found.version,
      feed: feed ?? ToolReading.ownFeed(tool, read, context.time.now()),
      rules: rules)
    try ToolStatement.write(step, read, beside: report.path, format: tool.format)
    for note in prepared.notes + read.notes { context.log(note) }
    let subjects = try subjects(layout)
    var made = try refusing {
      try ToolReading.evidence(
        read, of: tool, step: step, suite: context.text("suite") ?? tool.name,
        target: target(request), planted: prepared.planted, notes: prepared.notes)
    }
    for place in made.predicates.indices {
      // Since when a finding is known, and whether it is exploited, no single report says.
      guard made.predicates[place].0 == .vulnerabilityScan,
        let scan = made.predicates[place].1 as? ScanResult
      else { continue }
      made.predicates[place].1 = try await setting.home.enriched(
        scan, exploits: ExploitFeeds(folder: setting.feedFolder))
    }
    for words in made.words { context.log(words + (feed.map(Self.words) ?? "")) }
    return Result(
      tool: found,
      evidence: made.predicates.map { Evidence(kind: $0, subjects: subjects, predicate: $1) },
      scans: made.scans, tests: made.tests)
  }

  /// A report that is refused is a step that failed, and no bad usage of this program.
  private func refusing<Value>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let problem as Problem where problem.code == .badInput {
      throw Problem(
        .stepFailed, problem.message, at: problem.location, advice: problem.advice)
    }
  }

  private static func words(_ feed: ReportSource.Feed) -> String {
    "; feed of \(feed.updatedAt.date)\(feed.isExample ? ", an EXAMPLE feed" : "")"
  }

  private func request(_ folder: String, _ layout: OCILayout?) async throws -> ToolRequest {
    var source = folder
    if tool.subject != .image {
      // Not in the tool's own folder, where it could put another in its place.
      source = try await setting.freshExport(to: "\(folder)-source")
    }
    var texts: [String: String] = [:]
    var numbers: [String: Int] = [:]
    for (name, value) in context.parameters {
      if let text = value.string { texts[name] = text }
      if let number = value.integer { numbers[name] = Int(number) }
    }
    return ToolRequest(
      source: source, folder: folder, image: layout?.path,
      feed: tool.subject == .image ? setting.feedFolder : nil, texts: texts, numbers: numbers,
      services: context.services)
  }

  private func prepare(_ request: ToolRequest) throws -> (notes: [String], planted: String?) {
    let part = request.texts["path"].map { $0 == "." ? request.source : "\(request.source)/\($0)" }
    return try SourcePreparation.prepare(
      tool.preparations, root: request.source, part: part ?? request.source)
  }

  private func subjects(_ layout: OCILayout?) throws -> [Subject] {
    switch tool.subject {
    case .source: [setting.commit]
    case .image:
      layout.map {
        [Subject(name: "image:\(setting.application.name)", digest: $0.manifest)]
      } ?? []
    case .service, .machine: context.subjects
    }
  }

  /// What of the subject was looked at; part of what tells two scans of one tool apart.
  private func target(_ request: ToolRequest) -> String? {
    for name in ["target", "file", "template", "path", "root"] {
      if let text = request.texts[name], text != "." { return text }
    }
    return nil
  }

  private func rules(_ found: FoundTool, _ request: ToolRequest) async throws
    -> ReportSource.Rules?
  {
    switch tool.rules {
    case .unknown: return nil
    case .program:
      return ReportSource.Rules(
        name: "\(tool.name) \(found.version)",
        digest: try RuleSet.digest(ofFile: found.program), updatedAt: nil)
    case .package(let name):
      let digest = try RuleSet.digest(
        ofPackage: name, version: found.version, program: found.program)
      return digest.map {
        ReportSource.Rules(name: "\(tool.name) \(found.version)", digest: $0, updatedAt: nil)
      }
    case .parameter(let name):
      guard let path = request.texts[name],
        let digest = try RuleSet.digest(ofPath: "\(request.source)/\(path)")
      else { throw Problem(.notFound, "the commit has no rules there", at: "with.\(name)") }
      let repository = GitRepository(directory: setting.repository, runner: .live)
      return ReportSource.Rules(
        name: path, digest: digest,
        updatedAt: try await repository.lastChange(of: path, upTo: setting.commit.digests[0]))
    }
  }
}
