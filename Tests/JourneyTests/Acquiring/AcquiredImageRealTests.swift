import Attestation
import Delivery
import Foundation
import Ledger
import Model
import Pipeline
import Reading
import TestKit
import Testing

@testable import Journey

/// A vendor's image from its archive to production: the hospital's repository has manifests and a
/// pipeline, and no source.
@Suite(
  "An acquired image", .serialized,
  .enabled(if: RealHouse.mayRun, "not installed: \(RealHouse.missing)"))
struct AcquiredImageRealTests {
  private var real: RealHouse
  private let ports: [String: Int]

  init() async throws {
    real = try await RealHouse()
    ports = ["staging": try RealHouse.freePort(), "production": try RealHouse.freePort()]
    let environments = ports.sorted { $0.key > $1.key }.map { name, port in
      """
        \(name):
          target: podman
          manifests: \(real.repository)/deploy
          port: \(port)
          health: {path: /readyz, interval: 200ms, successes: 2, failures: 3, timeout: 2s, deadline: 30s}
      """
    }
    try real.house.write(
      "environments.yaml", "version: 1\nenvironments:\n\(environments.joined(separator: "\n"))\n")
    real.environments = real.house.folder.file("environments.yaml")
    try await real.commit(["deploy/pump.yaml": Self.manifests, "pratique.yaml": Self.pipeline])
  }

  private static let pipeline = """
    version: 1
    application: {name: pump}
    stages:
      take:
        steps: {release: {uses: release/take, with: {release: "4.2"}}}
      staging:
        steps:
          gate: {uses: gate, with: {environment: staging}}
          deploy: {uses: environment/deploy, needs: gate, with: {environment: staging, manifests: deploy}}
      production:
        steps:
          gate: {uses: gate, with: {environment: production}}
          deploy: {uses: environment/deploy, needs: gate, with: {environment: production, manifests: deploy}}

    """

  private static let manifests = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: pump}
    spec:
      selector: {matchLabels: {app: pump}}
      template:
        metadata: {labels: {app: pump}}
        spec:
          terminationGracePeriodSeconds: 2
          securityContext: {runAsNonRoot: true, runAsUser: 10001, runAsGroup: 10001}
          containers:
          - name: pump
            image: pump
            ports: [{containerPort: 8080}]
            resources: {limits: {memory: 64Mi}}
            securityContext:
              allowPrivilegeEscalation: false
              readOnlyRootFilesystem: true
              capabilities: {drop: [ALL]}

    """

  /// What the vendor does, on its own machine: builds, packs, signs.
  private func ship() async throws {
    let source = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "DeliveryTests/Fixtures/server.c").path
    let house = real.house
    try FileManager.default.createDirectory(
      atPath: house.folder.file("vendor"), withIntermediateDirectories: true)
    try house.write(
      "vendor/Containerfile",
      "FROM scratch\nCOPY server /server\nENV VERSION=4.2\nCMD [\"/server\"]\n")
    try await real.run(
      "clang", "-static", "-O1", "-pthread", "-o", house.folder.file("vendor/server"), source)
    try await real.run(
      "buildah", "build", "--pull-never", "--format=oci", "--timestamp=1700000000",
      "--layers=false",
      "--iidfile=\(house.folder.file("id"))", house.folder.file("vendor"))
    let id = try String(contentsOfFile: house.folder.file("id"), encoding: .utf8)
    try await real.run(
      "buildah", "push", "--quiet", "--format=oci",
      id.trimmingCharacters(in: .whitespacesAndNewlines),
      "oci-archive:\(house.folder.file("pump.tar")):pump")
    try await real.run(
      "buildah", "rmi", "--force", id.trimmingCharacters(in: .whitespacesAndNewlines))
    try house.sign("pump.tar", by: "acme")
  }

  @Test func aVendorsImageGoesThroughGatesToProduction() async throws {
    try await ship()
    let folder = real.house.folder
    try await nothingIsUnpackedThatIsNotSigned()
    let acquired = try await real.house.home.acquire(
      real.house.request {
        $0.artifact = .init(path: folder.file("pump.tar"), signature: folder.file("pump.tar.sig"))
      }, by: real.house.person("ana"), time: .system,
      environment: ProcessInfo.processInfo.environment)
    let release = acquired.release
    #expect(acquired.acquisition.form == "image-archive")
    #expect(release.containerImage != nil && release.artifacts == nil)
    do {
      try await toProduction(release)
    } catch {
      try? await takeDown()
      throw error
    }
    try await takeDown()
    try await aStatementAboutTheManifestWillDo(release)
    try await changedImagesAreNotTaken(release)
  }

  private func nothingIsUnpackedThatIsNotSigned() async throws {
    let folder = real.house.folder
    try real.house.sign("pump.tar", by: "stranger")
    await #expect(throws: Problem.self) {
      try await real.house.acquire {
        $0.artifact = .init(path: folder.file("pump.tar"), signature: folder.file("pump.tar.sig"))
      }
    }
    #expect(!FileManager.default.fileExists(atPath: "\(real.house.home.path)/images"))
    try real.house.sign("pump.tar", by: "acme")
  }

  /// The same image as a layout, signed by a statement that names its manifest.
  private func aStatementAboutTheManifestWillDo(_ release: Release) async throws {
    let layout = try real.house.home.image(of: release).path
    let statement = try Statement(
      subjects: release.delivered, predicateType: "https://slsa.dev/provenance/v1",
      predicate: .object([:]))
    let key = try #require(real.house.keys["acme"])
    let envelope = try Envelope(signing: statement.json(), by: [key.signer]).json()
    let file = real.house.folder.file("pump.dsse.json")
    try Data(envelope).write(to: URL(filePath: file))
    let again = try await real.house.home.acquire(
      real.house.request {
        $0.version = "4.2.1"
        $0.artifact = .init(path: layout, signature: file)
      }, by: real.house.person("ana"), time: .system,
      environment: ProcessInfo.processInfo.environment)
    #expect(again.release.delivered == release.delivered)
    #expect(again.acquisition.form == "image-layout")
    #expect(again.acquisition.documents.first?.signature?.form == "dsse")
  }

  /// The same artifact with other settings is a release of its own, with this commit as its settings.
  @Test func whatWasAcquiredIsConfigured() async throws {
    let acquired = try await real.house.acquire().release
    try await real.commit([
      "pratique.yaml": """
      version: 1
      application: {name: pump}
      stages:
        configure:
          steps:
            release: {uses: release/configure, with: {release: "4.2", version: "4.2-ward-b"}}
            strict: {uses: gate, needs: release, with: {environment: strict}}

      """
    ])
    let result = try await real.carry()
    #expect(result.outcome.problem?.code == .gateRefused, "\(result.summary)")
    let release = try await real.house.home.release(named: "latest")
    #expect(release.origin == .configured)
    #expect(release.delivered == acquired.delivered)
    #expect(release.vendor == "acme")
    #expect(release.commit != nil)
    #expect(release.version.hasPrefix("4.2-ward-b-"))
    // What was shown of the artifact is shown of it; the commit is another thing to ask about.
    let decision = try await real.house.home.judge(release, environment: "staging", time: .system)
    #expect(
      decision.controls.filter { $0.state != .met }.map(\.control) == ["house.signed"])
  }

  private func toProduction(_ release: Release) async throws {
    let waiting = try await real.carry()
    #expect(waiting.outcome.word == .waiting, "\(waiting.summary)")
    #expect(try await answer("staging").contains("4.2"))
    let ben = try #require(real.house.keys["ben"])
    _ = try await real.house.home.approve(
      release, environment: "production", verdict: .approved, role: Role(rawValue: "clinical-lead"),
      reason: "tried on the ward", key: ben.signer, time: .system)
    let done = try await real.carry(resuming: true)
    #expect(done.outcome.word == .succeeded, "\(done.summary)")
    #expect(try await answer("production").contains("4.2"))
    let verified = try await real.house.home.verify(release)
    #expect(verified.holds, "\(verified.checks.filter { !$0.holds })")
    #expect(verified.checks.contains { $0.name == "image" })
    let rollouts = try await real.predicates(.rollout, as: RolloutReport.self)
    // The run that goes on asks the gate of staging again, and brings the same release in again.
    #expect(rollouts.first?.environment == "staging" && rollouts.last?.environment == "production")
    #expect(rollouts.allSatisfy { $0.outcome == .released && $0.version == "4.2" })
  }

  private func answer(_ environment: String) async throws -> String {
    try await real.run("curl", "-sf", "http://127.0.0.1:\(try #require(ports[environment]))/")
  }

  private func takeDown() async throws {
    let file = try #require(real.environments)
    let environments = try EnvironmentFile.read(InputFile.read(file), path: file)
    for name in ports.keys {
      _ = try await EnvironmentActs(
        home: real.house.home, application: "pump",
        environment: environments.environment(named: name),
        variables: ProcessInfo.processInfo.environment, time: .system
      ).takeDown(reason: "the test is over", key: nil)
    }
  }

  private func changedImagesAreNotTaken(_ release: Release) async throws {
    let layout = try real.house.home.image(of: release)
    let blob = "\(layout.path)/blobs/sha256/\(layout.config.hex)"
    var bytes = try Data(contentsOf: URL(filePath: blob))
    bytes.append(0x20)
    try FileManager.default.removeItem(atPath: blob)
    try bytes.write(to: URL(filePath: blob))
    let result = try await real.carry()
    #expect(result.outcome.word == .failed)
    #expect("\(result.summary)".contains("the image was changed"), "\(result.summary)")
    #expect(try await real.house.home.verify(release).holds == false)
  }
}
