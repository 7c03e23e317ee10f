import Foundation
public import Model

/// The files of a commit, written out exactly as the commit holds them.
///
/// They are read as blobs, never through a checkout or an archive, so that no attribute
/// (`export-ignore`, `export-subst`, line ends, filters) can change them. Each file is checked
/// against its blob's id, all of them against the tree's, and the tree against the commit's.
public struct CleanExport: Hashable, Sendable {
  /// How much may be exported.
  public struct Limits: Hashable, Sendable {
    /// Greatest number of files.
    public var files: Int
    /// Greatest sum of their sizes in bytes.
    public var bytes: Int

    /// Limits of one's own; 100,000 files and 2 GiB unless said otherwise.
    public init(files: Int = 100_000, bytes: Int = 2 << 30) {
      self.files = files
      self.bytes = bytes
    }
  }

  /// The folder that holds the files.
  public let folder: String
  /// SHA-256 over the lines `mode SP sha256 SP path LF`, sorted byte by byte (`LC_ALL=C sort`).
  public let digest: Digest
  /// Number of files.
  public let files: Int
  /// Sum of their sizes in bytes.
  public let bytes: Int
}

extension GitRepository {
  /// Writes the files of a commit into a folder that is new or empty.
  ///
  /// Files get the mode that the commit states and the committer's time.
  ///
  /// - Throws: `Problem` for links, submodules, paths that could lead outside, limits, a folder
  ///   that is not empty, and contents that are not what their ids say. What was written until
  ///   then stays: throw the folder away.
  public func export(
    _ commit: GitCommit, to folder: String, limits: CleanExport.Limits = .init()
  ) async throws -> CleanExport {
    let files = try await files(of: commit)
    let bytes = files.reduce(0) { $0 + $1.size }
    guard files.count <= limits.files, bytes <= limits.bytes else {
      throw Problem(
        .badInput, "the commit holds \(files.count) files of \(bytes) bytes, more than the limit",
        at: "commit \(commit.id.hex)",
        advice: "Keep large data out of the repository, or raise the limit.")
    }
    let writer = try ExportWriter(folder: folder, time: commit.committer.time)
    var lines: [[UInt8]] = []
    for batch in Self.batches(files) {
      let size = batch.reduce(0) { $0 + $1.size }
      let contents = try await objects(batch.map(\.id), kind: "blob", byteLimit: size)
      for (file, content) in zip(batch, contents) {
        try writer.write(file, content)
        lines.append(Array("\(file.mode) \(Digest.sha256(content).hex) \(file.path)\n".utf8))
      }
    }
    lines.sort { $0.lexicographicallyPrecedes($1) }
    return CleanExport(
      folder: folder, digest: .sha256(lines.flatMap { $0 }), files: files.count, bytes: bytes)
  }

  /// The commit's files; together they have the tree id that the commit states.
  private func files(of commit: GitCommit) async throws -> [GitFile] {
    let result = try await run(["ls-tree", "-r", "-z", "-l", "--full-tree", commit.tree.hex])
    guard result.status.isSuccess else { throw failure("ls-tree", result) }
    let files = try GitTree.files(result.output)
    guard GitTree.id(of: files) == commit.tree else {
      throw Problem(
        .notTrusted, "the files that git lists are not those of the commit's tree",
        at: "commit \(commit.id.hex)",
        advice: "The repository is damaged, or its tree holds an empty folder; run git fsck.")
    }
    return files
  }

  /// Files in portions of at most 16 MiB, a larger file alone.
  private static func batches(_ files: [GitFile]) -> [[GitFile]] {
    var batches: [[GitFile]] = []
    var size = 0
    for file in files {
      if batches.isEmpty || size + file.size > 16 << 20 || (batches.last?.count ?? 0) >= 4096 {
        batches.append([])
        size = 0
      }
      batches[batches.count - 1].append(file)
      size += file.size
    }
    return batches
  }
}

/// Writes files below a folder, following no link.
struct ExportWriter {
  private let folder: String
  private let time: Instant

  init(folder: String, time: Instant) throws {
    self.folder = folder
    self.time = time
    let manager = FileManager.default
    do {
      try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
      guard try manager.contentsOfDirectory(atPath: folder).isEmpty else {
        throw Problem(
          .badInput, "the folder for the export is not empty", at: folder,
          advice: "Give a new folder.")
      }
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem(.inputOutput, "the folder for the export cannot be made: \(error)", at: folder)
    }
  }

  func write(_ file: GitFile, _ content: [UInt8]) throws {
    let path = "\(folder)/\(file.path)"
    if let slash = path.lastIndex(of: "/") {
      try FileManager.default.createDirectory(
        atPath: String(path[..<slash]), withIntermediateDirectories: true)
    }
    let mode: mode_t = file.isExecutable ? 0o755 : 0o644
    let handle = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
    guard handle >= 0 else { throw failure(path) }
    defer { close(handle) }
    var written = 0
    while written < content.count {
      let count = content[written...].withUnsafeBytes {
        Foundation.write(handle, $0.baseAddress, $0.count)
      }
      guard count > 0 || errno == EINTR else { throw failure(path) }
      written += max(count, 0)
    }
    let stamp = timespec(tv_sec: Int(time.milliseconds / 1000), tv_nsec: 0)
    // The mode again, since the process may have a mask of its own.
    guard fchmod(handle, mode) == 0, futimens(handle, [stamp, stamp]) == 0 else {
      throw failure(path)
    }
  }

  private func failure(_ path: String) -> Problem {
    Problem(
      .inputOutput, "the file cannot be written: \(String(cString: strerror(errno)))", at: path)
  }
}
