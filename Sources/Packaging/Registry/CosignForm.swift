public import Attestation
public import Model
import Reading

/// Attestations and signatures in the form in which cosign attaches them to an image: artifacts
/// beside it, under tags made of its digest (cosign's SIGNATURE_SPEC and ATTESTATION_SPEC).
public enum CosignForm {
  /// The annotation that holds a simple signature.
  public static let signatureAnnotation = "dev.cosignproject.cosign/signature"
  /// The media type of an attestation.
  public static let envelopeType = "application/vnd.dsse.envelope.v1+json"
  /// The media type of what a simple signature signs.
  public static let payloadType = "application/vnd.dev.cosign.simplesigning.v1+json"

  /// What is attached to an image.
  public enum Attachment: String, Sendable {
    /// DSSE envelopes.
    case attestations = "att"
    /// Simple signatures.
    case signatures = "sig"
  }

  /// The tag under which something is attached to an image: `sha256-HEX.att`.
  public static func tag(_ attachment: Attachment, of manifest: Digest) -> String {
    "\(manifest.algorithm.rawValue)-\(manifest.hex).\(attachment.rawValue)"
  }

  /// DSSE envelopes as an artifact, a layer each.
  ///
  /// - Throws: `Problem` with `badInput` for an envelope that does not speak of the image;
  ///   `ReadingError` for one that holds no statement.
  public static func attestations(_ envelopes: [[UInt8]], of manifest: Digest) throws -> OCIArtifact
  {
    try OCIArtifact(
      envelopes.map { bytes in
        let statement = try Statement(json: Envelope(json: bytes).payload)
        guard statement.subjects.contains(where: { $0.digests.contains(manifest) }) else {
          throw Problem(
            .badInput, "an attestation of type \(statement.predicateType) is not about \(manifest)")
        }
        return OCIArtifact.Layer(
          content: bytes, mediaType: envelopeType,
          annotations: [signatureAnnotation: "", "predicateType": statement.predicateType])
      })
  }

  /// What a simple signature signs: the digest of an image, and the repository in which it lies.
  ///
  /// - Throws: `ReadingError` when it cannot be written.
  public static func payload(_ manifest: Digest, in repository: RegistryRepository) throws
    -> [UInt8]
  {
    try CanonicalJSON.write(
      JSONValue.object([
        "critical": .object([
          "identity": .object(["docker-reference": .string(repository.description)]),
          "image": .object(["docker-manifest-digest": .string(manifest.description)]),
          "type": .string("cosign container image signature"),
        ]), "optional": .null,
      ]))
  }

  /// A simple signature as an artifact.
  ///
  /// - Throws: what the signer throws.
  public static func signature(
    of manifest: Digest, in repository: RegistryRepository, by signer: Signer
  ) throws -> OCIArtifact {
    let payload = try payload(manifest, in: repository)
    let signature = try signer.sign(payload)
    // The word "signed" is said after a verification.
    guard signer.publicKey.verify(signature, of: payload) else {
      throw Problem(.notTrusted, "the key made a signature that it does not verify")
    }
    return try OCIArtifact([
      OCIArtifact.Layer(
        content: payload, mediaType: payloadType,
        annotations: [signatureAnnotation: Base64.encode(signature)])
    ])
  }
}
