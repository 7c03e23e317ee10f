import Foundation
public import Model

/// Keeps contents as files named by their SHA-256: `<folder>/ab/cdef…`, or `<folder>/ab/cdef….gz`
/// where gzip saves room; the name is always of the content as it was given.
///
/// A blob is written beside its place, flushed, renamed and its folder flushed, so that after
/// `put` returned it is there whole, and before that not at all. Files are only readable by their
/// owner.
public struct FileBlobStore: BlobStore {
  /// The folder that holds the blobs.
  public let folder: String
  /// No content may have more bytes than this, whatever its compressed form has.
  public let sizeLimit: Int

  /// What a file system gives out at least: compressing is only worth it where it saves one.
  private static let block = 4096

  /// Keeps blobs below a folder, which is made when the first blob comes.
  public init(folder: String, sizeLimit: Int = 256 << 20) {
    self.folder = folder
    self.sizeLimit = sizeLimit
  }

  private struct Place {
    let folder: String
    let plain: String
    var packed: String { "\(plain).gz" }
  }

  private func place(_ digest: Digest) -> Place {
    let parent = "\(folder)/\(digest.hex.prefix(2))"
    return Place(folder: parent, plain: "\(parent)/\(digest.hex.dropFirst(2))")
  }

  /// Keeps the bytes durably.
  ///
  /// - Throws: `Problem` with `inputOutput`, or `badInput` beyond the limit.
  public func put(_ bytes: [UInt8]) async throws -> Digest {
    guard bytes.count <= sizeLimit else {
      throw Problem(.badInput, "a content of \(bytes.count) bytes is too large", at: folder)
    }
    let digest = Digest.sha256(bytes)
    let place = place(digest)
    try DurableFolder.make(folder)
    try BlobLock.holding(folder, .shared) {
      // One that is there may be damaged, or another process may not have flushed its name yet.
      if let (known, path) = try? read(digest), known == bytes {
        // Whoever removes blobs sees by the time that this one was given anew.
        guard utimensat(AT_FDCWD, path, nil, 0) == 0 else {
          throw Problem(.inputOutput, "the blob's time cannot be set", at: path)
        }
        return try DurableFolder.flush(place.folder)
      }
      try DurableFolder.make(place.folder)
      let packed = bytes.count > Self.block ? try Gzip.compress(bytes) : bytes
      if Self.blocks(packed.count) < Self.blocks(bytes.count) {
        try DurableFile.write(packed, to: place.packed)
      } else {
        try DurableFile.write(bytes, to: place.plain)
      }
    }
    return digest
  }

  private static func blocks(_ count: Int) -> Int { (count + block - 1) / block }

  /// The bytes of that digest.
  ///
  /// - Throws: `Problem` with `ledgerDamaged` when the file's content is not what its name says, or
  ///   expands to more than the limit.
  public func get(_ digest: Digest) async throws -> [UInt8]? { try read(digest)?.bytes }

  private func read(_ digest: Digest) throws -> (bytes: [UInt8], path: String)? {
    let place = place(digest)
    let path: String
    let bytes: [UInt8]
    if let plain = try file(place.plain) {
      (path, bytes) = (place.plain, plain)
    } else if let packed = try file(place.packed) {
      path = place.packed
      do {
        bytes = try Gzip.expand(packed, limit: sizeLimit)
      } catch let problem as Problem where problem.code == .ledgerDamaged {
        throw damage(path, problem.message)
      }
    } else {
      return nil
    }
    guard Digest.sha256(bytes) == digest else { throw damage(path, nil) }
    return (bytes, path)
  }

  private func file(_ path: String) throws -> [UInt8]? {
    do {
      return try DurableFile.read(path, limit: sizeLimit)
    } catch let problem as Problem where problem.code == .badInput {
      throw damage(path, problem.message)
    }
  }

  private func damage(_ path: String, _ why: String?) -> Problem {
    Problem(
      .ledgerDamaged,
      "the blob's content is not what its name says\(why.map { ": \($0)" } ?? "")", at: path)
  }

  /// Whether there is a blob of that digest; its content is not looked at.
  public func contains(_ digest: Digest) -> Bool {
    let place = place(digest)
    return access(place.plain, F_OK) == 0 || access(place.packed, F_OK) == 0
  }

  /// The digests of all blobs, sorted.
  ///
  /// - Throws: `Problem` with `inputOutput`.
  public func digests() async throws -> [Digest] {
    let names: [String]
    do {
      names = try FileManager.default.subpathsOfDirectory(atPath: folder)
    } catch {
      guard access(folder, F_OK) != 0, errno == ENOENT else {
        throw Problem(.inputOutput, "the folder of blobs cannot be read", at: folder)
      }
      return []
    }
    let found = names.compactMap { name in
      let stem = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
      return Digest(.sha256, hex: stem.replacing("/", with: ""))
    }
    return Array(Set(found)).sorted()
  }

  /// Removes a blob durably: no name of it is left, also after a crash.
  ///
  /// What was given anew meanwhile stays: somebody may be about to record that they refer to it.
  ///
  /// - Parameter instant: a blob that was put at this time or later, by this machine's clock, stays.
  /// - Returns: whether no such blob is there any longer.
  /// - Throws: `Problem` with `inputOutput`.
  public func remove(_ digest: Digest, unlessPutSince instant: Instant) async throws -> Bool {
    guard access(folder, F_OK) == 0 else { return true }
    let place = place(digest)
    return try BlobLock.holding(folder, .exclusive) {
      for path in [place.plain, place.packed] {
        guard let status = FileStatus(path: path) else { continue }
        if status.modified >= instant { return false }
      }
      for path in [place.plain, place.packed] where unlink(path) != 0 && errno != ENOENT {
        throw Problem(.inputOutput, "the blob cannot be removed", at: path)
      }
      // Also when it was gone already: whoever removed it may not have come to this.
      if access(place.folder, F_OK) == 0 { try DurableFolder.flush(place.folder) }
      return true
    }
  }

  /// Removes what a `put` that was killed has left beside a blob's place.
  ///
  /// - Throws: `Problem` with `inputOutput`.
  public func removeRemnants() async throws {
    guard access(folder, F_OK) == 0 else { return }
    try BlobLock.holding(folder, .exclusive) {
      // Nobody writes while the lock is held: every such file was left.
      let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
      for name in names where name.hasSuffix(".part") {
        let path = "\(folder)/\(name)"
        guard unlink(path) == 0 || errno == ENOENT else {
          throw Problem(.inputOutput, "a remnant of a blob cannot be removed", at: path)
        }
        try DurableFolder.flush(PathText.parent(of: path))
      }
    }
  }
}

/// Keeps writing and removing of blobs apart, between processes; the system lets go of it when a
/// process ends, however it ends.
enum BlobLock {
  enum Sort { case shared, exclusive }

  static func holding<Value>(
    _ folder: String, _ sort: Sort, _ body: () throws -> Value
  ) throws -> Value {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw Problem(.inputOutput, "the folder of blobs cannot be opened", at: folder)
    }
    defer {
      // In so many words: a child that was forked this moment holds the descriptor too.
      flock(descriptor, LOCK_UN)
      close(descriptor)
    }
    while flock(descriptor, sort == .shared ? LOCK_SH : LOCK_EX) != 0 {
      guard errno == EINTR else {
        throw Problem(.inputOutput, "the folder of blobs cannot be locked", at: folder)
      }
    }
    return try body()
  }
}
