import Glibc
public import Model

/// What the file system says of a file: asked here alone, and without Foundation. Which module owns
/// C's `stat` depends on what else a room imports, so a room with Foundation cannot name it reliably.
public struct FileStatus: Hashable, Sendable {
  /// Permission bits, as `chmod` takes them.
  public let permissions: UInt32
  /// User who owns it.
  public let owner: UInt32
  /// Whether it is a folder.
  public let isFolder: Bool
  /// When its content changed last.
  public let modified: Instant

  /// Of the file at a path; `nil` where there is none.
  ///
  /// - Parameter following: whether a symbolic link at the path is followed.
  public init?(path: String, following: Bool = true) {
    var status = stat()
    guard (following ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
    self.init(status)
  }

  /// Of an open file; `nil` where the descriptor is not open.
  public init?(descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    permissions = status.st_mode & 0o7777
    owner = status.st_uid
    isFolder = status.st_mode & S_IFMT == S_IFDIR
    modified = Instant(
      milliseconds: Int64(status.st_mtim.tv_sec) * 1000 + Int64(status.st_mtim.tv_nsec) / 1_000_000)
  }
}
