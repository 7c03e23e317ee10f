import Delivery
import Foundation
import Glibc
import Model
import Processes
import Reading
import Synchronization
import Testing

/// Tools that tests with real containers need.
enum RealTools {
  static let names = ["podman", "skopeo", "haproxy", "runc", "catatonit", "clang"]

  static var missing: [String] {
    let path = (ProcessInfo.processInfo.environment["PATH"] ?? "") + ":/usr/sbin:/sbin"
    return names.filter { name in
      !path.split(separator: ":").contains {
        FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
      }
    }
  }

  /// On a machine of one's own an absent tool skips these tests, in CI it fails them.
  static var mayRun: Bool {
    missing.isEmpty || ProcessInfo.processInfo.environment["CI"] == "true"
  }

  static func require() throws {
    let missing = missing
    guard missing.isEmpty else {
      throw Problem(.toolMissing, "these tests need \(missing.joined(separator: ", "))")
    }
  }
}

/// An application in an environment of its own, with names, ports and folders that no other test
/// has; taken down at the end.
struct RealEnvironment {
  let application: String
  let folder: String
  let runner = CommandRunner.live
  let variables: [String: String]
  private(set) var ports: [Int]

  static func with(
    _ body: (RealEnvironment) async throws -> Void
  ) async throws {
    try RealTools.require()
    let real = try RealEnvironment()
    do {
      try await body(real)
      try await real.takeDown()
    } catch {
      try? await real.takeDown()
      throw error
    }
  }

  private init() throws {
    application = "portal-" + String(UInt32.random(in: .min ... .max), radix: 36)
    // A path longer than a socket's address holds: projects lie as deep as they like.
    folder =
      NSTemporaryDirectory() + "pratique-" + application + "/"
      + String(repeating: "deep/", count: 20)
    for name in ["deploy", "state"] {
      try FileManager.default.createDirectory(
        atPath: folder + name, withIntermediateDirectories: true)
    }
    try "a \"word\"\n".write(toFile: folder + "word", atomically: true, encoding: .utf8)
    try ManifestSamples.small.write(
      toFile: folder + "deploy/portal.yaml", atomically: true, encoding: .utf8)
    variables = ProcessInfo.processInfo.environment
    ports = try Self.freePorts(3)
  }

  /// Ports that nobody listens on now.
  private static func freePorts(_ count: Int) throws -> [Int] {
    var sockets: [CInt] = []
    defer { sockets.forEach { close($0) } }
    return try (0..<count).map { _ in
      let socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
      sockets.append(socket)
      var place = sockaddr_in()
      place.sin_family = sa_family_t(AF_INET)
      place.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let result = withUnsafeMutablePointer(to: &place) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(socket, $0, size) == 0 && getsockname(socket, $0, &size) == 0
        }
      }
      try #require(result)
      return Int(UInt16(bigEndian: place.sin_port))
    }
  }

  var stateFolder: String { folder + "state" }

  func definition(isSingle: Bool = false) -> EnvironmentDefinition {
    EnvironmentDefinition(
      name: "test", manifests: folder + "deploy",
      ports: isSingle ? .single(ports[0]) : .front(ports[0], blue: ports[1], green: ports[2]),
      secrets: ["portal": ["word": .file("word")]],
      health: HealthCheck(
        intervalMilliseconds: 100, successes: 2, failures: 2, timeoutMilliseconds: 1000,
        deadlineMilliseconds: 15_000),
      watch: WatchPeriod(periodMilliseconds: 1500, serverErrorsPercent: 5, leastAnswers: 20),
      drainMilliseconds: 5000, folder: folder)
  }

  func target(isSingle: Bool = false) throws -> PodmanTarget {
    try PodmanTarget(
      environment: definition(isSingle: isSingle), application: application, folder: stateFolder,
      runner: runner, variables: variables)
  }

  func rollout(isSingle: Bool = false, target: Target? = nil) throws -> Rollout {
    Rollout(
      environment: definition(isSingle: isSingle), application: application,
      target: try target ?? self.target(isSingle: isSingle).target, folder: stateFolder)
  }

  /// The server of the tests as an image's layer.
  private static let layer = Mutex<[UInt8]?>(nil)

  private func layer() async throws -> [UInt8] {
    if let layer = Self.layer.withLock({ $0 }) { return layer }
    let source = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/server.c").path
    try await run(
      "clang", ["-static", "-O1", "-pthread", "-Wall", "-Werror", "-o", folder + "server", source])
    try await run(
      "tar", ["--owner=0", "--group=0", "-cf", folder + "layer.tar", "-C", folder, "server"])
    let layer = [UInt8](try Data(contentsOf: URL(filePath: folder + "layer.tar")))
    Self.layer.withLock { $0 = layer }
    return layer
  }

  /// Writes an image as an OCI layout: podman never saw it.
  func build(
    version: String, variables: [String: String] = [:]
  ) async throws -> (release: Release, layout: String) {
    let layout = folder + "image-" + version
    let blobs = layout + "/blobs/sha256/"
    try FileManager.default.createDirectory(atPath: blobs, withIntermediateDirectories: true)
    func put(_ bytes: [UInt8]) throws -> JSONObject {
      let digest = Digest.sha256(bytes)
      try Data(bytes).write(to: URL(filePath: blobs + digest.hex))
      return ["digest": .string(digest.description), "size": .integer(Int64(bytes.count))]
    }
    var layer = try put(try await self.layer())
    layer["mediaType"] = .string("application/vnd.oci.image.layer.v1.tar")
    let settings = variables.merging(["VERSION": version, "APPLICATION": application]) { $1 }
    var config = try put(
      CanonicalJSON.write(
        .object([
          "architecture": .string("amd64"), "os": .string("linux"),
          "config": .object([
            "Cmd": .array([.string("/server")]),
            "Env": .array(settings.map { .string("\($0.key)=\($0.value)") }),
          ]),
          "rootfs": .object([
            "type": .string("layers"), "diff_ids": .array([try #require(layer["digest"])]),
          ]),
        ])))
    config["mediaType"] = .string("application/vnd.oci.image.config.v1+json")
    var manifest = try put(
      CanonicalJSON.write(
        .object([
          "schemaVersion": .integer(2),
          "mediaType": .string("application/vnd.oci.image.manifest.v1+json"),
          "config": .object(config), "layers": .array([.object(layer)]),
        ])))
    manifest["mediaType"] = .string("application/vnd.oci.image.manifest.v1+json")
    for (name, value) in [
      ("index.json", ["schemaVersion": .integer(2), "manifests": .array([.object(manifest)])]),
      ("oci-layout", ["imageLayoutVersion": .string("1.0.0")]),
    ] as [(String, JSONObject)] {
      try Data(CanonicalJSON.write(.object(value))).write(to: URL(filePath: layout + "/" + name))
    }
    let digests = try [manifest, config].map {
      try #require($0["digest"]?.string.flatMap { Digest($0) })
    }
    return (
      Release(
        application: application, version: version, origin: .built, commit: nil,
        image: Subject(name: application, digest: digests[0]), imageConfig: digests[1]), layout
    )
  }

  @discardableResult
  func run(_ program: String, _ arguments: [String]) async throws -> String {
    var variables = variables
    variables["PATH"] = (variables["PATH"] ?? "") + ":/usr/sbin:/sbin"
    let result = try await runner.run(Command(program, arguments, environment: variables))
    guard result.status.isSuccess else {
      throw Problem(
        .stepFailed,
        "\(program) \(arguments): \(String(decoding: result.errorOutput, as: UTF8.self))")
    }
    return result.text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private func takeDown() async throws {
    try await target().tearDown()
    let images = try await run("podman", ["images", "--format", "{{.Repository}} {{.ID}}"])
    for line in images.split(separator: "\n") where line.contains(application) {
      if let id = line.split(separator: " ").last {
        try await run("podman", ["rmi", "--force", String(id)])
      }
    }
    try FileManager.default.removeItem(atPath: NSTemporaryDirectory() + "pratique-" + application)
  }
}
