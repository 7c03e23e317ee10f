import Foundation
import Model
import Packaging
import Pipeline
import Reading

/// `artifact/record`: says what a file or folder of the workspace is, by its content, and makes it a
/// subject of what comes after.
enum ArtifactRecording {
  static let signature = ActionSignature(
    "artifact/record",
    parameters: [
      ActionParameter("path", isRequired: true), ActionParameter("form"),
      ActionParameter("inventory"), ActionParameter("signature"), ActionParameter("key"),
    ])

  static func action(_ setting: RunSetting) -> StepAction {
    StepAction(
      signature,
      restore: { context, _ in
        guard
          let kept = try RunArtifact.find(context.run, context.stage, context.step, setting.home)
        else { return nil }
        // The file may have gone, or be another one by now.
        return try read(context).digest == kept.digest ? [kept.subject] : nil
      },
      run: { try await run($0, setting) })
  }

  /// The artifact in the workspace, read without following a link.
  private static func read(_ context: StepContext) throws -> RecognisedArtifact {
    let path = try ImageBuild.inside(context.text("path") ?? "")
    let place = "\(context.workspace)/\(path)"
    try refuseLinks(path, in: context.workspace)
    var isFolder = ObjCBool(false)
    guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) else {
      throw Problem(.notFound, "the artifact is not there", at: path)
    }
    return isFolder.boolValue
      ? try RecognisedArtifact.folder(place) : try RecognisedArtifact.file(place)
  }

  private static func refuseLinks(_ path: String, in workspace: String) throws {
    var place = workspace
    for part in path.split(separator: "/") {
      place += "/\(part)"
      let type = try? FileManager.default.attributesOfItem(atPath: place)[.type]
      if type as? FileAttributeType == .typeSymbolicLink {
        throw Problem(.badInput, "a link leads elsewhere than it says", at: path)
      }
    }
  }

  private static func run(_ context: StepContext, _ setting: RunSetting) async throws
    -> ActionOutcome
  {
    let path = try ImageBuild.inside(context.text("path") ?? "")
    let artifact = try read(context)
    if let form = context.text("form"), !form.utf8.elementsEqual(artifact.form.word.utf8) {
      throw Problem(
        .stepFailed, "the artifact is of form \"\(artifact.form.word)\", not \"\(form)\"", at: path)
    }
    let subject = Subject(name: "artifact:\(path)", digest: artifact.digest)
    let now = context.time.now()
    let record = ArtifactRecord(
      application: setting.application.name, run: context.run, time: now, name: path,
      form: artifact.form.word, mediaType: artifact.form.mediaType, digest: artifact.digest,
      bytes: artifact.bytes, files: artifact.files,
      signature: try await signature(of: artifact, context, setting))
    var evidence = [
      Evidence(kind: .artifact, subjects: [subject], predicate: record),
      Evidence(
        kind: .provenance, subjects: [subject],
        predicate: provenance(path, artifact, context, setting)),
    ]
    if let inventory = context.text("inventory") {
      evidence.append(
        try await ArtifactDocuments(home: setting.home).inventory(
          "\(context.workspace)/\(try ImageBuild.inside(inventory))", of: [subject],
          application: setting.application.name, run: context.run, time: now))
    }
    if artifact.files != nil {
      // The list of files, by which the folder's digest can be checked.
      let list = try FolderList("\(context.workspace)/\(path)")
      _ = try await setting.home.keep(report: Array(list.text.utf8), at: path)
    }
    try RunArtifact(subject: subject, form: artifact.form.word)
      .write(context.run, context.stage, context.step, setting.home)
    context.log("\(path): \(artifact.form.word), \(artifact.bytes) bytes, \(artifact.digest)")
    return ActionOutcome(.passed, evidence: evidence, subjects: [subject])
  }

  /// A detached signature that lies in the workspace, by a key that lies in the commit.
  private static func signature(
    of artifact: RecognisedArtifact, _ context: StepContext, _ setting: RunSetting
  ) async throws -> ArtifactRecord.Signature? {
    guard let file = context.text("signature") else { return nil }
    guard let key = context.text("key") else {
      throw Problem(
        .badInput, "a signature is verified with a key, and none is named",
        advice: "Name the file of the public key: with: {signature: …, key: …}")
    }
    let source = try await setting.freshExport(to: "\(context.scratch)/key-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(atPath: source) }
    return try await ArtifactDocuments(home: setting.home).signature(
      "\(context.workspace)/\(try ImageBuild.inside(file))",
      of: "\(context.workspace)/\(try ImageBuild.inside(context.text("path") ?? ""))",
      digests: [artifact.digest],
      keys: [try ArtifactDocuments.publicKey("\(source)/\(try ImageBuild.inside(key))")])
  }

  /// SLSA provenance v1: the steps of this run made it in its workspace.
  private static func provenance(
    _ path: String, _ artifact: RecognisedArtifact, _ context: StepContext, _ setting: RunSetting
  ) -> JSONValue {
    .object([
      "urn:pratique:application": .string(setting.application.name),
      "urn:pratique:run": .string(context.run),
      "urn:pratique:build-level": .object([
        "level": .string(BuildLevel.word),
        "reasons": .array(BuildLevel.reasons.map { .string($0) }),
      ]),
      "buildDefinition": .object([
        "buildType": .string("urn:pratique:build:steps:v1"),
        "externalParameters": .object([
          "path": .string(path), "stage": .string(context.stage), "step": .string(context.step),
        ]),
        "internalParameters": .object(["export": .string(setting.export.description)]),
        "resolvedDependencies": .array([
          .object([
            "uri": .string("git+file:\(setting.application.name)"),
            "digest": .object(["gitCommit": .string(setting.commitID)]),
          ])
        ]),
      ]),
      "runDetails": .object([
        "builder": .object(["id": .string("urn:pratique:builder:steps")]),
        "metadata": .object([
          "invocationId": .string(context.run),
          "finishedOn": .string(context.time.now().description),
        ]),
      ]),
    ])
  }
}
