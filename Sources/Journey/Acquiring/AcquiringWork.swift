import Foundation
import Intake
import Model
import Packaging

/// Makes the evidence of one acquisition.
struct AcquiringWork {
  let home: LedgerHome
  let request: AcquisitionRequest
  let artifact: AcquiredArtifact
  let keys: VendorKeys
  let run: String
  let time: Instant
  let person: String
  let reason: String

  /// The suite under which the acceptance test is recorded.
  static let suite = "acceptance"

  private var documents: ArtifactDocuments { ArtifactDocuments(home: home) }

  /// What is delivered: the image where there is one, otherwise the artifact as it came.
  private var subject: Subject {
    if let manifest = artifact.manifest {
      return Subject(name: "image:\(request.application)", digest: manifest)
    }
    return Subject(name: "artifact:\(artifact.name)", digest: artifact.digest)
  }

  /// What did not come.
  var missing: [String] {
    [
      request.inventory == nil ? "no bill of materials came with it" : nil,
      request.exploitability == nil ? "no word on vulnerabilities (VEX) came with it" : nil,
      request.acceptance == nil ? "no acceptance test was recorded" : nil,
    ].compactMap(\.self)
  }

  /// Verifies the signatures of what came with the artifact, reads every report, and says what is to
  /// be recorded.
  func evidence(
    _ signature: ArtifactRecord.Signature?, _ image: OCILayout?
  ) async throws -> (Release, Acquisition, [Evidence]) {
    let release = Release(
      application: request.application, version: request.version, origin: .acquired, commit: nil,
      image: image == nil ? nil : subject, imageConfig: image?.config,
      artifacts: image == nil ? [subject] : [], vendor: request.vendor)
    var came = [
      Acquisition.Document(
        matter: .artifact, name: artifact.name, digest: artifact.digest, signature: signature)
    ]
    var further: [Evidence] = []
    for (document, matter) in [
      (request.inventory, TrustRoot.Vendor.Matter.inventory),
      (request.exploitability, .exploitability),
    ] {
      guard let document else { continue }
      let (piece, entry) = try await read(document, matter, image)
      came.append(entry)
      further.append(piece)
    }
    if let acceptance = request.acceptance { further.append(try await accepted(acceptance)) }
    let acquisition = Acquisition(
      application: request.application, run: run, time: time, vendor: request.vendor,
      version: request.version, form: artifact.form.word, mediaType: artifact.form.mediaType,
      bytes: artifact.bytes, documents: came, person: person, reason: reason)
    let record = ArtifactRecord(
      application: request.application, run: run, time: time, name: artifact.name,
      form: artifact.form.word, mediaType: artifact.form.mediaType, digest: artifact.digest,
      bytes: artifact.bytes, files: nil, signature: signature)
    return (
      release, acquisition,
      [
        Evidence(kind: .acquisition, subjects: [subject], predicate: acquisition),
        Evidence(kind: .artifact, subjects: [subject], predicate: record),
      ] + further + [
        Evidence(
          kind: .release, subjects: release.subjects,
          predicate: try ReleaseBind.predicate(release, run: run, time: time))
      ]
    )
  }

  /// The vendor's signature, where there is one.
  func verified(
    _ document: AcquisitionRequest.Document, digests: Set<Digest>,
    _ matter: TrustRoot.Vendor.Matter, signs content: String
  ) async throws -> ArtifactRecord.Signature? {
    guard let signature = document.signature else { return nil }
    return try await documents.signature(
      signature, of: content, digests: digests, keys: keys.keys(for: matter))
  }

  /// A bill of materials or a word on vulnerabilities, as evidence and as part of what came.
  private func read(
    _ document: AcquisitionRequest.Document, _ matter: TrustRoot.Vendor.Matter,
    _ image: OCILayout?
  ) async throws -> (Evidence, Acquisition.Document) {
    let (report, step) = try await documents.report(
      document.path, of: expected(image), application: request.application, run: run, time: time)
    let signature = try await verified(
      document, digests: [report.digest], matter, signs: document.path)
    let piece =
      matter == .inventory
      ? Evidence(
        kind: .inventory, subjects: [subject], predicate: try report.inventoryResult(step: step))
      : Evidence(
        kind: .exploitability, subjects: [subject],
        predicate: try report.exploitabilityResult(step: step))
    return (
      piece,
      Acquisition.Document(
        matter: matter, name: URL(fileURLWithPath: document.path).lastPathComponent,
        digest: report.digest, signature: signature)
    )
  }

  private func accepted(_ path: String) async throws -> Evidence {
    let (report, step) = try await documents.report(
      path, of: [subject], application: request.application, run: run, time: time)
    return Evidence(
      kind: .testResult, subjects: [subject],
      predicate: try report.testResult(suite: Self.suite, step: step))
  }

  /// What a report may name: the image by either digest, or the file as it came.
  private func expected(_ image: OCILayout?) -> [Subject] {
    (artifact.digests.sorted() + (image.map { [$0.config] } ?? [])).map {
      Subject(name: artifact.name, digest: $0)
    }
  }
}
