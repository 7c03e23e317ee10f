import Glibc
import Model

/// Files of a workspace by pattern, found and read without ever following a symbolic link.
struct WorkspaceFiles: Sendable {
  /// What becomes of symbolic links that match.
  enum LinkRule: Sendable {
    /// For outputs: what a link points at is not what was made.
    case refuse
    /// For inputs: the link itself counts, by the text of its target.
    case digestTarget
  }

  let root: String

  /// The files that match, sorted by path, each with its digest.
  ///
  /// - Throws: `Problem` when a pattern matches nothing, when a link is met that must not be, and
  ///   when reading fails.
  func digests(_ globs: [Glob], links: LinkRule) throws -> [StepReport.File] {
    var files: [String: StepReport.File] = [:]
    try find(globs, links: links) { path, parent, name, isLink in
      guard files[path] == nil else { return }
      files[path] =
        isLink
        ? try Self.linkDigest(path, parent, name)
        : try Self.withFile(path, parent, name) { try Self.digest(path, $0) }
    }
    return files.values.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  /// What tells a file from what stood in its place before.
  struct Mark: Hashable, Sendable {
    let inode: UInt64
    let changed: Int64
    let nanoseconds: Int64
  }

  /// The marks of the files that match, by path; none is fine.
  func marks(_ glob: Glob) -> [String: Mark] {
    var marks: [String: Mark] = [:]
    try? find([glob], links: .digestTarget) { path, parent, name, _ in
      marks[path] = Self.mark(parent, name)
    }
    return marks
  }

  /// The paths of the files that match and were written since the marks were taken, sorted.
  ///
  /// - Throws: `Problem` when there is none, or a link is among them.
  func fresh(_ glob: Glob, since marks: [String: Mark]) throws -> [String] {
    var paths: Set<String> = []
    try find([glob], links: .refuse) { path, parent, name, _ in
      if let before = marks[path], before == Self.mark(parent, name) { return }
      paths.insert(path)
    }
    guard !paths.isEmpty else {
      throw Problem(
        .badInput, "what \"\(glob)\" matches lay there before the command ran, and proves nothing")
    }
    return paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The bytes of the files that match and were written since the marks were taken, sorted by
  /// path.
  ///
  /// - Throws: `Problem` when there is none: a file that lay there before proves nothing.
  func contents(
    _ glob: Glob, since marks: [String: Mark], limit: Int
  ) throws -> [(path: String, bytes: [UInt8])] {
    var files: [String: [UInt8]] = [:]
    try find([glob], links: .refuse) { path, parent, name, _ in
      if let before = marks[path], before == Self.mark(parent, name) { return }
      files[path] = try Self.withFile(path, parent, name) { try Self.bytes(path, $0, limit) }
    }
    guard !files.isEmpty else {
      throw Problem(.notFound, "it lay there before the step, which did not write it")
    }
    return files.map { ($0.key, $0.value) }
      .sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
  }

  private static func mark(_ parent: CInt, _ name: String) -> Mark? {
    var status = stat()
    guard fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
    return Mark(
      inode: UInt64(status.st_ino), changed: Int64(status.st_ctim.tv_sec),
      nanoseconds: Int64(status.st_ctim.tv_nsec))
  }

  typealias Found = (String, CInt, String, Bool) throws -> Void

  func find(_ globs: [Glob], links: LinkRule, _ found: Found) throws {
    guard !globs.isEmpty else { return }
    let descriptor = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw Problem(.inputOutput, "the workspace cannot be read: \(Self.lastError)", at: root)
    }
    defer { close(descriptor) }
    for glob in globs {
      var count = 0
      try Walk(glob: glob, links: links).visit(descriptor, "", glob.components[...]) {
        count += 1
        try found($0, $1, $2, $3)
      }
      guard count > 0 else {
        throw Problem(.notFound, "no file matches \"\(glob)\"")
      }
    }
  }

  private static func withFile<Result>(
    _ path: String, _ parent: CInt, _ name: String, _ body: (CInt) throws -> Result
  ) throws -> Result {
    let descriptor = openat(parent, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw Problem(.inputOutput, "\"\(path)\" cannot be read: \(lastError)")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Problem(.inputOutput, "\"\(path)\" is not a regular file")
    }
    return try body(descriptor)
  }

  private static func digest(_ path: String, _ descriptor: CInt) throws -> StepReport.File {
    var stream = Digest.Stream()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = read(descriptor, buffer.baseAddress, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw Problem(.inputOutput, "\"\(path)\" cannot be read: \(lastError)")
      }
      if count == 0 { break }
      stream.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
    let bytes = Int64(stream.byteCount)
    return StepReport.File(path: path, digest: stream.finalize(), bytes: bytes)
  }

  private static func bytes(_ path: String, _ descriptor: CInt, _ limit: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw Problem(.inputOutput, "\"\(path)\" cannot be read: \(lastError)")
      }
      if count == 0 { return bytes }
      bytes.append(contentsOf: buffer[..<count])
      guard bytes.count <= limit else {
        throw Problem(.badInput, "\"\(path)\" has more than the \(limit) bytes that are read")
      }
    }
  }

  private static func linkDigest(
    _ path: String, _ parent: CInt, _ name: String
  ) throws -> StepReport.File {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlinkat(parent, name, &buffer, buffer.count)
    guard count >= 0 else {
      throw Problem(.inputOutput, "\"\(path)\" cannot be read: \(lastError)")
    }
    let target = buffer[..<count].map { UInt8(bitPattern: $0) }
    return StepReport.File(
      path: path, digest: .sha256(Array("symbolic link\0".utf8) + target), bytes: Int64(count))
  }

  static var lastError: String { String(cString: strerror(errno)) }

  /// One pattern's way through the folders.
  private struct Walk {
    let glob: Glob
    let links: LinkRule

    func visit(
      _ folder: CInt, _ prefix: String, _ components: ArraySlice<Glob.Component>, _ found: Found
    ) throws {
      guard let first = components.first else { return }
      let rest = components.dropFirst()
      switch first {
      case .literal(let name):
        try step(folder, prefix, String(decoding: name, as: UTF8.self), rest, found)
      case .pattern:
        for name in try names(folder, prefix, first) {
          try step(folder, prefix, name, rest, found)
        }
      case .folders:
        try visit(folder, prefix, rest.isEmpty ? [.pattern([0x2a])] : rest, found)
        for name in try names(folder, prefix, first) {
          var status = stat()
          guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0,
            status.st_mode & S_IFMT == S_IFDIR
          else { continue }
          try descend(folder, prefix, name, components, found)
        }
      }
    }

    /// Takes a name that matches: a file when it is the last, a folder otherwise.
    private func step(
      _ folder: CInt, _ prefix: String, _ name: String, _ rest: ArraySlice<Glob.Component>,
      _ found: Found
    ) throws {
      var status = stat()
      guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return }
      let path = prefix + name
      switch status.st_mode & S_IFMT {
      case S_IFLNK:
        guard links == .digestTarget, rest.isEmpty else {
          throw Problem(
            .badInput, "\"\(path)\" is a symbolic link, which is not followed",
            advice: "Make it a file or folder of its own.")
        }
        try found(path, folder, name, true)
      case S_IFDIR:
        if !rest.isEmpty {
          try descend(folder, prefix, name, rest, found)
        } else if case .literal = glob.components.last {
          throw Problem(
            .badInput, "\"\(path)\" is a folder; write \"\(glob)/**\" for what is in it")
        }
      case S_IFREG where rest.isEmpty: try found(path, folder, name, false)
      default:
        if rest.isEmpty { throw Problem(.badInput, "\"\(path)\" is not a regular file") }
      }
    }

    private func descend(
      _ folder: CInt, _ prefix: String, _ name: String, _ components: ArraySlice<Glob.Component>,
      _ found: Found
    ) throws {
      let inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      guard inner >= 0 else {
        throw Problem(.inputOutput, "\"\(prefix)\(name)\" cannot be read: \(lastError)")
      }
      defer { close(inner) }
      try visit(inner, "\(prefix)\(name)/", components, found)
    }

    private func names(
      _ folder: CInt, _ prefix: String, _ component: Glob.Component
    ) throws -> [String] {
      // A descriptor of its own: reading a folder moves its position.
      let copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard copy >= 0, let stream = fdopendir(copy) else {
        if copy >= 0 { close(copy) }
        throw Problem(.inputOutput, "\"\(prefix)\" cannot be read: \(lastError)")
      }
      defer { closedir(stream) }
      var names: [String] = []
      while let entry = readdir(stream) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
        if name == [0x2e] || name == [0x2e, 0x2e] { continue }
        guard Glob.matches(component, name) else { continue }
        guard let text = String(validating: name, as: UTF8.self) else {
          throw Problem(
            .badInput, "a name in \"\(prefix)\" that matches \"\(glob)\" is not valid UTF-8")
        }
        names.append(text)
      }
      return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
  }
}
