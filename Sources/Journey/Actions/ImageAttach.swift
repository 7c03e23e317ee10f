import Attestation
import Blobs
import Foundation
import Model
import Packaging
import Pipeline
import Reading

/// `image/attach`: attaches signature and attestations to a pushed image in cosign's form, so that
/// admission controllers which know cosign can check them.
enum ImageAttach {
  static let signature = ActionSignature(
    "image/attach",
    parameters: [
      ActionParameter("repository", isRequired: true), ActionParameter("credentials"),
      ActionParameter("kinds", .list),
    ])

  static func action(_ setting: RunSetting) -> StepAction {
    StepAction(
      signature,
      effect: { "signature and attestations of the image to \($0.text("repository") ?? "")" },
      run: { try await run($0, setting) })
  }

  private static func run(_ context: StepContext, _ setting: RunSetting) async throws
    -> ActionOutcome
  {
    let repository = try RegistryRepository(context.text("repository") ?? "")
    let image = try BuiltImage.read(context.run, setting.home)
    let kinds = try kinds(context)
    let signer = try await setting.home.pipelineSigner()
    let attachments = ImageAttachments(home: setting.home, manifest: image.manifest)
    var envelopes = try await attachments.envelopes(kinds)
    if kinds.contains(.inventory), let bill = try await attachments.inventory(signer, envelopes) {
      envelopes.append(bill)
    }
    let artifacts: [(CosignForm.Attachment, OCIArtifact, [String])] = [
      (
        .signatures,
        try CosignForm.signature(of: image.manifest, in: repository, by: signer), ["signature"]
      ),
      (
        .attestations, try CosignForm.attestations(envelopes, of: image.manifest),
        try envelopes.map { try Statement(json: Envelope(json: $0).payload).predicateType }
      ),
    ]
    let publication = try await RegistryAccess.with(
      repository, credentials: context.text("credentials"), context: context, setting: setting
    ) { registry in
      guard try await registry.manifest(image.manifest) != nil else {
        throw Problem(
          .stepFailed, "the registry does not have the image \(image.manifest)",
          at: repository.description, advice: "Let a step with `uses: image/push` come before.")
      }
      var attached: [Publication.Attachment] = []
      for (form, artifact, contents) in artifacts where !contents.isEmpty {
        let tag = CosignForm.tag(form, of: image.manifest)
        let layout = "\(context.scratch)/\(tag)-\(UUID().uuidString)"
        for file in try artifact.layout() {
          let path = "\(layout)/\(file.path)"
          try LedgerHome.makeFolder(PathText.parent(of: path))
          try DurableFile.write(file.content, to: path)
        }
        defer { try? FileManager.default.removeItem(atPath: layout) }
        try await registry.push(layout, tag: tag)
        guard try await registry.manifest(tag: tag) == artifact.manifest else {
          throw Problem(
            .notTrusted, "the tag \"\(tag)\" names something else than was attached",
            at: repository.description)
        }
        attached.append(.init(tag: tag, manifest: artifact.manifest, contents: contents))
        context.log("\(tag): \(contents.count) attached, and read back")
      }
      return Publication(
        application: setting.application.name, run: context.run, time: context.time.now(),
        repository: repository.description, manifest: image.manifest, tag: nil, wasThere: true,
        isEncrypted: registry.isEncrypted, attached: attached, tool: try await registry.tool())
    }
    return ActionOutcome(
      .passed,
      evidence: [
        Evidence(
          kind: .publication, subjects: [image.subject(setting.application)],
          predicate: publication)
      ], tools: [publication.tool])
  }

  private static func kinds(_ context: StepContext) throws -> [EvidenceKind] {
    guard let words = context.parameters["kinds"]?.array?.compactMap(\.string) else {
      return ImageAttachments.usualKinds
    }
    let kinds = words.map { EvidenceKind(rawValue: $0) }
    if let unknown = kinds.first(where: { !EvidenceKind.all.contains($0) }) {
      throw Problem(.badInput, "\"\(unknown.rawValue)\" is no kind of evidence")
    }
    return kinds
  }
}

extension LedgerHome {
  /// The key of the machine that runs pipelines.
  ///
  /// - Throws: `Problem` with `notTrusted` where the trust root names none.
  func pipelineSigner() async throws -> Signer {
    guard
      let machine = try await trustRoot().machines.first(where: { $0.roles.contains(.pipeline) })
    else { throw Problem(.notTrusted, "no machine of the trust root runs pipelines") }
    return try signer(machine: machine.id)
  }
}
