import Attestation
import Foundation
import Model
import Packaging
import Reading
import Testing

@Suite("Repositories in registries")
struct RegistryTests {
  @Test(
    "a repository is named with its registry",
    arguments: [
      ("registry.example/portal", false), ("registry.example:5000/team/portal", false),
      ("127.0.0.1:5000/portal", true), ("localhost/portal", true),
      ("localhost:5000/a__b/c-d", true),
      ("[::1]:5000/portal", true), ("127.0.0.1.example:5000/portal", false),
      ("127.0.0.300:5000/portal", false),
    ])
  func repositories(text: String, isLoopback: Bool) throws {
    let repository = try RegistryRepository(text)
    #expect(repository.description == text)
    #expect(repository.isLoopback == isLoopback)
  }

  @Test(
    "what is no repository is refused",
    arguments: [
      "portal", "team/portal", "docker://registry.example/portal", "registry.example/portal:1",
      "registry.example/portal@sha256:aa", "registry.example/Portal", "registry.example/a//b",
      "registry.example/-a", "registry.example/a..b", "registry.example:0/a",
      "registry.example:70000/a", "registry.example/", "reg istry.example/a", "-x.example/a",
      "registry.example/a b", "[::1/a", "user@registry.example/a",
    ])
  func refused(text: String) {
    #expect(throws: Problem.self) { try RegistryRepository(text) }
  }

  @Test func tagsHaveTheirForm() throws {
    let repository = try RegistryRepository("localhost/a")
    #expect(try repository.reference(tag: "1.4.0-x_y") == "docker://localhost/a:1.4.0-x_y")
    for tag in ["", ".a", "-a", "a b", "a:b", "a@b", String(repeating: "a", count: 129)] {
      #expect(throws: Problem.self) { try repository.reference(tag: tag) }
    }
  }

  @Test func credentialsBecomeAFileAndAreNeverRepeated() throws {
    let made = try RegistryCredentials(Array("ada:s3cret:x\n".utf8), registry: "r.example:5000")
    let value = try JSONReader.read(made.file)
    #expect(
      value["auths"]?["r.example:5000"]?["auth"]?.string
        == Base64.encode(Array("ada:s3cret:x".utf8)))
    let own = Array(#"{"auths":{"r.example":{"auth":"eA=="}}}"#.utf8)
    #expect(try RegistryCredentials(own, registry: "r.example").file == own)
    for bad in ["s3cret", ":s3cret", "ada:", #"{"s3cret":1}"#, "a:s3cret\nb:c"] {
      do {
        _ = try RegistryCredentials(Array(bad.utf8), registry: "r.example")
        Issue.record("\(bad) was taken")
      } catch {
        #expect(!"\(error)".contains("s3cret"))
      }
    }
  }
}

@Suite("cosign's form")
struct CosignFormTests {
  private let manifest = Digest.sha256("image".utf8)
  private let key = PrivateKey.generate()

  private func envelope(_ digest: Digest) throws -> [UInt8] {
    try Envelope(
      signing: Statement(
        subjects: [Subject(name: "image", digest: digest)],
        predicateType: "https://slsa.dev/provenance/v1", predicate: .object(["a": .integer(1)])
      ).json(), by: [key.signer]
    ).json()
  }

  @Test func attestationsAreLayersByteForByte() throws {
    let bytes = try envelope(manifest)
    let artifact = try CosignForm.attestations([bytes], of: manifest)
    let document = try JSONReader.read(try #require(artifact.blobs[artifact.manifest]))
    let layer = try #require(document["layers"]?[0])
    #expect(layer["mediaType"]?.string == "application/vnd.dsse.envelope.v1+json")
    #expect(layer["digest"]?.string == Digest.sha256(bytes).description)
    #expect(layer["size"]?.integer == Int64(bytes.count))
    #expect(layer["annotations"]?["predicateType"]?.string == "https://slsa.dev/provenance/v1")
    #expect(layer["annotations"]?["dev.cosignproject.cosign/signature"]?.string == "")
    let config = try #require(document["config"]?["digest"]?.string.flatMap { Digest($0) })
    let configuration = try JSONReader.read(try #require(artifact.blobs[config]))
    #expect(
      configuration["rootfs"]?["diff_ids"]?[0]?.string == Digest.sha256(bytes).description)
    #expect(artifact.blobs.allSatisfy { Digest.sha256($0.value) == $0.key })
    #expect(CosignForm.tag(.attestations, of: manifest) == "sha256-\(manifest.hex).att")
    #expect(try CosignForm.attestations([bytes], of: manifest).manifest == artifact.manifest)
  }

  @Test func anAttestationOfAnotherImageIsNotAttached() throws {
    let other = try envelope(.sha256("other".utf8))
    #expect(throws: Problem.self) { try CosignForm.attestations([other], of: manifest) }
  }

  @Test func aSimpleSignatureSignsDigestAndRepository() throws {
    let repository = try RegistryRepository("r.example/portal")
    let artifact = try CosignForm.signature(of: manifest, in: repository, by: key.signer)
    let document = try JSONReader.read(try #require(artifact.blobs[artifact.manifest]))
    let layer = try #require(document["layers"]?[0])
    let digest = try #require(layer["digest"]?.string.flatMap { Digest($0) })
    let payload = try #require(artifact.blobs[digest])
    let value = try JSONReader.read(payload)
    #expect(
      value["critical"]?["image"]?["docker-manifest-digest"]?.string == manifest.description)
    let signature = try #require(
      layer["annotations"]?["dev.cosignproject.cosign/signature"]?.string.flatMap(Base64.decode))
    #expect(key.publicKey.verify(signature, of: payload))
    #expect(!PrivateKey.generate().publicKey.verify(signature, of: payload))
  }

  @Test func theLayoutHoldsWhatItNames() throws {
    let artifact = try CosignForm.attestations([envelope(manifest)], of: manifest)
    let files = try artifact.layout()
    #expect(files.map(\.path).prefix(2) == ["oci-layout", "index.json"])
    let index = try JSONReader.read(files[1].content)
    let named = try #require(index["manifests"]?[0]?["digest"]?.string.flatMap { Digest($0) })
    #expect(files.contains { $0.path == "blobs/sha256/\(named.hex)" })
  }
}

@Suite("Two builds of one image")
struct ImageDifferenceTests {
  private func image(
    layers: [String], contents: [String], created: String = "2026-01-01T00:00:00Z"
  ) throws -> (manifest: JSONValue, config: JSONValue) {
    func list(_ texts: [String]) -> String { texts.map { "\"\($0)\"" }.joined(separator: ",") }
    let manifest = """
      {"layers":[\(layers.map { "{\"digest\":\"\($0)\"}" }.joined(separator: ","))]}
      """
    let config = """
      {"created":"\(created)","rootfs":{"diff_ids":[\(list(contents))]},
       "history":[{"created_by":"COPY a"},{"created_by":"ENV x","empty_layer":true},
       {"created_by":"RUN make"}]}
      """
    return (
      try JSONReader.read(Array(manifest.utf8)), try JSONReader.read(Array(config.utf8))
    )
  }

  @Test func theLayerThatDiffersIsNamedWithItsInstruction() throws {
    let first = try image(layers: ["x", "y"], contents: ["1", "2"])
    #expect(ImageDifference.sentences(first, first).isEmpty)
    let content = try image(layers: ["x", "z"], contents: ["1", "3"])
    #expect(
      ImageDifference.sentences(first, content)
        == ["layer 2 of 2 holds other content, made by RUN make"])
    let packing = try image(layers: ["w", "y"], contents: ["1", "2"])
    #expect(
      ImageDifference.sentences(first, packing)
        == ["layer 1 of 2 holds the same content, packed otherwise, made by COPY a"])
    let time = try image(
      layers: ["x", "y"], contents: ["1", "2"], created: "2026-01-02T00:00:00Z")
    #expect(
      ImageDifference.sentences(first, time) == ["the configuration differs in \"created\""])
    let more = try image(layers: ["x", "y", "z"], contents: ["1", "2", "3"])
    #expect(
      ImageDifference.sentences(first, more) == ["the first has 2 layers, the second 3"])
  }
}

@Suite("Builders")
struct ImageBuilderTests {
  private let request = ImageBuilder.Request(
    containerfile: "/s/Containerfile", context: "/s", arguments: ["A=1"], timestamp: 1_700_000_000,
    idFile: "/i")

  @Test(
    "every builder is asked to fetch nothing, and its steps get no network",
    arguments: ImageBuilder.allCases)
  func arguments(builder: ImageBuilder) {
    let arguments = builder.build(request)
    #expect(arguments.first == "build")
    #expect(arguments.contains { ["--pull=never", "--pull-never", "--pull=false"].contains($0) })
    #expect(arguments.contains("--network=none"))
    #expect(arguments.contains { ["--layers=false", "--no-cache"].contains($0) })
    #expect(arguments.contains("--build-arg=A=1"))
    #expect(arguments.suffix(2) == ["--file=/s/Containerfile", "/s"])
    #expect(arguments.contains { $0.contains("1700000000") })
    #expect(builder.fixesTimes == arguments.contains("--timestamp=1700000000"))
  }
}
