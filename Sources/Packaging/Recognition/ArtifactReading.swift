public import Model
import Reading

/// An artifact as it was read: what it is, how large, and its digest.
public struct RecognisedArtifact: Hashable, Sendable {
  /// What it is.
  public let form: ArtifactForm
  /// SHA-256 of the file, or of a folder's list of files.
  public let digest: Digest
  /// Bytes, of all files of a folder.
  public let bytes: Int64
  /// How many files a folder has; `nil` for a file.
  public let files: Int?

  /// Reads a file: its digest, and what its content shows it to be. It is read in parts.
  ///
  /// - Throws: `Problem` with `notFound`, `badInput` for an empty file or for an archive that is not
  ///   whole, `inputOutput`.
  public static func file(_ path: String) throws -> RecognisedArtifact {
    let file = try ArtifactBytes(path: path)
    guard file.size > 0 else { throw Problem(.badInput, "the artifact is empty", at: path) }
    do {
      return RecognisedArtifact(
        form: try form(file), digest: try file.digest(), bytes: file.size, files: nil)
    } catch let error as ReadingError {
      throw Problem(.badInput, error.message, at: path)
    }
  }

  /// Reads a folder as the list of its files.
  ///
  /// - Throws: `Problem` with `notFound`, or `badInput` for a link, a device or a name that no such
  ///   list can hold.
  public static func folder(_ path: String) throws -> RecognisedArtifact {
    let list = try FolderList(path)
    return RecognisedArtifact(
      form: .folder, digest: list.digest, bytes: list.bytes, files: list.files.count)
  }

  private static func form(_ file: ArtifactBytes) throws -> ArtifactForm {
    let head = try file.read(at: 0, 0x8010)
    if head.has([0x50, 0x4b, 0x03, 0x04], at: 0) { return .zip(try ZipNames.read(file)) }
    if let magic = ArtifactForm.magics.first(where: { head.has($0.bytes, at: $0.offset) }) {
      return magic.form.word == "tar" && ImageArchive(file).isImage ? .imageArchive : magic.form
    }
    if head.has([0x4d, 0x5a], at: 0),
      head.has([0x50, 0x45, 0, 0], at: Int(head.number(at: 0x3c, 4)))
    {
      return .init("pe", "application/vnd.microsoft.portable-executable")
    }
    if isIntelHex(head) { return .init("firmware-hex", "text/plain") }
    if ModelForms.isSafetensors(file, head: head) {
      return .init("model-safetensors", ArtifactForm.octets)
    }
    if try ModelForms.isONNX(file, head: head) { return .init("model-onnx", ArtifactForm.octets) }
    return .unknown
  }

  /// Intel HEX: lines of a colon and hexadecimal digits whose bytes add up to zero.
  private static func isIntelHex(_ head: [UInt8]) -> Bool {
    guard head.first == 0x3a else { return false }
    let line = head.dropFirst().prefix { $0 != 0x0a && $0 != 0x0d }
    guard line.count >= 10, line.count % 2 == 0, line.count <= 521,
      let bytes = Hexadecimal.decode(String(decoding: line, as: UTF8.self).lowercased())
    else { return false }
    return bytes.count == Int(bytes[0]) + 5 && bytes.reduce(0, &+) == 0
  }
}
