import Attestation
import Model
import Reading

/// Name and password for a registry, in the form that tools read from a file
/// (containers-auth.json(5)); they never stand in arguments.
public struct RegistryCredentials: Sendable {
  /// The file's content.
  public let file: [UInt8]

  /// Takes what a secret holds: such a file as it is, or `NAME:PASSWORD`.
  ///
  /// - Throws: `Problem` with `badInput`, which never repeats the secret.
  public init(_ secret: [UInt8], registry: String) throws {
    var secret = secret
    while let last = secret.last, last == 0x0a || last == 0x0d { secret.removeLast() }
    if secret.first == 0x7b {
      guard let value = try? JSONReader.read(secret), value["auths"]?.object != nil else {
        throw Problem(
          .badInput, "the registry's credentials are JSON, but not of the form auth.json")
      }
      file = secret
      return
    }
    guard let colon = secret.firstIndex(of: 0x3a), colon > 0, colon + 1 < secret.count,
      !secret.contains(0), !secret.contains(0x0a)
    else {
      throw Problem(
        .badInput, "the registry's credentials are neither NAME:PASSWORD nor a file auth.json")
    }
    file = try CanonicalJSON.write(
      JSONValue.object([
        "auths": .object([registry: .object(["auth": .string(Base64.encode(secret))])])
      ]))
  }
}
