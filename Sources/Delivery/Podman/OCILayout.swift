import Blobs
import Model
import Reading

/// An OCI image layout on disk: the one that was scanned is the one that is deployed.
struct OCILayout: Sendable {
  let folder: String

  private static let manifestTypes = [
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
  ]

  /// Checks that the layout holds one image, and that it is the release's: manifest and
  /// configuration, each by its bytes.
  func check(_ release: Release) throws {
    guard !folder.contains(":") else {
      throw Problem(
        .badInput, "the folder of an image must not have a colon in its path", at: folder)
    }
    let index = try read(folder + "/index.json", as: nil)
    guard let manifests = index["manifests"]?.array, manifests.count == 1,
      let entry = manifests.first, let digest = entry["digest"]?.string.flatMap({ Digest($0) })
    else {
      throw Problem(
        .badInput, "the layout must hold exactly one image, named by a SHA-256 digest",
        at: folder + "/index.json")
    }
    guard release.image.digests.contains(digest) else {
      throw Problem(
        .badInput,
        "the layout holds the image \(digest), and the release is \(Self.name(release))",
        at: folder, advice: "the image was built or changed after the release was put together")
    }
    let manifest = try read(blob(digest), as: digest)
    guard let type = manifest["mediaType"]?.string ?? entry["mediaType"]?.string,
      Self.manifestTypes.contains(type),
      let config = manifest["config"]?["digest"]?.string.flatMap({ Digest($0) })
    else {
      throw Problem(.badInput, "the image's manifest is not one of a single image", at: folder)
    }
    guard config == release.imageConfig else {
      throw Problem(
        .badInput,
        "the image's configuration is \(config), and the release says \(release.imageConfig)",
        at: folder)
    }
    _ = try read(blob(config), as: config)
  }

  static func name(_ release: Release) -> String {
    release.image.digests.map(\.description).joined(separator: ", ")
  }

  private func blob(_ digest: Digest) -> String {
    "\(folder)/blobs/\(digest.algorithm.rawValue)/\(digest.hex)"
  }

  /// Reads a JSON file; the bytes that are hashed are the bytes that are parsed.
  private func read(_ path: String, as digest: Digest?) throws -> JSONValue {
    guard let bytes = try DurableFile.read(path) else {
      throw Problem(.notFound, "the image's layout is not whole: this file is missing", at: path)
    }
    if let digest, Digest.sha256(bytes) != digest {
      throw Problem(.badInput, "the file's content is not \(digest)", at: path)
    }
    do {
      return try JSONReader.read(bytes)
    } catch let error as ReadingError {
      throw Problem(error, file: path)
    }
  }
}
