import Attestation
import Model
import Reading

/// The body of a log's entry, held against the bundle that carries it: an entry about something else
/// proves nothing.
enum RekorBody {
  /// - Throws: `Problem` with `notTrusted`, also for a body of an unknown form.
  static func check(_ body: [UInt8], is bundle: SigstoreBundle) throws {
    let value: JSONValue
    do { value = try JSONReader.read(body) } catch {
      throw Problem(.notTrusted, "the log's entry cannot be read: \(error)")
    }
    let payload = Digest.sha256(bundle.envelope.payload)
    let signature = bundle.envelope.signatures[0].signature
    let (hash, signatures): (Digest?, [(signature: [UInt8], certificate: [UInt8]?)])
    switch (value["kind"]?.string, value["apiVersion"]?.string) {
    case ("dsse", "0.0.1"):
      let spec = value["spec"]
      hash = hexadecimal(spec?["payloadHash"])
      signatures = (spec?["signatures"]?.array ?? []).map {
        (decoded($0["signature"]), pem(decoded($0["verifier"])))
      }
    case ("intoto", "0.0.2"):
      let content = value["spec"]?["content"]
      hash = hexadecimal(content?["payloadHash"])
      signatures = (content?["envelope"]?["signatures"]?.array ?? []).map {
        // The signature is in base64 twice, since the envelope's own form is kept as bytes.
        let once = String(decoding: decoded($0["sig"]), as: UTF8.self)
        return (Base64.decode(once) ?? [], pem(decoded($0["publicKey"])))
      }
    case ("dsse", "0.0.2"):
      let spec = value["spec"]?["dsseV002"]
      let digest = decoded(spec?["payloadHash"]?["digest"])
      hash =
        spec?["payloadHash"]?["algorithm"]?.string == "SHA2_256"
        ? Digest(.sha256, hex: Hexadecimal.encode(digest)) : nil
      signatures = (spec?["signatures"]?.array ?? []).map {
        (decoded($0["content"]), decoded($0["verifier"]?["x509Certificate"]?["rawBytes"]))
      }
    default:
      throw Problem(.notTrusted, "the log's entry is of a form that is not known")
    }
    guard hash == payload else {
      throw Problem(.notTrusted, "the log's entry is of another payload")
    }
    guard
      signatures.contains(where: {
        $0.signature == signature && $0.certificate == bundle.certificateDER
      })
    else { throw Problem(.notTrusted, "the log's entry is of another signature or certificate") }
  }

  private static func decoded(_ value: JSONValue?) -> [UInt8] {
    value?.string.flatMap(Base64.decode) ?? []
  }

  private static func hexadecimal(_ value: JSONValue?) -> Digest? {
    guard value?["algorithm"]?.string == "sha256" else { return nil }
    return value?["value"]?.string.flatMap { Digest(.sha256, hex: $0) }
  }

  private static func pem(_ bytes: [UInt8]) -> [UInt8]? {
    PEM.decode(String(decoding: bytes, as: UTF8.self), label: "CERTIFICATE")
  }
}
