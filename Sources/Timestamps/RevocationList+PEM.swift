import Model
import SwiftASN1

extension RevocationList {
  private static let label = "X509 CRL"

  /// A file's revocation lists, one in DER or some in PEM, as PEM.
  ///
  /// - Throws: `Problem` with `notTrusted` for what is none.
  public static func pem(file bytes: [UInt8]) throws -> String {
    guard bytes.first != 0x30 else {
      _ = try RevocationList(der: bytes)
      return PEMDocument(type: label, derBytes: bytes).pemString + "\n"
    }
    let text = String(decoding: bytes, as: UTF8.self)
    guard bytes.count <= limit * 2, try !read(pem: text).isEmpty else {
      throw Problem(.notTrusted, "this is no revocation list, neither DER nor PEM")
    }
    return text.hasSuffix("\n") ? text : text + "\n"
  }

  /// The lists in a PEM text.
  ///
  /// - Throws: `Problem` with `notTrusted` for one that cannot be read.
  static func read(pem: String) throws -> [RevocationList] {
    guard !pem.isEmpty else { return [] }
    let documents: [PEMDocument]
    do {
      documents = try PEMDocument.parseMultiple(pemString: pem)
    } catch {
      throw Problem(.notTrusted, "the revocation lists are not PEM")
    }
    return try documents.filter { $0.discriminator == label }.map {
      try RevocationList(der: $0.derBytes)
    }
  }
}
