public import Model
import Reading

/// A tar archive of an OCI layout, looked at without being unpacked.
public struct ImageArchive {
  private static let entries = 16_384
  private static let indexLimit: Int64 = 1 << 20

  private let file: ArtifactBytes

  init(_ file: ArtifactBytes) { self.file = file }

  /// The digest of the one manifest that the archive's index names: what it claims to hold.
  ///
  /// - Throws: `Problem` with `badInput` for an archive without an index, or of several images.
  public static func manifest(_ path: String) throws -> Digest {
    let archive = ImageArchive(try ArtifactBytes(path: path))
    guard let bytes = try archive.content("index.json"), let index = try? JSONReader.read(bytes)
    else { throw Problem(.badInput, "the archive has no index of an OCI layout", at: path) }
    guard let manifests = index["manifests"]?.array, manifests.count == 1,
      let digest = manifests[0]["digest"]?.string.flatMap({ Digest($0) }),
      digest.algorithm == .sha256
    else { throw Problem(.badInput, "the archive does not hold exactly one image", at: path) }
    return digest
  }

  /// Whether it has a file `oci-layout` at its top.
  var isImage: Bool { (try? content("oci-layout")) != nil }

  /// The content of a small file at the top; `nil` where there is none before the first header that
  /// is not understood.
  private func content(_ wanted: String) throws -> [UInt8]? {
    var place: Int64 = 0
    for _ in 0..<Self.entries {
      let block = try file.read(at: place, 512)
      guard block.count == 512, block[0] != 0 else { return nil }
      let name = String(decoding: block.prefix(100).prefix { $0 != 0 }, as: UTF8.self)
      let octal = String(
        decoding: block[124..<136].prefix { $0 != 0 && $0 != 0x20 }, as: UTF8.self)
      guard let size = Int64(octal, radix: 8), size >= 0 else { return nil }
      if name == wanted || name == "./\(wanted)" {
        guard size <= Self.indexLimit else { return nil }
        let content = try file.read(at: place + 512, Int(size))
        return content.count == Int(size) ? content : nil
      }
      place += 512 + (size + 511) / 512 * 512
    }
    return nil
  }
}
