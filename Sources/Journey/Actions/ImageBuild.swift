import Foundation
import Model
import Packaging
import Pipeline
import Reading

/// `image/build`: builds the image from the clean export, keeps it as an OCI layout named by its
/// manifest digest, and leaves SLSA provenance.
enum ImageBuild {
  static let signature = ActionSignature(
    "image/build",
    parameters: [
      ActionParameter("builder", .choice(ImageBuilder.allCases.map(\.rawValue))),
      ActionParameter("containerfile"), ActionParameter("context"),
      ActionParameter("arguments", .list), ActionParameter("twice", .flag),
    ])

  static func action(_ setting: RunSetting) -> StepAction {
    StepAction(
      signature,
      restore: { context, _ in
        guard let image = try? BuiltImage.read(context.run, setting.home),
          FileManager.default.fileExists(atPath: setting.home.imagePath(image.manifest))
        else { return nil }
        // One that is gone is built again; one that was changed is told, never quietly replaced.
        _ = try setting.home.image(image.manifest)
        return [image.subject(setting.application)]
      },
      run: { try await run($0, setting) })
  }

  private static func run(_ context: StepContext, _ setting: RunSetting) async throws
    -> ActionOutcome
  {
    let started = context.time.now()
    let builder = context.text("builder").flatMap(ImageBuilder.init) ?? .podman
    let containerfile = try inside(context.text("containerfile") ?? "Containerfile")
    let folder = try inside(context.text("context") ?? ".")
    let arguments = context.parameters["arguments"]?.array?.compactMap(\.string) ?? []
    let tool = try await setting.version(context.commands, builder.rawValue, ["--version"])
    let building = ImageBuilding(
      builder: builder, containerfile: containerfile, folder: folder, arguments: arguments,
      context: context, setting: setting)
    let (kept, bases) = try await building.first()
    let layout = try setting.home.keepImage(kept)
    let image = BuiltImage(manifest: layout.manifest, config: layout.config)
    try image.write(context.run, setting.home)
    context.log("image \(layout.manifest), configuration \(layout.config)")
    var comparison: BuildComparison?
    if context.parameters["twice"]?.bool == true {
      comparison = try await building.again(layout)
      context.log(comparison?.sentence ?? "")
    }
    let subject = image.subject(setting.application)
    let provenance = BuildProvenance(
      building: building, tool: tool, bases: bases, config: layout.config, started: started,
      comparison: comparison)
    return ActionOutcome(
      .passed,
      evidence: [
        Evidence(kind: .provenance, subjects: [subject], predicate: provenance.predicate)
      ], tools: [tool], subjects: [subject])
  }

  /// A path of the pipeline file, which must stay inside the workspace.
  static func inside(_ path: String) throws -> String {
    guard !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else {
      throw Problem(.badInput, "the path \"\(path)\" leaves the workspace")
    }
    return path
  }

  /// The images that `FROM` names, without `scratch` and the file's own stages.
  ///
  /// - Throws: `Problem` with `badInput` for a name made of arguments: what it means is only known
  ///   while it is built.
  static func baseNames(_ text: String, file: String) throws -> [String] {
    var names: [String] = []
    var stages: Set<String> = ["scratch"]
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let words = line.split(whereSeparator: \.isWhitespace).filter { !$0.hasPrefix("--") }
      guard words.count >= 2, words[0].uppercased() == "FROM" else { continue }
      let name = String(words[1])
      guard !name.contains("$") else {
        throw Problem(
          .badInput, "the base image \"\(name)\" is made of arguments", at: "\(file):\(number + 1)",
          advice: "Write the image's name out, so that it can be recorded what was built on.")
      }
      if !stages.contains(name.lowercased()), !names.contains(name) { names.append(name) }
      if words.count >= 4, words[2].uppercased() == "AS" { stages.insert(words[3].lowercased()) }
    }
    return names
  }
}
