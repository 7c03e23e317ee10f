import Blobs
import Foundation
import Model
import PHI
import Reading

/// Looks for PHI in the layers of an image. What was seen in a layer is kept by its digest and by
/// what looked, so that a base image is read once.
struct LayerSearch {
  let home: LedgerHome
  let search: PHISearch

  /// - Parameter log: told of each layer.
  /// - Throws: `Problem` when the manifest cannot be read.
  func look(at layout: OCILayout, log: (String) -> Void) async throws -> SeenContent {
    let manifest: JSONValue
    do {
      manifest = try JSONReader.read(InputFile.read(path(of: layout.manifest, in: layout)))
    } catch let error as ReadingError {
      throw Problem(.badInput, "the image's manifest cannot be read: \(error)", at: layout.path)
    }
    let layers = (manifest["layers"]?.array ?? []).compactMap {
      $0["digest"]?.string.flatMap { Digest($0) }
    }
    var seen = SeenContent()
    for digest in [layout.config] + layers {
      let isConfiguration = digest == layout.config
      if let known = known(digest) {
        log("\(digest.short): \(known.found.count) finding(s), looked at before")
        seen.add(known)
        continue
      }
      let report = try await search.scan.scan(paths: [path(of: digest, in: layout)])
      let layer = SeenContent(report) { file, place in
        isConfiguration ? ("image configuration", place) : Self.name(file, place)
      }
      log("\(digest.short): \(layer.found.count) finding(s) in \(layer.bytes) bytes")
      try keep(layer, of: digest)
      seen.add(layer)
    }
    return seen
  }

  private func path(of digest: Digest, in layout: OCILayout) -> String {
    "\(layout.path)/blobs/\(digest.algorithm.rawValue)/\(digest.hex)"
  }

  /// A file's path in its layer, and the place in the file: `gzip!etc/motd!` is `etc/motd`.
  static func name(_ file: String, _ place: String?) -> (file: String, place: String?) {
    let whole = place ?? file.split(separator: " ").last.map(String.init) ?? file
    var parts = whole.split(separator: "!", maxSplits: 2, omittingEmptySubsequences: false)[...]
    let compressed: Set<Substring> = ["gzip", "zstd", "bzip2", "xz"]
    if let first = parts.first, compressed.contains(first) { parts = parts.dropFirst() }
    guard let name = parts.first, !name.isEmpty else { return (whole, nil) }
    let rest = parts.dropFirst().joined(separator: "!")
    return (String(name.drop { $0 == "." || $0 == "/" }), rest.isEmpty ? nil : rest)
  }

  private func file(of digest: Digest) -> String {
    let looked =
      search.taken + PHISearch.recognisers.version
      + PHISearch.recognisers.lists.description
    let edition = Digest.sha256(Array(looked.utf8)).hex.prefix(12)
    return "\(home.path)/phi/layers/\(digest.hex)-\(edition).json"
  }

  /// What was seen in a layer before; what cannot be read any more is looked at again.
  private func known(_ digest: Digest) -> SeenContent? {
    try? RunFolder.read(file(of: digest))
  }

  private func keep(_ seen: SeenContent, of digest: Digest) throws {
    try LedgerHome.makeFolder("\(home.path)/phi")
    try LedgerHome.makeFolder("\(home.path)/phi/layers")
    try RunFolder.write(seen, to: file(of: digest))
  }
}
