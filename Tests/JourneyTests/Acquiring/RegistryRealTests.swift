import Attestation
import Foundation
import Ledger
import Model
import Packaging
import Pipeline
import Processes
import Reading
import TestKit
import Testing

@testable import Journey

/// A registry of Debian's package on a loopback port, which asks for a name and a password.
private final class SampleRegistry {
  static let credentials = "ana:planted-password"
  let port: Int
  private let process: Process

  init(_ folder: TemporaryFolder) throws {
    port = try RealHouse.freePort()
    // bcrypt of the password above, as `htpasswd -B` writes it.
    try Data("ana:$2y$04$abcdefghijklmnopqrstuuaalozgO24BBozvnT9Bl74og5BKuD1Fe\n".utf8).write(
      to: URL(fileURLWithPath: folder.file("htpasswd")))
    let settings = """
      version: 0.1
      log: {level: error}
      storage: {filesystem: {rootdirectory: \(folder.file("registry"))}}
      http: {addr: 127.0.0.1:\(port)}
      auth: {htpasswd: {realm: house, path: \(folder.file("htpasswd"))}}

      """
    try Data(settings.utf8).write(to: URL(fileURLWithPath: folder.file("registry.yml")))
    process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["docker-registry", "serve", folder.file("registry.yml")]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  deinit {
    process.terminate()
    process.waitUntilExit()
  }
}

@Suite(
  "Builders and a registry", .serialized,
  .enabled(if: RealHouse.mayRun, "not installed: \(RealHouse.missing)"))
struct RegistryRealTests {
  private let real: RealHouse
  private let registry: SampleRegistry

  init() async throws {
    var real = try await RealHouse()
    real.secrets = ["REGISTRY": SampleRegistry.credentials]
    registry = try SampleRegistry(real.house.folder)
    self.real = real
    for _ in 0..<100 {
      if (try? await real.run("curl", "-s", "http://127.0.0.1:\(registry.port)/v2/")) != nil {
        return
      }
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  private static let bill = """
    {"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[
     {"type":"library","name":"zlib","version":"1.3.1","purl":"pkg:generic/zlib@1.3.1"}]}
    """

  private func pipeline(_ steps: String) -> String {
    """
    version: 1
    application: {name: pump}
    stages:
      build:
        steps:
          image: {uses: image/build, with: {builder: buildah, twice: true}}
          archive: {run: "mkdir out && cp words out/words && tar -cf pump.tar -C out ."}
          recorded: {uses: artifact/record, needs: archive, with: {path: pump.tar, form: tar}}
          bill: {run: "mkdir bill && cp bill.json bill/bill.json", needs: image, reports: [{path: bill/bill.json, format: cyclonedx, kind: inventory}]}
          tree: {uses: artifact/record, needs: archive, with: {path: out}}
      publish:
        steps:
    \(steps)
    """
  }

  private var repository: String { "127.0.0.1:\(registry.port)/house/pump" }

  @Test func anImageIsBuiltTwicePushedByDigestAndItsAttestationsBesideIt() async throws {
    try await real.commit([
      "words": "hello\n", "Containerfile": "FROM scratch\nCOPY words /words\n",
      "bill.json": Self.bill,
      "pratique.yaml": pipeline(
        """
              push: {uses: image/push, with: {repository: "\(repository)", tag: "1.0", credentials: "environment:REGISTRY"}}
              again: {uses: image/push, needs: push, with: {repository: "\(repository)", credentials: "environment:REGISTRY"}}
              bind: {uses: release/bind, needs: again, with: {version: "1.0"}}
              attach: {uses: image/attach, needs: bind, with: {repository: "\(repository)", credentials: "environment:REGISTRY"}}
        """),
    ])
    let result = try await real.carry()
    #expect(result.outcome.word == .succeeded, "\(result.summary)")

    let release = try await real.house.home.release(named: "latest")
    let manifest = try #require(release.containerImage?.digests.first)
    #expect(release.artifacts?.map(\.name).sorted() == ["artifact:out", "artifact:pump.tar"])
    let artifacts = try await real.predicates(.artifact, as: ArtifactRecord.self)
    #expect(artifacts.map(\.form).sorted() == ["folder", "tar"])

    let published = try await real.predicates(.publication, as: Publication.self)
    #expect(published.map(\.wasThere) == [false, true, true])
    #expect(published.allSatisfy { $0.manifest == manifest && !$0.isEncrypted })
    #expect(
      published.last?.attached.map(\.tag) == [
        "sha256-\(manifest.hex).sig", "sha256-\(manifest.hex).att",
      ])

    // The intent stands before the push.
    let intents = try await real.house.home.ledger.read { try $0.indices(kind: .intent) }
    let pushes = try await real.house.home.ledger.read { try $0.indices(kind: .publication) }
    #expect(try #require(intents.first) < #require(pushes.first))

    // What the registry gives is what was built, byte for byte; curl is nobody's of this project.
    let raw = try await fetch("manifests/\(manifest)")
    #expect(Digest.sha256(raw) == manifest)
    #expect(try await fetch("manifests/1.0") == raw)
    try await attachments(of: manifest)
    try await provenance(of: manifest)
    try nothingOfThePasswordIsLeft()
  }

  private func fetch(_ path: String) async throws -> [UInt8] {
    Array(
      try await real.run(
        "curl", "-sf", "-u", SampleRegistry.credentials, "-H",
        "Accept: application/vnd.oci.image.manifest.v1+json",
        "http://127.0.0.1:\(registry.port)/v2/house/pump/\(path)"
      ).utf8)
  }

  /// openssl verifies the simple signature; each attestation is an envelope of the ledger.
  private func attachments(of manifest: Digest) async throws {
    let signature = try JSONReader.read(
      await fetch("manifests/\(CosignForm.tag(.signatures, of: manifest))"))
    let layer = try #require(signature["layers"]?[0])
    let payload = try await fetch("blobs/\(try #require(layer["digest"]?.string))")
    let value = try #require(
      layer["annotations"]?[CosignForm.signatureAnnotation]?.string.flatMap(Base64.decode))
    let key = try await real.house.home.pipelineSigner().publicKey
    let folder = real.house.folder
    for (name, bytes) in [
      ("payload", payload), ("value", value), ("key.pem", Array(key.pem.utf8)),
    ] {
      try Data(bytes).write(to: URL(fileURLWithPath: folder.file(name)))
    }
    try await real.run(
      "openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", folder.file("key.pem"), "-in",
      folder.file("payload"), "-sigfile", folder.file("value"))
    #expect(String(decoding: payload, as: UTF8.self).contains(manifest.description))

    let attestations = try JSONReader.read(
      await fetch("manifests/\(CosignForm.tag(.attestations, of: manifest))"))
    let layers = try #require(attestations["layers"]?.array)
    let types = layers.compactMap { $0["annotations"]?["predicateType"]?.string }
    #expect(types.contains("https://slsa.dev/provenance/v1"))
    #expect(types.last == "https://cyclonedx.org/bom")
    var files: [String] = []
    for layer in layers {
      let bytes = try await fetch("blobs/\(try #require(layer["digest"]?.string))")
      #expect(try Envelope(json: bytes).verifyingKeys(among: [key]) == [key])
      files.append(folder.file("envelope-\(files.count).json"))
      try Data(bytes).write(to: URL(fileURLWithPath: files[files.count - 1]))
    }
    try await others(files, key: key)
  }

  /// securesystemslib verifies every envelope that the registry gave.
  private func others(_ files: [String], key: PublicKey) async throws {
    let environment = ProcessInfo.processInfo.environment
    let cache = environment["XDG_CACHE_HOME"] ?? "\(NSHomeDirectory())/.cache"
    let tools = environment["PRATIQUE_TOOLS"] ?? "\(cache)/pratique/tools"
    let python = "\(tools)/verifiers/bin/python"
    guard
      environment["CI"] == "true" || FileManager.default.isExecutableFile(atPath: python)
    else { return }
    let script = """
      import json, sys
      from securesystemslib.dsse import Envelope
      from securesystemslib.signer import SSlibKey
      key = SSlibKey("k", "ed25519", "ed25519", {"public": sys.argv[1]})
      for path in sys.argv[2:]:
          document = json.load(open(path))
          for signature in document["signatures"]: signature["keyid"] = "k"
          Envelope.from_dict(document).verify([key], threshold=1)
          print("verified")
      """
    let raw = Hexadecimal.encode(key.subjectPublicKeyInfo.suffix(32))
    let result = try await CommandRunner.live.run(
      Command(python, ["-c", script, raw] + files, environment: environment))
    #expect(result.text.split(separator: "\n").count == files.count, "\(result)")
  }

  private func provenance(of manifest: Digest) async throws {
    let all = try await real.predicates(.provenance, as: JSONValue.self)
    let image = try #require(all.first { $0["urn:pratique:second-build"] != nil })
    #expect(image["urn:pratique:second-build"]?["isSame"]?.bool == true, "\(image)")
    #expect(image["urn:pratique:build-level"]?["level"]?.string == "SLSA_BUILD_LEVEL_1")
    #expect(image["runDetails"]?["builder"]?["id"]?.string == "urn:pratique:builder:buildah")
  }

  private func nothingOfThePasswordIsLeft() throws {
    let password = Data("planted-password".utf8)
    let basic = Data(Base64.encode(Array(SampleRegistry.credentials.utf8)).utf8)
    let home = real.house.home.path
    let names = try #require(FileManager.default.enumerator(atPath: home))
    for case let name as String in names {
      #expect(!name.hasPrefix("registry-"), "the credentials' folder is still there")
      guard let data = FileManager.default.contents(atPath: "\(home)/\(name)") else { continue }
      #expect(data.range(of: password) == nil && data.range(of: basic) == nil, "\(name)")
    }
  }

  /// A step that writes chance into the image: the evidence says which layer, and who made it.
  @Test func anImageThatComesOutOtherwiseIsSaidToAndNothingIsPushedWithoutCredentials() async throws
  {
    try real.house.write(
      "chance.c",
      """
      #include <stdio.h>
      #include <sys/random.h>
      int main(void) {
        unsigned char bytes[16];
        FILE *file = fopen("/chance", "w");
        if (!file || getrandom(bytes, sizeof bytes, 0) != sizeof bytes) return 1;
        return fwrite(bytes, 1, sizeof bytes, file) != sizeof bytes || fclose(file);
      }
      """)
    try await real.commit([
      "words": "hello\n", "bill.json": Self.bill,
      "Containerfile":
        "FROM scratch\nCOPY words /words\nCOPY chance /chance-maker\nRUN [\"/chance-maker\"]\n",
      "pratique.yaml": pipeline(
        "      push: {uses: image/push, with: {repository: \"\(repository)\"}}"
      ).replacing("builder: buildah", with: "builder: podman"),
    ])
    try await real.run(
      "clang", "-static", "-o", "\(real.repository)/chance", real.house.folder.file("chance.c"))
    try await real.commit([:])
    let result = try await real.carry()
    #expect(result.outcome.word == .failed)
    let all = try await real.predicates(.provenance, as: JSONValue.self)
    let second = try #require(all.compactMap { $0["urn:pratique:second-build"] }.first)
    #expect(second["isSame"]?.bool == false)
    let differences = second["differences"]?.array?.compactMap(\.string) ?? []
    #expect(
      differences.contains {
        $0.hasPrefix("layer ") && $0.contains("other content") && $0.contains("chance-maker")
      }, "\(differences)")
    #expect(try await real.predicates(.publication, as: Publication.self).isEmpty)
    #expect(try await real.house.home.ledger.read { try $0.indices(kind: .intent) }.count == 1)
  }
}
