import Blobs
import Foundation
public import Model
import Reading

extension ImageFiles {
  /// Largest archive and layer that is read.
  private static let largestLayer = 4 << 30
  /// Most files of a tree.
  private static let mostFiles = 5_000_000

  /// What was read.
  public enum Sort: String, Sendable, Codable { case image, tree }

  /// Reads an OCI layout, an archive of an image (OCI's or Docker's form), or a file tree, such as the
  /// root of a machine or a source folder.
  ///
  /// - Returns: the files, what it was, and of an image its configuration's digest.
  /// - Throws: `Problem` with `notFound`, `badInput`, or `notTrusted` when a blob is not what its
  ///   name says.
  public static func read(
    _ path: String
  ) throws -> (files: ImageFiles, sort: Sort, config: Digest?) {
    var isFolder = ObjCBool(false)
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Problem(.notFound, "there is no such image or folder", at: path)
    }
    guard isFolder.boolValue else {
      let image = try image(ArchiveContent(try file(path)).content, at: path)
      return (image.files, .image, image.config)
    }
    guard FileManager.default.fileExists(atPath: "\(path)/oci-layout") else {
      return (try tree(path), .tree, nil)
    }
    let image = try image({ try file("\(path)/\($0)") }, at: path)
    return (image.files, .image, image.config)
  }

  private static func file(_ path: String) throws -> [UInt8] {
    let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? Int
    guard let size, size <= largestLayer,
      let data = try? Data(contentsOf: URL(fileURLWithPath: path))
    else { throw Problem(.badInput, "the file cannot be read, or is too large", at: path) }
    return Array(data)
  }

  private static func tree(_ root: String) throws -> ImageFiles {
    var files = ImageFiles()
    guard let walk = FileManager.default.enumerator(atPath: root) else {
      throw Problem(.inputOutput, "the folder cannot be read", at: root)
    }
    var count = 0
    while let path = walk.nextObject() as? String {
      count += 1
      guard count <= mostFiles else {
        throw Problem(.badInput, "the folder has more than \(mostFiles) files", at: root)
      }
      let named = InventoryPaths.namesPackages(path)
      guard named || InventoryPaths.unread(path) != nil else { continue }
      let attributes = try? FileManager.default.attributesOfItem(atPath: "\(root)/\(path)")
      guard attributes?[.type] as? FileAttributeType == .typeRegular else { continue }
      files.add(path, named ? try file("\(root)/\(path)") : [])
    }
    return files
  }

  private typealias Blob = (String) throws -> [UInt8]

  private static func image(
    _ read: Blob, at path: String
  ) throws -> (files: ImageFiles, config: Digest?) {
    do {
      if let index = try? JSONReader.read(read("index.json")) {
        return try ociImage(index, read)
      }
      let list = try JSONReader.read(read("manifest.json"))
      guard list.array?.count == 1, let image = list[0],
        let layers = image["Layers"]?.array?.compactMap(\.string), !layers.isEmpty
      else { throw Problem(.badInput, "the archive does not hold exactly one image", at: path) }
      var files = ImageFiles()
      for layer in layers { try files.add(layer: expanded(read(layer))) }
      return (files, try image["Config"]?.string.map { .sha256(try read($0)) })
    } catch let error as ReadingError {
      throw Problem(.badInput, "the image cannot be read: \(error)", at: path)
    }
  }

  private static func ociImage(
    _ index: JSONValue, _ read: Blob
  ) throws -> (files: ImageFiles, config: Digest?) {
    func blob(_ descriptor: JSONValue?) throws -> (digest: Digest, bytes: [UInt8]) {
      guard let digest = descriptor?["digest"]?.string.flatMap({ Digest($0) }),
        digest.algorithm == .sha256
      else { throw Problem(.badInput, "the layout names a blob without a SHA-256") }
      let bytes = try read("blobs/sha256/\(digest.hex)")
      guard Digest.sha256(bytes) == digest else {
        throw Problem(.notTrusted, "the blob \(digest) is not what its name says")
      }
      return (digest, bytes)
    }
    guard let manifests = index["manifests"]?.array, manifests.count == 1 else {
      throw Problem(.badInput, "the OCI layout does not hold exactly one image")
    }
    let manifest = try JSONReader.read(blob(manifests[0]).bytes)
    guard let layers = manifest["layers"]?.array, !layers.isEmpty else {
      throw Problem(.badInput, "the manifest names no layer; of several platforms, name one image")
    }
    var files = ImageFiles()
    for layer in layers { try files.add(layer: expanded(blob(layer).bytes)) }
    return (files, try blob(manifest["config"]).digest)
  }

  private static func expanded(_ layer: [UInt8]) throws -> [UInt8] {
    if layer.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) {
      throw Problem(
        .badInput, "a layer is compressed with zstd, which is not read here",
        advice: "Write the image with gzip or uncompressed layers.")
    }
    guard layer.starts(with: [0x1f, 0x8b]) else { return layer }
    do { return try Gzip.expand(layer, limit: largestLayer) } catch let problem as Problem {
      throw Problem(.badInput, "a layer cannot be expanded: \(problem.message)")
    }
  }
}

/// The files of an archive, by their paths.
private struct ArchiveContent {
  private let bytes: [UInt8]
  private var places: [String: Range<Int>] = [:]

  init(_ bytes: [UInt8]) throws {
    self.bytes = bytes
    var archive = LayerArchive(bytes)
    while let entry = try archive.next() {
      switch entry.sort {
      case .file: places[entry.path] = entry.content
      case .hardLink(let target): places[entry.path] = places[target]
      case .other: break
      }
    }
  }

  func content(_ path: String) throws -> [UInt8] {
    guard let place = places[LayerArchive.plain(path)] else {
      throw Problem(.badInput, "the archive has no \(path)")
    }
    return Array(bytes[place])
  }
}
