import Attestation
import Blobs
import Foundation
import Ledger
import Model
import Pipeline
import Reading

/// Finds every copy of given values below a ledger's folder.
struct SpillSearching {
  let home: LedgerHome
  let search: ValueSearch
  let progress: @Sendable (_ what: String) -> Void

  /// Folders below the ledger's in which files are looked at one by one.
  private static let folders = ["runs", "spool", "environments", "contradictions"]
  private static let layerLimit = 4 << 30

  /// - Throws: `Problem` when the ledger cannot be read.
  func fill(_ spill: inout Spill) async throws {
    progress("contents of the blob store")
    for digest in try await home.blobs.digests() {
      try Task.checkCancellation()
      do {
        if let bytes = try await home.blobs.get(digest), search.occurs(in: bytes) {
          spill.contents.append(digest)
        }
      } catch {
        spill.unread.append("the content \(digest): \(error)")
      }
    }
    progress("entries")
    try await entries(&spill)
    progress("files of runs")
    for folder in Self.folders { try files(below: folder, &spill) }
    progress("images")
    try images(&spill)
  }

  private func entries(_ spill: inout Spill) async throws {
    let contents = Set(spill.contents)
    let size = try await home.ledger.read { try $0.size() }
    var start: Int64 = 0
    while start < size {
      try Task.checkCancellation()
      let page = start..<min(start + 1_000, size)
      for row in try await home.ledger.read({ try $0.rows(page) }) {
        let entry = try await home.ledger.entry(row)
        guard case .present(let bytes, _) = entry.payload else { continue }
        let profile = try await home.profile(row)
        let payload = try Envelope(json: bytes).payload
        guard
          !profile.references.isDisjoint(with: contents)
            || search.occurs(in: payload)
        else { continue }
        spill.entries.append(
          .init(
            index: profile.index, kind: profile.kind, time: profile.time, run: profile.run,
            environments: profile.environments.sorted()))
      }
      start = page.upperBound
    }
  }

  private func files(below folder: String, _ spill: inout Spill) throws {
    let root = "\(home.path)/\(folder)"
    guard FileManager.default.fileExists(atPath: root) else { return }
    let keys: Set<URLResourceKey> = [.isRegularFileKey, .contentModificationDateKey]
    let walk = FileManager.default.enumerator(
      at: URL(fileURLWithPath: root, isDirectory: true), includingPropertiesForKeys: Array(keys))
    while let file = walk?.nextObject() as? URL {
      guard try file.resourceValues(forKeys: keys).isRegularFile == true,
        file.path.hasPrefix("\(home.path)/")
      else { continue }
      let name = String(file.path.dropFirst(home.path.utf8.count + 1))
      do {
        // A name can be the value itself, as in 00482917.json.
        let isNamedSo = search.occurs(in: name.utf8)
        guard try isNamedSo || occurs(inFile: file.path) else { continue }
        spill.files.append(copy(name, isNamedSo: isNamedSo))
      } catch {
        spill.unread.append("the file \(name): \(error)")
      }
    }
    spill.files.sort { $0.path < $1.path }
  }

  private func occurs(inFile path: String) throws -> Bool {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw Problem(.inputOutput, "it cannot be read")
    }
    defer { try? handle.close() }
    var stream = ValueSearch.Stream(search)
    var isFirst = true
    while let part = try handle.read(upToCount: 1 << 20), !part.isEmpty, !stream.isFound {
      if isFirst, part.starts(with: [0x1f, 0x8b]) {
        return search.occurs(in: try Gzip.expand(whole(path), limit: Self.layerLimit))
      }
      isFirst = false
      stream.take(part)
    }
    // Signed evidence stands in base64 within base64 in the spool.
    if !stream.isFound, path.hasPrefix("\(home.path)/spool/") {
      return try whole(path).split(separator: 0x22).contains { part in
        guard let inner = Base64.decode(String(decoding: part, as: UTF8.self)),
          let envelope = try? Envelope(json: inner)
        else { return false }
        return search.occurs(in: envelope.payload)
      }
    }
    return stream.isFound
  }

  private func whole(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe))
  }

  private func images(_ spill: inout Spill) throws {
    let root = "\(home.path)/images"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    for name in names.sorted() {
      let blobs = "\(root)/\(name)/blobs/sha256"
      let layers = (try? FileManager.default.contentsOfDirectory(atPath: blobs)) ?? []
      for layer in layers.sorted() {
        do {
          guard try occurs(inFile: "\(blobs)/\(layer)") else { continue }
          spill.images.append(copy("images/\(name)"))
          break
        } catch {
          spill.unread.append("a layer of the image \(name): \(error)")
        }
      }
    }
  }

  private func copy(_ name: String, isNamedSo: Bool = false) -> Spill.Copy {
    let attributes = try? FileManager.default.attributesOfItem(atPath: "\(home.path)/\(name)")
    let mode = (attributes?[.posixPermissions] as? Int) ?? 0
    let date = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
    return Spill.Copy(
      path: name, since: Instant(milliseconds: Int64(date * 1000)), isOpen: mode & 0o044 != 0,
      isNamedSo: isNamedSo)
  }
}
