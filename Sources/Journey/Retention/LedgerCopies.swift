import Blobs
import Foundation
import Ledger
import Model

/// Copies of what the ledger keeps that lie in the folders of its runs.
struct LedgerCopies: Sendable {
  /// The ledger's folder.
  let path: String

  /// Files in the folders of runs whose bytes are exactly one of these contents.
  ///
  /// - Parameter contents: digests with the number of bytes, so that few files must be read.
  /// - Returns: paths below the ledger's folder, sorted.
  func files(of contents: [Digest: Int]) throws -> [String] {
    guard !contents.isEmpty else { return [] }
    let sizes = Set(contents.values)
    var found: [String] = []
    let root = URL(fileURLWithPath: "\(path)/runs", isDirectory: true)
    let keys: [URLResourceKey] = [.isRegularFileKey, .fileSizeKey]
    let walk = FileManager.default.enumerator(at: root, includingPropertiesForKeys: keys)
    while let file = walk?.nextObject() as? URL {
      let values = try file.resourceValues(forKeys: Set(keys))
      guard values.isRegularFile == true, let size = values.fileSize, sizes.contains(size),
        let bytes = try DurableFile.read(file.path, limit: 256 << 20),
        contents[.sha256(bytes)] == size, file.path.hasPrefix("\(root.path)/")
      else { continue }
      found.append("runs/\(file.path.dropFirst(root.path.utf8.count + 1))")
    }
    return found.sorted()
  }

  /// The folder of a run, below the ledger's folder, where it is there.
  func folder(of run: String) -> String? {
    guard Actor.isIdentifier(run) else { return nil }
    let name = "runs/\(run)"
    return FileManager.default.fileExists(atPath: "\(path)/\(name)") ? name : nil
  }

  /// Removes a file or a folder durably; one that is gone is fine.
  ///
  /// - Throws: `Problem` with `ledgerDamaged` for a path that leads out of the folder of runs, or
  ///   `inputOutput`.
  func remove(_ name: String) throws {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count >= 2, parts[0] == "runs", !parts.contains(""), !parts.contains("."),
      !parts.contains("..")
    else {
      throw Problem(
        .ledgerDamaged, "a remnant names \"\(name)\", which is no copy of ours", at: path)
    }
    // No part on the way may be a link: what it leads to is not ours to remove.
    var folder = path
    for part in parts.dropLast() {
      folder += "/\(part)"
      guard let status = FileStatus(path: folder, following: false) else { return }
      guard status.isFolder else {
        throw Problem(.inputOutput, "expected a folder", at: folder)
      }
    }
    let place = "\(path)/\(name)"
    if FileStatus(path: place, following: false) != nil {
      do {
        try FileManager.default.removeItem(atPath: place)
      } catch {
        throw Problem(.inputOutput, "a copy cannot be removed: \(error)", at: place)
      }
    }
    try DurableFolder.flush(folder)
  }

  /// Runs that are going on in some process, each with the time when it began.
  func liveRuns() -> [(run: String, since: Instant)] {
    let runs = (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/runs")) ?? []
    return runs.sorted().compactMap { run in
      let lock = "\(path)/runs/\(run)/lock"
      let descriptor = open(lock, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return nil }
      defer { close(descriptor) }
      if flock(descriptor, LOCK_SH | LOCK_NB) == 0 {
        flock(descriptor, LOCK_UN)
        return nil
      }
      let changed = FileStatus(descriptor: descriptor)?.modified.milliseconds ?? 0
      return (run, Instant(milliseconds: changed / 1000 * 1000))
    }
  }
}
