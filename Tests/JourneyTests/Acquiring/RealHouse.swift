import Attestation
import Foundation
import Glibc
import Ledger
import Model
import Pipeline
import Processes
import TestKit
import Testing

@testable import Journey

/// What suites with real builders, registries and containers share: tools, a repository, runs.
struct RealHouse {
  static let tools = ["podman", "buildah", "skopeo", "docker-registry", "curl", "git", "clang"]

  static let missing: [String] = tools.filter { name in
    let path = (ProcessInfo.processInfo.environment["PATH"] ?? "") + ":/usr/sbin:/sbin"
    return !path.split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
    }
  }
  /// On a machine of one's own an absent tool skips these tests, in CI it fails them.
  static let mayRun = missing.isEmpty || ProcessInfo.processInfo.environment["CI"] == "true"

  let house: VendorHouse
  var repository: String { house.folder.file("repository") }
  var environments: String?
  var secrets: [String: String] = [:]

  init(policy: String? = nil) async throws {
    try #require(Self.missing.isEmpty, "these tests need \(Self.missing)")
    house = try await VendorHouse()
  }

  @discardableResult
  func run(_ program: String, _ arguments: String..., in folder: String? = nil) async throws
    -> String
  {
    var environment = ProcessInfo.processInfo.environment
    environment["PATH"] = (environment["PATH"] ?? "") + ":/usr/sbin:/sbin"
    let result = try await CommandRunner.live.run(
      Command(
        program, arguments, environment: environment, directory: folder ?? house.folder.path,
        timeoutMilliseconds: 120_000))
    guard result.status.isSuccess else {
      throw Problem(
        .stepFailed,
        "\(program) \(arguments): \(String(decoding: result.errorOutput, as: UTF8.self))")
    }
    return result.text
  }

  /// Commits files, whose contents are given by their path.
  func commit(_ files: [String: String]) async throws {
    let git = [
      "-c", "user.name=Ana", "-c", "user.email=ana@house.example", "-c", "commit.gpgsign=false",
    ]
    for (path, text) in files {
      let place = "\(repository)/\(path)"
      try FileManager.default.createDirectory(
        atPath: PathText.parent(of: place), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(fileURLWithPath: place))
    }
    if !FileManager.default.fileExists(atPath: "\(repository)/.git") {
      try await run("git", "init", "-q", "-b", "main", repository)
    }
    try await run("git", "-C", repository, "add", "--all")
    let message = ["-C", repository] + git + ["commit", "-q", "-m", "Change"]
    _ = try await CommandRunner.live.run(
      Command("git", message, environment: ProcessInfo.processInfo.environment))
  }

  private var options: RunJourney.Options {
    var environment = ProcessInfo.processInfo.environment.merging(secrets) { $1 }
    environment["PATH"] = (environment["PATH"] ?? "") + ":/usr/sbin:/sbin"
    var options = RunJourney.Options(repository: repository, environment: environment)
    options.environments = environments
    return options
  }

  /// Carries `HEAD`, or goes on with the last run.
  func carry(resuming: Bool = false) async throws -> RunResult {
    let journey = RunJourney(home: house.home) { _ in }
    return resuming ? try await journey.resume(nil, options) : try await journey.start(options)
  }

  /// Evidence of a kind, in the ledger's order.
  func predicates<Value: Decodable>(_ kind: EvidenceKind, as type: Value.Type) async throws
    -> [Value]
  {
    let indices = try await house.home.ledger.read { try $0.indices(kind: kind) }
    return try await house.home.ledger.entries(indices).map { entry in
      let bytes = try EntryReader.bytes(entry, leaf: try .init(bytes: entry.leaf))
      return try Statement(json: Envelope(json: bytes).payload).predicate(as: type)
    }
  }

  /// A port that nobody listens on now.
  static func freePort() throws -> Int {
    let socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
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
