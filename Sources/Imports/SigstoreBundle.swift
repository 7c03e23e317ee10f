import Attestation
import Model
import Reading
import X509

/// A Sigstore bundle with a DSSE envelope, version 0.3.
struct SigstoreBundle {
  let envelope: Envelope
  let certificate: Certificate
  /// The certificate's bytes.
  let certificateDER: [UInt8]
  let entries: [TransparencyEntry]
  /// RFC 3161 responses over the signature.
  let timestamps: [[UInt8]]

  /// The media type, in its two spellings.
  static func isBundle(_ value: JSONValue) -> Bool {
    value["mediaType"]?.string?.hasPrefix("application/vnd.dev.sigstore.bundle") == true
  }

  /// - Throws: `Problem` with `badInput` or `notTrusted`, or `ReadingError`.
  init(_ value: JSONValue) throws {
    let type = value["mediaType"]?.string ?? ""
    guard
      [
        "application/vnd.dev.sigstore.bundle.v0.3+json",
        "application/vnd.dev.sigstore.bundle+json;version=0.3",
      ].contains(where: { $0.utf8.elementsEqual(type.utf8) })
    else {
      throw Problem(.badInput, "the bundle is of the form \"\(type)\"; version 0.3 is taken")
    }
    guard let signed = value["dsseEnvelope"], signed.object != nil else {
      throw Problem(
        .badInput, "the bundle holds no DSSE envelope",
        advice: "A bundle over bare bytes says nothing of them; bundles of attestations are taken.")
    }
    envelope = try Envelope(json: CanonicalJSON.write(signed))
    guard envelope.signatures.count == 1 else {
      throw Problem(.notTrusted, "the bundle's envelope has more than the one signature")
    }
    let material = value["verificationMaterial"]
    guard let der = material?["certificate"]?["rawBytes"]?.string.flatMap(Base64.decode) else {
      throw Problem(
        .notTrusted, "the bundle holds no certificate",
        advice: "What was signed with a key is taken as its DSSE envelope.")
    }
    certificateDER = der
    certificate = try TrustedRoot.certificateOf(der)
    let entries = material?["tlogEntries"]?.array ?? []
    let stamps = material?["timestampVerificationData"]?["rfc3161Timestamps"]?.array ?? []
    guard entries.count <= 8, stamps.count <= 8 else {
      throw Problem(.badInput, "the bundle holds more than 8 log entries or timestamps")
    }
    self.entries = try entries.map(TransparencyEntry.init)
    timestamps = try stamps.map {
      guard let bytes = $0["signedTimestamp"]?.string.flatMap(Base64.decode) else {
        throw Problem(.badInput, "a timestamp of the bundle is not base64")
      }
      return bytes
    }
  }
}
