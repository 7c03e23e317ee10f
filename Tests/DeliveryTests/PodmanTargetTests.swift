import Foundation
import Model
import Testing

@testable import Delivery

@Suite("Podman target")
struct PodmanTargetTests {
  private static let pod = "pratique-portal-production-blue"

  /// A folder with manifests, a secret and an OCI layout, and the release that it holds.
  private struct Bench {
    let folder: String
    let release: Release
    var layout: String { folder + "/layout" }
    var reference: String { "localhost/portal@\(release.image.digests[0])" }

    init() throws {
      folder = NSTemporaryDirectory() + "pratique-podman-\(UInt64.random(in: .min ... .max))"
      for name in ["/deploy", "/layout/blobs/sha256", "/state"] {
        try FileManager.default.createDirectory(
          atPath: folder + name, withIntermediateDirectories: true)
      }
      let config = #"{"architecture":"amd64"}"#
      let configDigest = Digest.sha256(Array(config.utf8))
      let manifest =
        #"{"config":{"digest":"\#(configDigest)"},"mediaType":"application/vnd.oci.image.manifest.v1+json"}"#
      let digest = Digest.sha256(Array(manifest.utf8))
      release = Release(
        application: "portal", version: "2.0", origin: .built, commit: nil,
        image: Subject(name: "portal", digest: digest), imageConfig: configDigest)
      try write("deploy/all.yaml", ManifestSamples.small)
      try write("word", "s3cret\n")
      try write("layout/blobs/sha256/\(configDigest.hex)", config)
      try write("layout/blobs/sha256/\(digest.hex)", manifest)
      try write("layout/index.json", #"{"manifests":[{"digest":"\#(digest)"}]}"#)
    }

    func write(_ name: String, _ text: String) throws {
      try Data(text.utf8).write(to: URL(filePath: folder + "/" + name))
    }

    func target(
      _ runner: ScriptedRunner, secret: SecretSource = .file("word")
    ) throws -> Target {
      try PodmanTarget(
        environment: EnvironmentDefinition(
          name: "production", manifests: folder + "/deploy", ports: .single(18099),
          network: "clinic", secrets: ["portal": ["word": secret]], folder: folder),
        application: "portal", folder: folder + "/state", runner: runner.runner,
        variables: ["PATH": "/bin", "CONTAINERS_CONF": "/c.conf", "TOKEN": "t", "WORD": "w"]
      ).target
    }

    var workload: Workload { Workload(release: release, layout: layout, rollout: "r2") }

    func inspection(_ config: String? = nil, manifest: Digest? = nil) -> String {
      let id = config ?? release.imageConfig.hex
      return
        #"[{"Id":"\#(id)","RepoDigests":["localhost/portal@\#(manifest ?? release.image.digests[0])"]}]"#
    }

    var podInspection: String {
      """
      {"InfraContainerID":"1","Labels":{"org.pratique.application":"portal",\
      "org.pratique.environment":"production","org.pratique.grace":"2",\
      "org.pratique.image":"\(release.image.digests[0])","org.pratique.rollout":"r2"},\
      "Containers":[{"Id":"1","Name":"infra"},{"Id":"2","Name":"\(pod)-portal"}]}
      """
    }

    /// What observing a slot with the release in it asks.
    func observed(user: String = "10001", config: String? = nil) -> [ScriptedRunner.Answer] {
      [
        .on("podman pod exists \(pod)"), .on("podman pod inspect \(pod)", podInspection),
        .on(
          "podman container inspect \(pod)-portal",
          #"[{"Image":"\#(config ?? release.imageConfig.hex)","State":{"Status":"running"},"Config":{"User":"\#(user)"}}]"#
        ),
        .on("podman image exists \(reference)"),
        .on("podman image inspect \(reference)", inspection()),
      ]
    }

    var absent: ScriptedRunner.Answer { .on("podman pod exists \(pod)", code: 1) }

    /// Staging up to the moment when podman is given the document.
    var beforePlay: [ScriptedRunner.Answer] {
      [
        absent, .on("skopeo copy --quiet oci:\(layout) containers-storage:\(reference)"),
        .on("podman image exists \(reference)"),
        .on("podman image inspect \(reference)", inspection()), absent,
        .on("podman volume ls --quiet", "other\n\(pod)-VOLUME-scratch\n"),
        .on("podman volume rm \(pod)-VOLUME-scratch"),
        .on("podman network exists clinic", code: 1), .on("podman network create clinic"),
      ]
    }

    private var pod: String { PodmanTargetTests.pod }
    static let play = "podman kube play --quiet --network clinic -"
  }

  private func bench(_ body: (Bench) async throws -> Void) async throws {
    let bench = try Bench()
    defer { try? FileManager.default.removeItem(atPath: bench.folder) }
    try await body(bench)
  }

  @Test("stages by digest, secrets on standard input only, and looks at what podman made of it")
  func stages() async throws {
    try await bench { bench in
      let runner = ScriptedRunner(
        bench.beforePlay + [.on(Bench.play)] + bench.observed() + bench.observed().prefix(3))
      try await bench.target(runner).stage(bench.workload, .blue)
      #expect(runner.isDone)
      for command in runner.commands {
        #expect(!command.arguments.joined().contains("s3cret"))
        #expect(command.environment["TOKEN"] == nil)
        #expect(command.environment["CONTAINERS_CONF"] == "/c.conf")
      }
      let play = try #require(runner.commands.first { $0.arguments.first == "kube" })
      let input = String(decoding: play.input ?? [], as: UTF8.self)
      #expect(input.contains(#"{"name":"SECRET","value":"s3cret"}"#))
      #expect(input.contains(bench.reference))
      #expect(input.contains(#""hostIP":"127.0.0.1","hostPort":18099"#))
    }
  }

  @Test("what this rollout staged already is not staged again")
  func stagesOnce() async throws {
    try await bench { bench in
      let runner = ScriptedRunner(bench.observed() + bench.observed())
      try await bench.target(runner).stage(bench.workload, .blue)
      #expect(runner.isDone)
    }
  }

  @Test("an image in podman's storage that is not the release's is not run")
  func otherImage() async throws {
    try await bench { bench in
      let other = Digest.sha256([1])
      for inspection in [bench.inspection(other.hex), bench.inspection(manifest: other)] {
        let runner = ScriptedRunner(
          bench.beforePlay.prefix(3)
            + [.on("podman image inspect \(bench.reference)", inspection)])
        await #expect(throws: Problem(.badInput, "")) {
          try await bench.target(runner).stage(bench.workload, .blue)
        }
        #expect(runner.isDone)
      }
    }
  }

  @Test("a pod that podman made otherwise than it was told is removed again")
  func otherPod() async throws {
    try await bench { bench in
      let remove = ScriptedRunner.Answer.on("podman pod rm --force --time 0 \(Self.pod)")
      let wrongImage = ScriptedRunner(
        bench.beforePlay + [.on(Bench.play)]
          + bench.observed(config: Digest.sha256([1]).hex) + [remove])
      let root = ScriptedRunner(
        bench.beforePlay + [.on(Bench.play)] + bench.observed()
          + bench.observed(user: "0:0").prefix(3) + [remove])
      let failed = ScriptedRunner(
        bench.beforePlay + [.on(Bench.play, code: 125, error: "Error: no such thing"), remove])
      for (runner, words) in [
        (wrongImage, "does not hold"), (root, "as the user \"0:0\""), (failed, "no such thing"),
      ] {
        let problem = await #expect(throws: Problem.self) {
          try await bench.target(runner).stage(bench.workload, .blue)
        }
        #expect(problem?.message.contains(words) == true, "\(String(describing: problem))")
        #expect(runner.isDone, "\(words)")
      }
    }
  }

  @Test("a pod of that name that somebody else made is neither used nor removed")
  func foreignPod() async throws {
    try await bench { bench in
      for operation in ["stage", "stop", "remove"] {
        let runner = ScriptedRunner([
          .on("podman pod exists \(Self.pod)"),
          .on("podman pod inspect \(Self.pod)", #"{"Labels":null,"Containers":[]}"#),
        ])
        let target = try bench.target(runner)
        await #expect(throws: Problem(.busy, "")) {
          switch operation {
          case "stage": try await target.stage(bench.workload, .blue)
          case "stop": try await target.stop(.blue)
          default: try await target.remove(.blue)
          }
        }
        #expect(runner.isDone)
      }
    }
  }

  @Test("stopping and removing give the manifests' grace, which podman forgets")
  func grace() async throws {
    try await bench { bench in
      let inspections = Array(bench.observed().prefix(2))
      let stop = ScriptedRunner(inspections + [.on("podman pod stop --time 2 \(Self.pod)")])
      try await bench.target(stop).stop(.blue)
      #expect(stop.isDone)
      let remove = ScriptedRunner(
        inspections + inspections + [
          .on("podman pod stop --time 2 \(Self.pod)"),
          .on("podman pod rm --force --time 0 \(Self.pod)"), .on("podman volume ls --quiet"),
        ])
      try await bench.target(remove).remove(.blue)
      #expect(remove.isDone)
    }
  }

  @Test("what cannot be staged is refused by the check, before anything runs")
  func check() async throws {
    try await bench { bench in
      let runner = ScriptedRunner([])
      let target = try bench.target(runner)
      let plan = try await target.check(bench.workload, "salt")
      #expect(try await target.check(bench.workload, "salt") == plan)
      #expect(try await target.check(bench.workload, "other").specification != plan.specification)
      // Another secret is another specification.
      let other = try bench.target(runner, secret: .variable("WORD"))
      #expect(try await other.check(bench.workload, "salt").specification != plan.specification)

      let absent = try bench.target(runner, secret: .variable("ABSENT"))
      await #expect(throws: Problem(.badInput, "")) {
        try await absent.check(bench.workload, "salt")
      }
      try bench.write("word", "\n")
      await #expect(throws: Problem(.badInput, "")) { try await target.check(bench.workload, "s") }
      try bench.write("word", "x")
      try bench.write("deploy/all.yaml.bak", "")
      await #expect(throws: Problem(.badInput, "")) { try await target.check(bench.workload, "s") }
    }
  }

  @Test("a layout that is not the release's, byte by byte, is refused")
  func layout() async throws {
    try await bench { bench in
      let layout = OCILayout(folder: bench.layout)
      try layout.check(bench.release)
      let digest = bench.release.image.digests[0]
      let files = [
        ("layout/blobs/sha256/\(bench.release.imageConfig.hex)", "{}"),
        ("layout/blobs/sha256/\(digest.hex)", #"{"config":{}}"#),
        ("layout/index.json", #"{"manifests":[{"digest":"\#(Digest.sha256([1]))"}]}"#),
        ("layout/index.json", #"{"manifests":[{"digest":"\#(digest)"},{"digest":"\#(digest)"}]}"#),
        ("layout/index.json", "{}"), ("layout/index.json", "{"),
      ]
      for (name, text) in files {
        let path = bench.folder + "/" + name
        let before = try Data(contentsOf: URL(filePath: path))
        try bench.write(name, text)
        #expect(throws: Problem(.badInput, ""), "\(name) \(text)") {
          try layout.check(bench.release)
        }
        try before.write(to: URL(filePath: path))
      }
      let other = Release(
        application: "portal", version: "2.0", origin: .built, commit: nil,
        image: bench.release.image, imageConfig: Digest.sha256([1]))
      #expect(throws: Problem(.badInput, "")) { try layout.check(other) }
      try FileManager.default.removeItem(atPath: bench.layout + "/blobs")
      #expect(throws: Problem(.notFound, "")) { try layout.check(bench.release) }
    }
  }
}
