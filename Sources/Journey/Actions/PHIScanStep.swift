import Foundation
import Model
import PHI
import Pipeline
import Reading

/// `phi/scan`: looks for PHI in the commit's files, exported anew, and leaves evidence of what was
/// looked at, found, excused and not read.
enum PHIScanStep {
  static let signature = ActionSignature(
    "phi/scan",
    parameters: [
      ActionParameter("paths", .list), ActionParameter("as", .choice(Self.settings)),
      ActionParameter("allow"),
    ])

  static let settings = ["auto", "clinical", "source"]

  static func action(_ setting: RunSetting) -> StepAction {
    StepAction(signature) { try await run($0, setting) }
  }

  private static func run(
    _ context: StepContext, _ setting: RunSetting
  ) async throws -> ActionOutcome {
    let folder = try await setting.freshExport(to: "\(context.scratch)/source-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let named = context.parameters["paths"]?.array?.compactMap(\.string) ?? [""]
    for path in named { _ = try setting.inside(path) }
    let search = PHISearch(
      setting: setting, run: context.run, time: context.time.now(), scope: "source", paths: named,
      taken: context.text("as") ?? "auto")
    let allow = try setting.inside(context.text("allow") ?? PHIExcuses.file)
    let excuses = try PHIExcuses(
      file: allow, in: folder, isNamed: context.text("allow") != nil)
    let report = try await search.scan.scan(
      paths: named.map { $0.isEmpty ? folder : "\(folder)/\($0)" })
    let seen = SeenContent(report) { file, place in
      (String(file.dropFirst(folder.count).drop { $0 == "/" }), place)
    }
    let result = search.result(seen, excuses.judge(seen, today: search.today))
    for line in PHISearch.words(result) { context.log(line) }
    return ActionOutcome(
      PHISearch.problem(result, excuses: allow).map { .failed($0) } ?? .passed,
      evidence: [Evidence(kind: .phiScan, subjects: [setting.commit], predicate: result)])
  }
}

extension RunSetting {
  /// A path of the pipeline file, which must stay inside the repository.
  ///
  /// - Throws: `Problem` with `badInput`.
  func inside(_ path: String) throws -> String {
    guard !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else {
      throw Problem(.badInput, "the path \"\(path)\" leaves the repository")
    }
    return path
  }
}
