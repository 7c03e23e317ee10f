import Glibc
import Model
import Synchronization

/// A step's log: secrets and PHI masked, written to a file as it comes, digested on the way, cut at a limit.
final class LogWriter: Sendable {
  private struct State: ~Copyable {
    var mask: SecretMask.Stream
    var phi: TextGuard.Stream
    var descriptor: CInt = -1
    var digest = Digest.Stream()
    var tail: [UInt8] = []
    var isCut = false
    var isClosed = false
  }

  /// So much is kept for the last lines.
  private static let tailLength = 8192

  /// Where the file lies.
  let path: String
  private let limit: Int
  private let state: Mutex<State>

  init(path: String, mask: SecretMask, phi: TextGuard, limit: Int) {
    self.path = path
    self.limit = limit
    state = Mutex(State(mask: SecretMask.Stream(mask), phi: TextGuard.Stream(phi)))
  }

  /// Takes the next bytes.
  func take(_ bytes: [UInt8]) throws {
    try state.withLock { state in
      guard !state.isClosed else { return }
      let decided = state.phi.take(state.mask.take(bytes))
      try write(decided, &state)
    }
  }

  /// Takes a line.
  func line(_ text: String) throws { try take(Array(text.utf8) + [0x0a]) }

  /// Ends the log.
  ///
  /// - Returns: what is recorded of it; `nil` when nothing was written.
  func finish() throws -> StepReport.File? {
    try state.withLock { state in
      guard !state.isClosed else { return nil }
      state.isClosed = true
      let last = state.mask.finish()
      let rest = state.phi.take(last) + state.phi.finish()
      try write(rest, &state)
      guard state.descriptor >= 0 else { return nil }
      close(state.descriptor)
      state.descriptor = -1
      var digest = Digest.Stream()
      swap(&digest, &state.digest)
      let name = path.utf8.lastIndex(of: 0x2f).map { String(path[path.utf8.index(after: $0)...]) }
      let bytes = Int64(digest.byteCount)
      return StepReport.File(path: name ?? path, digest: digest.finalize(), bytes: bytes)
    }
  }

  /// What was replaced because it may be PHI, by kind; whole after the log has ended.
  var replaced: [StepReport.Replaced] {
    state.withLock { $0.phi.counts }.map { StepReport.Replaced(kind: $0, count: $1) }
      .sorted { $0.kind < $1.kind }
  }

  /// The last lines, secrets and PHI masked.
  func lastLines(_ count: Int = 20) -> [String] {
    let tail = state.withLock { $0.tail }
    var lines = tail.split(separator: 0x0a, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.suffix(count).map { line in
      // Control characters would move the cursor or change the colours of a terminal.
      String(
        decoding: line.prefix(400).filter { $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }, as: UTF8.self)
    }
  }

  private func write(_ bytes: [UInt8], _ state: inout State) throws {
    guard !bytes.isEmpty else { return }
    state.tail.append(contentsOf: bytes)
    if state.tail.count > Self.tailLength * 4 {
      state.tail.removeFirst(state.tail.count - Self.tailLength)
    }
    guard !state.isCut else { return }
    let room = limit - state.digest.byteCount
    if bytes.count <= room {
      try append(bytes, &state)
    } else {
      state.isCut = true
      try append(
        Array(bytes.prefix(room)) + Array("\n[the log is cut after \(limit) bytes]\n".utf8), &state)
    }
  }

  private func append(_ bytes: [UInt8], _ state: inout State) throws {
    if state.descriptor < 0 {
      // Opened with the first byte: a step that says nothing costs no file.
      state.descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
      guard state.descriptor >= 0 else {
        throw Problem(
          .inputOutput, "the log cannot be written: \(WorkspaceFiles.lastError)", at: path)
      }
    }
    try bytes.withUnsafeBytes { buffer in
      state.digest.update(buffer)
      var rest = buffer[...]
      while !rest.isEmpty {
        let part = UnsafeRawBufferPointer(rebasing: rest)
        let count = Glibc.write(state.descriptor, part.baseAddress, part.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else {
          throw Problem(
            .inputOutput, "the log cannot be written: \(WorkspaceFiles.lastError)", at: path)
        }
        rest = rest.dropFirst(count)
      }
    }
  }
}
