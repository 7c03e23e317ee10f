import Model
import SwiftASN1
import X509

/// The certification authorities that a verifier trusts to vouch for time-stamping authorities.
public struct TimestampRoots: Sendable {
  let certificates: [Certificate]

  /// How many there are.
  public var count: Int { certificates.count }

  /// Reads certificates from PEM.
  ///
  /// - Parameter file: name for errors.
  /// - Throws: `Problem` with `badInput` when there is none, or one that cannot be read.
  public init(pem: String, file: String? = nil) throws {
    certificates = try Self.certificates(pem: pem, file: file)
    guard !certificates.isEmpty else {
      throw Problem(
        .badInput, "the file holds no certificate", at: file,
        advice: "Give the authority's root certificate in PEM: BEGIN CERTIFICATE.")
    }
  }

  static func certificates(pem: String, file: String?) throws -> [Certificate] {
    do {
      return try PEMDocument.parseMultiple(pemString: pem)
        .filter { $0.discriminator == Certificate.defaultPEMDiscriminator }
        .map { try Certificate(pemDocument: $0) }
    } catch {
      throw Problem(.badInput, "a certificate cannot be read: \(error)", at: file)
    }
  }
}
