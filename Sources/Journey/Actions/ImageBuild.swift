import Foundation
import Model
import Pipeline
import Reading

/// `image/build`: builds the image from the clean export, keeps it as an OCI layout named by its
/// manifest digest, and leaves SLSA provenance.
enum ImageBuild {
  static let signature = ActionSignature(
    "image/build",
    parameters: [
      ActionParameter("containerfile"), ActionParameter("context"),
      ActionParameter("arguments", .list),
    ])

  static func action(_ setting: RunSetting) -> StepAction {
    StepAction(
      signature,
      restore: { context, _ in
        guard let image = try? BuiltImage.read(context.run, setting.home) else { return nil }
        guard (try? setting.home.image(image.manifest)) != nil else { return nil }
        return [image.subject(setting.application)]
      },
      run: { try await run($0, setting) })
  }

  private static func run(_ context: StepContext, _ setting: RunSetting) async throws
    -> ActionOutcome
  {
    let started = context.time.now()
    let containerfile = try inside(context.text("containerfile") ?? "Containerfile")
    let folder = try inside(context.text("context") ?? ".")
    let source = try await setting.freshExport(to: "\(context.scratch)/source-\(UUID().uuidString)")
    let arguments = context.parameters["arguments"]?.array?.compactMap(\.string) ?? []
    let podman = try await setting.version(context.commands, "podman", ["--version"])
    let base = try await baseImages("\(source)/\(containerfile)", context, setting)
    let idFile = "\(context.scratch)/image-id"
    _ = try await setting.run(
      context.commands, "podman",
      [
        "build", "--pull=never", "--format=oci", "--timestamp=\(setting.commitSeconds)",
        "--network=none", "--layers=false", "--iidfile=\(idFile)",
        "--file=\(source)/\(containerfile)",
      ] + arguments.map { "--build-arg=\($0)" } + ["\(source)/\(folder)"],
      minutes: 30, log: context.log)
    let id = String(decoding: try InputFile.read(idFile), as: UTF8.self)
    let layout = try await keep(id, context, setting)
    let image = BuiltImage(manifest: layout.manifest, config: layout.config)
    try image.write(context.run, setting.home)
    let subject = image.subject(setting.application)
    context.log("image \(layout.manifest), configuration \(layout.config)")
    let provenance = Evidence(
      kind: .provenance, subjects: [subject],
      predicate: predicate(
        setting, context: context, containerfile: containerfile, folder: folder,
        arguments: arguments, base: base, config: layout.config, started: started))
    return ActionOutcome(
      .passed, evidence: [provenance], tools: [podman], subjects: [subject])
  }

  /// A path of the pipeline file, which must stay inside the workspace.
  private static func inside(_ path: String) throws -> String {
    guard !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else {
      throw Problem(.badInput, "the path \"\(path)\" leaves the workspace")
    }
    return path
  }

  /// The images that the Containerfile builds on, by id: what `FROM` names must be here already.
  private static func baseImages(
    _ containerfile: String, _ context: StepContext, _ setting: RunSetting
  ) async throws -> [(name: String, id: Digest)] {
    let bytes = try InputFile.read(containerfile)
    var bases: [(String, Digest)] = []
    for name in try Self.baseNames(String(decoding: bytes, as: UTF8.self), file: containerfile) {
      let result = try await setting.run(
        context.commands, "podman", ["image", "inspect", "--format={{.Id}}", name], minutes: 1)
      let hex = result.text.filter { !$0.isWhitespace }
      guard let id = Digest(.sha256, hex: hex) else {
        throw Problem(.stepFailed, "the base image \"\(name)\" has no id")
      }
      bases.append((name, id))
    }
    return bases
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

  private static func keep(_ id: String, _ context: StepContext, _ setting: RunSetting) async throws
    -> OCILayout
  {
    let images = "\(setting.home.path)/images"
    try LedgerHome.makeFolder(images)
    let part = "\(images)/\(UUID().uuidString).part"
    defer { try? FileManager.default.removeItem(atPath: part) }
    _ = try await setting.run(
      context.commands, "podman", ["push", "--quiet", "--format=oci", id, "oci:\(part):image"],
      log: context.log)
    let layout = try OCILayout(path: part)
    guard id.hasSuffix(layout.config.hex) else {
      throw Problem(.notTrusted, "podman kept another image than it built")
    }
    let place = setting.home.imagePath(layout.manifest)
    if !FileManager.default.fileExists(atPath: place) {
      guard rename(part, place) == 0 else {
        throw Problem(.inputOutput, "the image cannot be put in its place", at: place)
      }
    }
    return try OCILayout(path: place, expected: layout.manifest)
  }

  /// SLSA provenance v1.
  private static func predicate(
    _ setting: RunSetting, context: StepContext, containerfile: String, folder: String,
    arguments: [String], base: [(name: String, id: Digest)], config: Digest, started: Instant
  ) -> JSONValue {
    let source: JSONValue = .object([
      "uri": .string("git+file:\(setting.application.name)"),
      "digest": .object(["gitCommit": .string(setting.commitID)]),
    ])
    let bases = base.map {
      JSONValue.object([
        "name": .string($0.name), "digest": .object(["sha256": .string($0.id.hex)]),
      ])
    }
    return .object([
      // SLSA lets a producer add fields that change the meaning of no other.
      "urn:pratique:application": .string(setting.application.name),
      "urn:pratique:run": .string(context.run),
      "buildDefinition": .object([
        "buildType": .string("urn:pratique:build:containerfile:v1"),
        "externalParameters": .object([
          "containerfile": .string(containerfile), "context": .string(folder),
          "arguments": .array(arguments.map { .string($0) }),
        ]),
        "internalParameters": .object([
          "timestamp": .integer(setting.commitSeconds),
          "export": .string(setting.export.description),
        ]),
        "resolvedDependencies": .array([source] + bases),
      ]),
      "runDetails": .object([
        "builder": .object(["id": .string("urn:pratique:builder:podman")]),
        "metadata": .object([
          "invocationId": .string(context.run), "startedOn": .string(started.description),
          "finishedOn": .string(context.time.now().description),
        ]),
        "byproducts": .array([
          .object([
            "name": .string("image configuration"),
            "digest": .object(["sha256": .string(config.hex)]),
          ])
        ]),
      ]),
    ])
  }
}

/// The image that a run built; it lies in the run's folder, so that the run can go on.
struct BuiltImage: Codable {
  let manifest: Digest
  let config: Digest

  func subject(_ application: Application) -> Subject {
    Subject(name: "image:\(application.name)", digest: manifest)
  }

  private static func path(_ run: String, _ home: LedgerHome) -> String {
    "\(home.runPath(run))/image.json"
  }

  func write(_ run: String, _ home: LedgerHome) throws {
    try RunFolder.write(self, to: Self.path(run, home))
  }

  static func read(_ run: String, _ home: LedgerHome) throws -> BuiltImage {
    try RunFolder.read(path(run, home))
  }
}
