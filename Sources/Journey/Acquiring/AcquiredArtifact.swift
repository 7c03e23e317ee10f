import Foundation
import Model
import Packaging
import Reading

/// A vendor's artifact as it came: what it is, under which digests it is known, and the file whose
/// bytes a detached signature signs.
struct AcquiredArtifact {
  let name: String
  let form: ArtifactForm
  let bytes: Int64
  /// SHA-256 of the file; of a folder, of its list; of a layout, of the manifest.
  let digest: Digest
  /// Every digest under which a statement may name it.
  let digests: Set<Digest>
  /// The file that a detached signature signs.
  let signed: String
  /// The image in it, in a layout that is kept by now; `nil` for anything else.
  let image: OCILayout?

  /// Reads an artifact; the image in a layout or archive is brought among the images.
  static func read(
    _ path: String, _ home: LedgerHome, commands: CommandRunner, environment: [String: String]
  ) async throws -> AcquiredArtifact {
    var isFolder = ObjCBool(false)
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Problem(.notFound, "there is no such file or folder", at: path)
    }
    let name = URL(fileURLWithPath: path).lastPathComponent
    guard isFolder.boolValue else {
      let file = try RecognisedArtifact.file(path)
      let image =
        file.form == .imageArchive
        ? try await keep("oci-archive:\(path)", home, commands, environment) : nil
      return AcquiredArtifact(
        name: name, form: file.form, bytes: file.bytes, digest: file.digest,
        digests: Set([file.digest] + (image.map { [$0.manifest] } ?? [])), signed: path,
        image: image)
    }
    guard FileManager.default.fileExists(atPath: "\(path)/oci-layout") else {
      // Only a statement can speak of a folder: there is no file that a bare signature would sign.
      let list = try FolderList(path)
      return AcquiredArtifact(
        name: name, form: .folder, bytes: list.bytes, digest: list.digest, digests: [list.digest],
        signed: path, image: nil)
    }
    // What came must be whole before a tool of others reads it.
    let came = try OCILayout(path: path)
    let image = try await keep("oci:\(path)", home, commands, environment)
    guard image.manifest == came.manifest else {
      throw Problem(.notTrusted, "the image was changed while it was read", at: path)
    }
    return AcquiredArtifact(
      name: name, form: ArtifactForm("image-layout", OCIArtifact.manifestType),
      bytes: try FolderList(path).bytes, digest: image.manifest, digests: [image.manifest],
      signed: "\(path)/blobs/sha256/\(image.manifest.hex)", image: image)
  }

  private static func keep(
    _ source: String, _ home: LedgerHome, _ commands: CommandRunner, _ environment: [String: String]
  ) async throws -> OCILayout {
    let images = "\(home.path)/images"
    try LedgerHome.makeFolder(images)
    let part = "\(images)/\(UUID().uuidString).part"
    defer { try? FileManager.default.removeItem(atPath: part) }
    let result = try await commands.run(
      Command(
        "skopeo", ["copy", "--quiet", "--preserve-digests", source, "oci:\(part):image"],
        environment: environment, timeoutMilliseconds: 30 * 60_000, outputLimit: 1 << 20))
    guard result.status.isSuccess else {
      let complaint = String(decoding: result.errorOutput.suffix(2_000), as: UTF8.self)
      throw Problem(.badInput, "the image cannot be read: \(complaint)", at: source)
    }
    return try home.keepImage(part)
  }
}
