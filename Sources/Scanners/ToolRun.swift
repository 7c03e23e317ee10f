public import Model

/// A tool on this machine: its program's path and the version that it says.
public struct FoundTool: Hashable, Sendable {
  /// The program's path.
  public let program: String
  /// Its version.
  public let version: String

  /// Names a program and its version.
  public init(program: String, version: String) {
    self.program = program
    self.version = version
  }
}

/// What a run of a tool left, before it is read.
public struct ToolReport: Sendable {
  /// The report's bytes; never empty.
  public let bytes: [UInt8]
  /// The report's path in the run's folder.
  public let path: String
  /// What its end means.
  public let ending: ToolEnding
  /// Its exit code.
  public let exitCode: Int32
}

/// Runs a tool and tells "ran" from "crashed".
public struct ToolRun: Sendable {
  private let tool: ScannerTool
  private let environment: [String: String]
  private let commands: CommandRunner
  private let log: @Sendable (String) -> Void

  /// Runs a tool through a runner, which isolates and limits it.
  ///
  /// - Parameters:
  ///   - environment: all that the tool sees, besides what its description adds.
  ///   - log: takes the command and what the tool says beside its report.
  public init(
    _ tool: ScannerTool, environment: [String: String], commands: CommandRunner,
    log: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.tool = tool
    self.environment = environment.merging(tool.environment) { $1 }
    self.commands = commands
    self.log = log
  }

  private static let reportLimit = 256 << 20
  private static let day: Int64 = 86_400_000

  /// Asks the tool for its version.
  ///
  /// - Parameter program: its path.
  /// - Throws: `Problem` with `toolMissing` when it does not say one: what cannot be asked cannot
  ///   be evidence.
  public func version(of program: String, in folder: String) async throws -> FoundTool {
    let result = try await commands.run(
      Command(
        program, tool.versionArguments, environment: environment, directory: folder,
        timeoutMilliseconds: 60_000))
    let text = result.text + String(decoding: result.errorOutput, as: UTF8.self)
    guard result.status.isSuccess, let version = Self.version(in: text) else {
      throw Problem(
        .toolMissing, "\(tool.name) does not say its version: it \(result.status.description)",
        at: program, advice: tool.installation)
    }
    return FoundTool(program: program, version: version)
  }

  /// The last word that begins with a digit and has a dot in it, of the first line that has one:
  /// every tool here says its name first.
  static func version(in text: String) -> String? {
    for line in text.split(whereSeparator: \.isNewline) {
      let words = line.split(whereSeparator: \.isWhitespace).map {
        $0.first == "v" ? $0.dropFirst() : $0
      }
      let isVersion = { (word: Substring) in
        word.first?.isNumber == true && word.contains(".") && word.utf8.count <= 64
      }
      if let word = words.last(where: isVersion) { return String(word) }
    }
    return nil
  }

  /// Runs the tool once.
  ///
  /// - Throws: `Problem` with `stepFailed` when it crashed, when it left no report, and when it does
  ///   not show that it looked at anything; `badInput` for parameters that are not of their form.
  public func run(_ found: FoundTool, _ request: ToolRequest) async throws -> ToolReport {
    try request.check(tool.parameters)
    let plan = try tool.plan(request)
    for (name, text) in plan.files {
      try ToolFile.write(text, to: "\(request.folder)/\(name)")
    }
    log("$ \(found.program) \(plan.arguments.joined(separator: " "))")
    let result = try await commands.run(
      Command(
        found.program, plan.arguments, environment: environment.merging(plan.environment) { $1 },
        directory: tool.subject == .source ? request.source : request.folder,
        timeoutMilliseconds: Self.day, outputLimit: Self.reportLimit))
    let complaint = String(decoding: result.errorOutput, as: UTF8.self)
    if !complaint.isEmpty { log(complaint) }
    guard case .exited(let code) = result.status, let ending = tool.endings[code] else {
      throw crashed(result, complaint)
    }
    let fetched = plan.fetch.isEmpty ? result : try await fetch(plan, request)
    let (bytes, path) = try report(plan, fetched, request)
    guard !bytes.isEmpty else {
      throw Problem(
        .stepFailed, "\(tool.name) ended with \(code) and left no report: nothing was shown",
        advice: "Nothing of it counts. Run it by hand, as the log shows it.")
    }
    if let proof = plan.proof { try check(proof, result.text + complaint) }
    return ToolReport(bytes: bytes, path: path, ending: ending, exitCode: code)
  }

  private func fetch(_ plan: ToolPlan, _ request: ToolRequest) async throws -> CommandResult {
    let result = try await commands.run(
      Command(
        "sh", ["-euc"] + plan.fetch, environment: environment, directory: request.folder,
        timeoutMilliseconds: Self.day, outputLimit: Self.reportLimit))
    guard result.status.isSuccess else {
      let said = String(decoding: result.errorOutput.suffix(400), as: UTF8.self)
      throw Problem(
        .stepFailed, "the report of \(tool.name) could not be fetched: \(said)",
        advice: "Nothing of it counts. Run the step again when it can be reached.")
    }
    return result
  }

  private func report(
    _ plan: ToolPlan, _ result: CommandResult, _ request: ToolRequest
  ) throws -> ([UInt8], String) {
    switch plan.report {
    case .standardOutput:
      let path = "\(request.folder)/\(tool.name).json"
      try ToolFile.write(result.output, to: path)
      return (result.output, path)
    case .file(let name):
      let path = "\(request.folder)/\(name)"
      return (try ToolFile.read(path, limit: Self.reportLimit) ?? [], path)
    }
  }

  private func check(_ proof: ToolPlan.ToolProof, _ text: String) throws {
    let count = text.split(whereSeparator: \.isNewline).lazy.compactMap { line -> Int? in
      guard let words = line.firstRange(of: proof.words) else { return nil }
      return Int(line[words.upperBound...].prefix { $0.isNumber })
    }.first
    guard let count, count > 0 else {
      throw Problem(
        .stepFailed,
        "\(tool.name) \(count == nil ? "does not say how many" : "looked at no") \(proof.things):"
          + " its empty report shows nothing",
        advice: "See that what it is to look at is there and answers.")
    }
  }

  private func crashed(_ result: CommandResult, _ complaint: String) -> Problem {
    let said = complaint.isEmpty ? result.text : complaint
    let last = said.split(whereSeparator: \.isNewline).suffix(5).joined(separator: "\n")
    return Problem(
      .stepFailed,
      "\(tool.name) crashed: it \(result.status.description), which is none of its ways to end"
        + (last.isEmpty ? "" : ": \(last)"),
      advice: "Nothing of it counts, and whatever asks for its evidence finds it missing.")
  }
}

extension CommandStatus {
  /// How it ended, as a part of a sentence.
  var description: String {
    switch self {
    case .exited(let code): "ended with \(code)"
    case .signalled(let signal): "was ended by signal \(signal)"
    case .timedOut: "was ended because its time was over"
    }
  }
}
