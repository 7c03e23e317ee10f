import Foundation

/// Tokens in software: SoftHSM2, in a folder of its own, filled by `softhsm2-util` and OpenSC's
/// `pkcs11-tool`.
public final class SoftHSM: Sendable {
  /// The module, where Debian puts it.
  public static let module = "/usr/lib/softhsm/libsofthsm2.so"

  private let folder: TemporaryFolder
  /// The user's PIN of each token.
  public let pin = "471147"
  /// Path of a file that holds the PIN, closed to others.
  public var pinFile: String { folder.file("pin") }
  /// Path of the configuration, which `SOFTHSM2_CONF` must name.
  public var configuration: String { folder.file("softhsm2.conf") }
  /// The folder with the tokens' files.
  public var tokens: String { folder.file("tokens") }

  /// Makes a folder without a token.
  public init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("tokens"), withIntermediateDirectories: true)
    let settings = """
      directories.tokendir = \(folder.file("tokens"))
      objectstore.backend = file
      log.level = ERROR

      """
    try Data(settings.utf8).write(to: URL(fileURLWithPath: configuration))
    try Data("\(pin)\n".utf8).write(to: URL(fileURLWithPath: pinFile))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: pinFile)
  }

  private func program(_ name: String) -> Program {
    var program = Program(name, directory: folder.path, outputIn: folder.path)
    program.environment["SOFTHSM2_CONF"] = configuration
    return program
  }

  /// Makes a token.
  public func makeToken(_ label: String) async throws {
    try await program("softhsm2-util").check([
      "--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", "88888888",
    ])
  }

  /// Makes a key pair on a token.
  ///
  /// - Parameter type: `EC:edwards25519`, `EC:prime256v1`, or another of `pkcs11-tool`'s.
  public func makeKey(_ type: String, label: String, id: String, token: String) async throws {
    try await program("pkcs11-tool").check([
      "--module", Self.module, "--token-label", token, "--login", "--pin", pin, "--keypairgen",
      "--key-type", type, "--label", label, "--id", id,
    ])
  }

  /// Removes both halves of a key from a token.
  public func removeKey(id: String, token: String) async throws {
    for half in ["privkey", "pubkey"] {
      try await program("pkcs11-tool").check([
        "--module", Self.module, "--token-label", token, "--login", "--pin", pin,
        "--delete-object", "--type", half, "--id", id,
      ])
    }
  }

  /// Takes all tokens out: for whoever begins now there is none.
  public func takeOut() throws { try move(from: tokens, to: folder.file("taken-out")) }

  /// Puts back what was taken out.
  public func putBack() throws { try move(from: folder.file("taken-out"), to: tokens) }

  private func move(from: String, to: String) throws {
    try FileManager.default.createDirectory(atPath: to, withIntermediateDirectories: true)
    for name in try FileManager.default.contentsOfDirectory(atPath: from) {
      try FileManager.default.moveItem(atPath: "\(from)/\(name)", toPath: "\(to)/\(name)")
    }
  }

  /// The URI of a key, with the file that holds the PIN.
  public func uri(_ object: String, token: String) -> String {
    "pkcs11:token=\(token);object=\(object)?module-path=\(Self.module)&pin-source=file:\(pinFile)"
  }
}
