public import Model
import Reading

/// A small artifact in an OCI layout of its own: contents as layers, an image's configuration, a
/// manifest (image-spec 1.1). The same contents give the same bytes.
public struct OCIArtifact: Sendable {
  /// One content.
  public struct Layer: Sendable {
    /// Its bytes.
    public let content: [UInt8]
    /// Its media type.
    public let mediaType: String
    /// Annotations of its descriptor.
    public let annotations: [String: String]

    /// States a content.
    public init(content: [UInt8], mediaType: String, annotations: [String: String]) {
      self.content = content
      self.mediaType = mediaType
      self.annotations = annotations
    }
  }

  /// Every blob by its digest: contents, configuration, manifest.
  public let blobs: [Digest: [UInt8]]
  /// The manifest's digest.
  public let manifest: Digest
  private let manifestSize: Int

  /// The media type of an image's manifest.
  public static let manifestType = "application/vnd.oci.image.manifest.v1+json"

  /// Puts contents together.
  ///
  /// - Throws: `ReadingError` when they cannot be written as JSON.
  public init(_ layers: [Layer]) throws {
    var blobs: [Digest: [UInt8]] = [:]
    func keep(_ bytes: [UInt8]) -> Digest {
      let digest = Digest.sha256(bytes)
      blobs[digest] = bytes
      return digest
    }
    let digests = layers.map { keep($0.content) }
    // What cosign writes: an image without a platform, whose layers are not compressed.
    let config = try CanonicalJSON.write(
      JSONValue.object([
        "architecture": .string(""), "os": .string(""), "config": .object(JSONObject()),
        "created": .string("0001-01-01T00:00:00Z"),
        "history": .array(
          layers.map { _ in .object(["created": .string("0001-01-01T00:00:00Z")]) }),
        "rootfs": .object([
          "type": .string("layers"),
          "diff_ids": .array(digests.map { .string($0.description) }),
        ]),
      ]))
    let configDigest = keep(config)
    let document = try CanonicalJSON.write(
      JSONValue.object([
        "schemaVersion": .integer(2), "mediaType": .string(Self.manifestType),
        "config": .object([
          "mediaType": .string("application/vnd.oci.image.config.v1+json"),
          "digest": .string(configDigest.description), "size": .integer(Int64(config.count)),
        ]),
        "layers": .array(
          try zip(layers, digests).map { layer, digest in
            .object([
              "mediaType": .string(layer.mediaType), "digest": .string(digest.description),
              "size": .integer(Int64(layer.content.count)),
              "annotations": try JSONValue(encoding: layer.annotations),
            ])
          }),
      ]))
    manifest = keep(document)
    manifestSize = document.count
    self.blobs = blobs
  }

  /// The files of an OCI layout folder, by their path in it.
  ///
  /// - Throws: `ReadingError` when they cannot be written as JSON.
  public func layout() throws -> [(path: String, content: [UInt8])] {
    let index = try CanonicalJSON.write(
      JSONValue.object([
        "schemaVersion": .integer(2),
        "manifests": .array([
          .object([
            "mediaType": .string(Self.manifestType), "digest": .string(manifest.description),
            "size": .integer(Int64(manifestSize)),
          ])
        ]),
      ]))
    return [
      ("oci-layout", Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8)), ("index.json", index),
    ]
      + blobs.sorted { $0.key < $1.key }.map {
        ("blobs/\($0.key.algorithm.rawValue)/\($0.key.hex)", $0.value)
      }
  }
}
