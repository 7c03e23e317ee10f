import Blobs
import Foundation
import Model
import Packaging
import Pipeline

/// A registry as skopeo reaches it (`docs/decisions/0078-registries-through-skopeo.md`).
///
/// Credentials lie in a file that only this user can read, in a folder that goes when the work is
/// done; TLS is left out for addresses of this machine alone.
struct RegistryAccess {
  let repository: RegistryRepository
  private let commands: CommandRunner
  private let setting: RunSetting
  private let log: @Sendable (String) -> Void
  /// Path of the credentials' file; `nil` without credentials.
  private let credentials: String?

  /// Does something with a registry; what was made for it is gone after.
  static func with<Value>(
    _ repository: RegistryRepository, credentials: String?, context: StepContext,
    setting: RunSetting, _ body: (RegistryAccess) async throws -> Value
  ) async throws -> Value {
    // Beside the ledger's keys, where no step can read: steps of the same run may still work.
    let folder = "\(setting.home.path)/registry-\(UUID().uuidString)"
    try LedgerHome.makeFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = "\(folder)/auth.json"
    if let credentials {
      let secret = try secret(credentials, setting)
      let content = try RegistryCredentials(secret, registry: repository.registry).file
      try DurableFile.write(content, to: file)
    }
    return try await body(
      RegistryAccess(
        repository: repository, commands: context.commands, setting: setting, log: context.log,
        credentials: credentials == nil ? nil : file))
  }

  /// Reads `file:PATH` or `environment:NAME`.
  private static func secret(_ place: String, _ setting: RunSetting) throws -> [UInt8] {
    let parts = place.split(separator: ":", maxSplits: 1).map(String.init)
    switch (parts.first, parts.count) {
    case ("file", 2): return try InputFile.read(parts[1])
    case ("environment", 2):
      guard let value = setting.callerEnvironment[parts[1]] else {
        throw Problem(
          .notFound, "the registry's credentials are not there: \"\(parts[1])\" is not set",
          advice: "Set \(parts[1]) where the run is started.")
      }
      return Array(value.utf8)
    default:
      throw Problem(
        .badInput, "credentials are named as file:PATH or environment:NAME",
        advice: "Never write the credentials themselves into the pipeline file.")
    }
  }

  /// Whether the connection is encrypted.
  var isEncrypted: Bool { !repository.isLoopback }

  private func options(_ prefix: String = "") -> [String] {
    ["--\(prefix)tls-verify=\(isEncrypted)"]
      + (credentials.map { ["--\(prefix)authfile=\($0)"] } ?? [])
  }

  /// The bytes of a manifest as the registry has them; `nil` where it has none of that digest.
  ///
  /// - Throws: `Problem` with `notTrusted` where it gives other bytes than the digest names.
  func manifest(_ digest: Digest) async throws -> [UInt8]? {
    let arguments = ["inspect", "--raw"] + options() + [repository.reference(digest)]
    let command = Command(
      "skopeo", arguments, environment: setting.toolEnvironment,
      timeoutMilliseconds: 120_000, outputLimit: 16 << 20)
    let result = try await commands.run(command)
    guard result.status.isSuccess else { return nil }
    guard Digest.sha256(result.output) == digest else {
      throw Problem(
        .notTrusted, "the registry gives another manifest for \(digest) than that digest names",
        at: repository.description)
    }
    return result.output
  }

  /// The digest of the manifest that a tag names.
  ///
  /// - Throws: `Problem` with `stepFailed` where there is none.
  func manifest(tag: String) async throws -> Digest {
    let result = try await setting.run(
      commands, "skopeo", ["inspect", "--raw"] + options() + [repository.reference(tag: tag)],
      minutes: 2, log: log)
    return .sha256(result.output)
  }

  /// Puts the image of a layout there, just its bytes, under its digest.
  func push(_ layout: String, as digest: Digest) async throws {
    try await copy("oci:\(layout)", to: repository.reference(digest))
  }

  /// Puts the image of a layout there under a tag.
  func push(_ layout: String, tag: String) async throws {
    try await copy("oci:\(layout)", to: repository.reference(tag: tag))
  }

  /// Whatever would change a byte, such as compressing a layer, is an error.
  private func copy(_ source: String, to destination: String) async throws {
    _ = try await setting.run(
      commands, "skopeo",
      ["copy", "--quiet", "--preserve-digests"] + options("dest-") + [source, destination],
      minutes: 30, log: log)
  }

  /// The version of the program that asks.
  func tool() async throws -> StepReport.Tool {
    try await setting.version(commands, "skopeo", ["--version"])
  }
}
