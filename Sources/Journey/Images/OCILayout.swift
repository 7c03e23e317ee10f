import Foundation
public import Model
import Reading

/// An image in an OCI layout folder (image-spec v1.1): the one place from which it is scanned,
/// pushed and deployed.
///
/// Opening it hashes every blob, so the bytes that are used are the bytes that are named.
public struct OCILayout: Hashable, Sendable {
  /// The folder.
  public let path: String
  /// Digest of the one manifest.
  public let manifest: Digest
  /// Digest of the image's configuration, which podman shows as the image id.
  public let config: Digest

  /// Opens a layout that holds exactly one image, and checks every blob.
  ///
  /// - Parameter expected: the manifest digest that it must have.
  /// - Throws: `Problem` with `notTrusted` when a blob is not what its name says, or the image is
  ///   another one; `badInput` when it is no such layout.
  public init(path: String, expected: Digest? = nil) throws {
    self.path = path
    let index = try Self.json("\(path)/index.json")
    guard let manifests = index["manifests"]?.array, manifests.count == 1,
      let manifest = manifests[0]["digest"]?.string.flatMap({ Digest($0) })
    else {
      throw Problem(.badInput, "the OCI layout does not hold exactly one image", at: path)
    }
    if let expected, manifest != expected {
      throw Problem(
        .notTrusted,
        "the image was changed: it is \(manifest), not \(expected)", at: path,
        advice: "Build, scan and approve the changed image as a release of its own.")
    }
    let content = try Self.json(Self.blob(manifest, in: path))
    guard let config = content["config"]?["digest"]?.string.flatMap({ Digest($0) }),
      let layers = content["layers"]?.array
    else {
      throw Problem(.badInput, "the manifest names no configuration and layers", at: path)
    }
    let digests = layers.compactMap { $0["digest"]?.string.flatMap { Digest($0) } }
    guard digests.count == layers.count else {
      throw Problem(.badInput, "a layer of the manifest has no proper digest", at: path)
    }
    for digest in [manifest, config] + digests { try Self.check(digest, in: path) }
    self.manifest = manifest
    self.config = config
  }

  /// Manifest and configuration.
  ///
  /// - Throws: `Problem` with `notTrusted` or `badInput`.
  func documents() throws -> (manifest: JSONValue, config: JSONValue) {
    (try Self.json(Self.blob(manifest, in: path)), try Self.json(Self.blob(config, in: path)))
  }

  private static func blob(_ digest: Digest, in path: String) -> String {
    "\(path)/blobs/\(digest.algorithm.rawValue)/\(digest.hex)"
  }

  private static func json(_ file: String) throws -> JSONValue {
    do {
      return try JSONReader.read(InputFile.read(file))
    } catch let error as ReadingError {
      throw Problem(.badInput, "the OCI layout cannot be read: \(error)", at: file)
    }
  }

  /// Hashes a blob in parts.
  private static func check(_ digest: Digest, in path: String) throws {
    let file = blob(digest, in: path)
    guard let handle = FileHandle(forReadingAtPath: file) else {
      throw Problem(.notTrusted, "the blob \(digest) is missing from the image", at: path)
    }
    defer { try? handle.close() }
    var stream = Digest.Stream()
    while let part = try handle.read(upToCount: 1 << 20), !part.isEmpty {
      part.withUnsafeBytes { stream.update($0) }
    }
    guard stream.finalize() == digest else {
      throw Problem(
        .notTrusted, "the image was changed: the blob \(digest) is not what its name says",
        at: path, advice: "Build, scan and approve the changed image as a release of its own.")
    }
  }
}

extension LedgerHome {
  /// Where the OCI layout of an image lies.
  func imagePath(_ manifest: Digest) -> String { "\(path)/images/\(manifest.hex)" }

  /// The OCI layout of a release's image, every blob checked.
  ///
  /// - Throws: `Problem` with `notTrusted` when it was changed, `notFound` when it is not there.
  public func image(of release: Release) throws -> OCILayout {
    guard let subject = release.containerImage else {
      throw Problem(
        .badInput, "release \(release.version) has no image, and nothing else can be deployed",
        advice: "It is bound, judged and reported like any other; how it is installed is up to you."
      )
    }
    guard let manifest = subject.digests.first(where: { $0.algorithm == .sha256 }) else {
      throw Problem(.badInput, "the release names no image by SHA-256")
    }
    let layout = try image(manifest)
    guard layout.config == release.imageConfig else {
      throw Problem(.notTrusted, "the image's configuration is not the release's", at: layout.path)
    }
    return layout
  }

  func image(_ manifest: Digest) throws -> OCILayout {
    let path = imagePath(manifest)
    guard FileManager.default.fileExists(atPath: path) else {
      throw Problem(.notFound, "the image \(manifest) is not kept here", at: path)
    }
    return try OCILayout(path: path, expected: manifest)
  }
}
