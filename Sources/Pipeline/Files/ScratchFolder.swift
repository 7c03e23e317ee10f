import Glibc
import Model

/// Folders of a run outside the workspace.
enum ScratchFolder {
  /// Makes a folder with its parents; one that is there is fine.
  static func make(_ path: String, mode: mode_t = 0o700) throws {
    if mkdir(path, mode) == 0 { return }
    var status = stat()
    switch errno {
    case EEXIST where stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR: return
    case ENOENT:
      guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { break }
      try make(String(path[..<slash]), mode: 0o755)
      if mkdir(path, mode) == 0 { return }
    default: break
    }
    throw Problem(
      .inputOutput, "the folder cannot be made: \(WorkspaceFiles.lastError)", at: path)
  }

  /// The bytes of a file, for secrets; limited to 1 MiB.
  static func read(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while bytes.count <= 1 << 20 {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { return bytes }
      bytes.append(contentsOf: buffer[..<count])
    }
    return nil
  }
}
