import Foundation
import Model
import Packaging
import Reading

/// A vendor's artifact as it came: what it is, under which digests it is known, and the file whose
/// bytes a detached signature signs. Nothing is unpacked before a signature was verified.
struct AcquiredArtifact {
  let name: String
  let form: ArtifactForm
  let bytes: Int64
  /// SHA-256 of the file; of a folder, of its list; of a layout, of the manifest.
  let digest: Digest
  /// The file that a detached signature signs.
  let signed: String
  /// The manifest of the image that it says it holds; `nil` for anything but an image.
  let manifest: Digest?
  /// Where the image is, as skopeo takes it.
  private let source: String?

  /// Every digest under which a statement may name it.
  var digests: Set<Digest> { Set([digest] + (manifest.map { [$0] } ?? [])) }

  /// Reads a file, a folder, an OCI layout or an archive of one.
  ///
  /// - Throws: `Problem` with `notFound`, `badInput` or `notTrusted`.
  init(_ path: String) throws {
    var isFolder = ObjCBool(false)
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Problem(.notFound, "there is no such file or folder", at: path)
    }
    name = URL(fileURLWithPath: path).lastPathComponent
    if !isFolder.boolValue {
      let file = try RecognisedArtifact.file(path)
      let isImage = file.form == .imageArchive
      (form, bytes, digest, signed) = (file.form, file.bytes, file.digest, path)
      manifest = isImage ? try ImageArchive.manifest(path) : nil
      source = isImage ? "oci-archive:\(path)" : nil
    } else if FileManager.default.fileExists(atPath: "\(path)/oci-layout") {
      let layout = try OCILayout(path: path)
      form = ArtifactForm("image-layout", OCIArtifact.manifestType)
      bytes = try FolderList(path).bytes
      digest = layout.manifest
      signed = "\(path)/blobs/sha256/\(layout.manifest.hex)"
      manifest = layout.manifest
      source = "oci:\(path)"
    } else {
      // Only a statement can speak of a folder: there is no file that a bare signature would sign.
      let list = try FolderList(path)
      (form, bytes, digest, signed) = (.folder, list.bytes, list.digest, path)
      manifest = nil
      source = nil
    }
  }

  /// Brings the image among the images of the ledger, without changing a byte; `nil` for anything
  /// but an image.
  ///
  /// - Throws: `Problem` with `badInput` for what skopeo cannot read, `notTrusted` when the image is
  ///   another than the one that was looked at.
  func keep(
    _ home: LedgerHome, commands: CommandRunner, environment: [String: String]
  ) async throws -> OCILayout? {
    guard let source, let manifest else { return nil }
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
    guard try OCILayout(path: part).manifest == manifest else {
      throw Problem(.notTrusted, "the image was changed while it was read", at: source)
    }
    return try home.keepImage(part)
  }
}
