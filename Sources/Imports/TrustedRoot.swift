import Attestation
import Model
import Reading
import SwiftASN1
import X509

/// A Sigstore trusted root: the authorities and logs of one instance, each with the time within
/// which it counts (`application/vnd.dev.sigstore.trustedroot+json`).
struct TrustedRoot {
  /// Certificates, the root last, and when they count.
  struct Authority {
    let certificates: [Certificate]
    let from: Instant
    let to: Instant?

    func counts(at time: Instant) -> Bool { from <= time && to.map { time <= $0 } ?? true }
  }

  /// A log and its key.
  struct Log {
    let id: [UInt8]
    let key: PublicKey
    let from: Instant
    let to: Instant?

    func counts(at time: Instant) -> Bool { from <= time && to.map { time <= $0 } ?? true }
  }

  let authorities: [Authority]
  let timestampAuthorities: [Authority]
  let logs: [Log]
  /// Logs of certificates.
  let certificateLogs: [Log]

  /// - Throws: `Problem` with `badInput`, or `ReadingError`.
  init(json bytes: [UInt8]) throws {
    let value = try JSONReader.read(bytes)
    guard value["mediaType"]?.string?.hasPrefix("application/vnd.dev.sigstore.trustedroot") == true
    else { throw Problem(.badInput, "the file is no trusted root of Sigstore") }
    authorities = try Self.authorities(value["certificateAuthorities"])
    timestampAuthorities = try Self.authorities(value["timestampAuthorities"])
    logs = try Self.logs(value["tlogs"])
    certificateLogs = try Self.logs(value["ctlogs"])
    guard !authorities.isEmpty else {
      throw Problem(.badInput, "the trusted root names no certificate authority")
    }
  }

  private static func logs(_ value: JSONValue?) throws -> [Log] {
    try (value?.array ?? []).compactMap { log in
      guard let id = log["logId"]?["keyId"]?.string.flatMap(Base64.decode),
        let der = log["publicKey"]?["rawBytes"]?.string.flatMap(Base64.decode)
      else { throw Problem(.badInput, "a log of the trusted root has no key") }
      // A log whose key this program cannot use is one less to be believed.
      guard let key = try? PublicKey(subjectPublicKeyInfo: der) else { return nil }
      let (from, to) = try period(log["publicKey"]?["validFor"])
      return Log(id: id, key: key, from: from, to: to)
    }
  }

  private static func authorities(_ value: JSONValue?) throws -> [Authority] {
    try (value?.array ?? []).map { authority in
      let chain = try (authority["certChain"]?["certificates"]?.array ?? []).map { certificate in
        guard let der = certificate["rawBytes"]?.string.flatMap(Base64.decode) else {
          throw Problem(.badInput, "a certificate of the trusted root is not base64")
        }
        return try certificateOf(der)
      }
      guard !chain.isEmpty else {
        throw Problem(.badInput, "an authority of the trusted root has no certificate")
      }
      let (from, to) = try period(authority["validFor"])
      return Authority(certificates: chain, from: from, to: to)
    }
  }

  static func certificateOf(_ der: [UInt8]) throws -> Certificate {
    do { return try Certificate(derEncoded: der) } catch {
      throw Problem(.badInput, "a certificate cannot be read: \(error)")
    }
  }

  private static func period(_ value: JSONValue?) throws -> (Instant, Instant?) {
    func instant(_ name: String) throws -> Instant? {
      guard let text = value?[name]?.string else { return nil }
      guard let instant = Instant(text) else {
        throw Problem(.badInput, "\"\(text)\" in the trusted root is no time")
      }
      return instant
    }
    guard let from = try instant("start") else {
      throw Problem(.badInput, "the trusted root does not say from when something counts")
    }
    return (from, try instant("end"))
  }
}
