import Model
import Packaging
import Pipeline

/// `image/push`: puts the image into a registry by its digest, and reads it back.
enum ImagePush {
  static let signature = ActionSignature(
    "image/push",
    parameters: [
      ActionParameter("repository", isRequired: true), ActionParameter("tag"),
      ActionParameter("credentials"),
    ])

  static func action(_ setting: RunSetting) -> StepAction {
    StepAction(
      signature,
      effect: { context in
        let image = (try? BuiltImage.read(context.run, setting.home))?.manifest.description
        return "image \(image ?? "of the run") to \(context.text("repository") ?? "")"
          + (context.text("tag").map { ", tag \($0)" } ?? "")
      },
      run: { try await run($0, setting) })
  }

  private static func run(_ context: StepContext, _ setting: RunSetting) async throws
    -> ActionOutcome
  {
    let repository = try RegistryRepository(context.text("repository") ?? "")
    let image = try BuiltImage.read(context.run, setting.home)
    // Every blob is hashed again: what is pushed is what was built and scanned.
    let layout = try setting.home.image(image.manifest)
    let tag = context.text("tag")
    if let tag { _ = try repository.reference(tag: tag) }
    let publication = try await RegistryAccess.with(
      repository, credentials: context.text("credentials"), context: context, setting: setting
    ) { registry in
      let tool = try await registry.tool()
      let wasThere = try await registry.manifest(layout.manifest) != nil
      if !wasThere { try await registry.push(layout.path, as: layout.manifest) }
      guard try await registry.manifest(layout.manifest) != nil else {
        throw Problem(
          .stepFailed, "the registry does not have \(layout.manifest) after the push",
          at: repository.description)
      }
      if let tag {
        try await registry.push(layout.path, tag: tag)
        guard try await registry.manifest(tag: tag) == layout.manifest else {
          throw Problem(
            .notTrusted, "the tag \"\(tag)\" names another image than was pushed",
            at: repository.description, advice: "Somebody else may have moved it meanwhile.")
        }
      }
      return Publication(
        application: setting.application.name, run: context.run, time: context.time.now(),
        repository: repository.description, manifest: layout.manifest, tag: tag,
        wasThere: wasThere, isEncrypted: registry.isEncrypted, tool: tool)
    }
    context.log(
      "\(publication.wasThere ? "was there already" : "pushed"), and read back:"
        + " \(repository)@\(layout.manifest)")
    return ActionOutcome(
      .passed,
      evidence: [
        Evidence(
          kind: .publication, subjects: [image.subject(setting.application)],
          predicate: publication)
      ], tools: [publication.tool])
  }
}
