import Foundation
import Intake
public import Model
import Processes

extension LedgerHome {
  /// Takes a vendor's artifact in, and binds it as a release of origin `acquired`.
  ///
  /// The vendor's signatures are verified first, by keys that the trust root in force gives it. Then
  /// all that came with it is recorded in one write, signed by the person and the machine: what came
  /// in, what it is, what it is made of, what is said of its vulnerabilities, how the acceptance test
  /// ended, and the release.
  ///
  /// - Parameters:
  ///   - commands: runs skopeo, which reads images; `nil` for the live one.
  ///   - environment: the environment of that program.
  /// - Throws: `Problem` with `notTrusted` for a vendor, key or signature that does not count;
  ///   `badInput` or `notFound` for what cannot be read. Then nothing was recorded.
  public func acquire(
    _ request: AcquisitionRequest, by acting: ActingPerson, time: TimeSource,
    commands: CommandRunner? = nil, environment: [String: String]
  ) async throws -> AcquiredRelease {
    try request.check()
    let reason = try ReasonText.check(request.reason)
    let now = time.now()
    let root = try await trustRoot()
    let signatory = try Signatory(
      acting.signer, in: root, kind: .acquisition, role: acting.role,
      application: request.application, time: now)
    let keys = try VendorKeys(
      request.vendor, in: root, application: request.application, time: now)
    // Without its key nothing starts.
    let recorder = try await recorder(role: .pipeline, time: time)
    try await refuseKnown(request)
    let artifact = try AcquiredArtifact(request.artifact.path)
    let work = AcquiringWork(
      home: self, request: request, artifact: artifact, keys: keys, run: RunJourney.newID(now),
      time: now, person: signatory.person, reason: reason)
    // Before anything of it is unpacked.
    let signature = try await work.verified(
      request.artifact, digests: artifact.digests, .artifact, signs: artifact.signed)
    let image = try await artifact.keep(
      self, commands: commands ?? .live,
      environment: RunSetting.toolEnvironment(from: environment))
    let (release, acquisition, evidence) = try await work.evidence(signature, image)
    let entries = try await recorder.record(evidence, with: signatory.signer)
    await keepHighest()
    return AcquiredRelease(
      release: release, acquisition: acquisition, entries: entries, missing: work.missing)
  }

  /// One version is one thing: the same version again with other bytes would be two.
  private func refuseKnown(_ request: AcquisitionRequest) async throws {
    let known = try await releases().first {
      $0.release.application.utf8.elementsEqual(request.application.utf8)
        && $0.release.version.utf8.elementsEqual(request.version.utf8)
    }
    guard let known else { return }
    throw Problem(
      .badInput,
      "release \(request.version) of \(request.application) is in the ledger already, as entry"
        + " \(known.index)",
      advice: "Record what came later with: pratique collect --release \(request.version) FILE")
  }
}
