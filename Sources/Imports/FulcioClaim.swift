import Model
import SwiftASN1
import X509

/// What a certificate of Fulcio says of the workload that it was given to
/// (1.3.6.1.4.1.57264.1, the extensions from 8 on: UTF8String in DER).
enum FulcioClaim {
  private static let arc: [UInt] = [1, 3, 6, 1, 4, 1, 57264, 1]
  private static let numbers: [(name: String, number: UInt)] = [
    ("issuer", 8), ("build-signer-uri", 9), ("build-signer-digest", 10),
    ("runner-environment", 11), ("source-repository-uri", 12), ("source-repository-digest", 13),
    ("source-repository-ref", 14), ("source-repository-identifier", 15),
    ("source-repository-owner-uri", 16), ("source-repository-owner-identifier", 17),
    ("build-config-uri", 18), ("build-config-digest", 19), ("build-trigger", 20),
    ("run-invocation-uri", 21), ("source-repository-visibility", 22),
  ]

  /// The names by which files and evidence speak of them.
  static var names: [String] { numbers.map(\.name).filter { $0 != "issuer" } }

  /// The claims of a certificate by name, `issuer` among them.
  ///
  /// - Throws: `Problem` with `notTrusted` for one that is not of its form.
  static func all(of certificate: Certificate) throws -> [String: String] {
    var claims: [String: String] = [:]
    for (name, number) in numbers {
      let id = try ASN1ObjectIdentifier(elements: arc + [number])
      guard let found = certificate.extensions[oid: id] else { continue }
      guard let text = try? ASN1UTF8String(derEncoded: Array(found.value)),
        case let value = String(decoding: text.bytes, as: UTF8.self), value.utf8.count <= 1024
      else {
        throw Problem(.notTrusted, "the certificate's claim \"\(name)\" is not of its form")
      }
      claims[name] = value
    }
    return claims
  }
}
