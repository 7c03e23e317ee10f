import Dispatch
public import Foundation
import Model
import Synchronization

/// Makes folders that are there also after a crash.
public enum DurableFolder {
  /// Makes a folder and those above it that are missing, and flushes the names of all that it made;
  /// a folder that is there already is fine.
  ///
  /// - Throws: `Problem` with `inputOutput`.
  public static func make(_ path: String, mode: mode_t = 0o700) throws {
    if mkdir(path, mode) == 0 {
      // Without what the process's mask takes away: others are kept out by `mode` alone.
      chmod(path, mode)
      try flush(PathText.parent(of: path))
      return
    }
    let error = errno
    if error == EEXIST, FileStatus(path: path)?.isFolder == true { return }
    let parent = PathText.parent(of: path)
    guard error == ENOENT, parent != path, FileStatus(path: parent) == nil else {
      throw failure("the folder cannot be made", path, error)
    }
    try make(parent, mode: mode)
    try make(path, mode: mode)
  }

  /// Flushes a folder's names, so that a file made or renamed in it is found after a crash.
  ///
  /// - Throws: `Problem` with `inputOutput`.
  public static func flush(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("the folder cannot be opened", path, errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw failure("the folder cannot be flushed", path, errno)
    }
  }

  /// Flushes all files and folders below a folder, and the folder itself; links are not followed.
  ///
  /// - Throws: `Problem` with `inputOutput`.
  public static func flushContents(_ path: String) throws {
    let names: [String]
    do {
      names = try FileManager.default.subpathsOfDirectory(atPath: path)
    } catch {
      throw Problem(.inputOutput, "the folder cannot be read", at: path)
    }
    let failures = Mutex<[Problem]>([])
    // Side by side, so that the file system can put many into one write of its journal.
    DispatchQueue.concurrentPerform(iterations: min(8, names.count + 1)) { lane in
      for place in stride(from: lane, to: names.count, by: 8) {
        do throws(Problem) {
          try flushFile("\(path)/\(names[place])")
        } catch {
          failures.withLock { $0.append(error) }
          return
        }
      }
    }
    if let first = failures.withLock(\.first) { throw first }
    try flush(path)
  }

  private static func flushFile(_ path: String) throws(Problem) {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ELOOP { return }
      throw failure("the file cannot be opened", path, errno)
    }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("the file cannot be flushed", path, errno) }
  }

  private static func failure(_ what: String, _ path: String, _ error: Int32) -> Problem {
    Problem(.inputOutput, "\(what): \(String(cString: strerror(error)))", at: path)
  }
}
