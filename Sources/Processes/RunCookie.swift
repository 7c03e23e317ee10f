import Foundation
import Glibc

/// A mark in the environment by which every process of a run is found again, wherever it went:
/// into a session of its own, or to the parent of all after a double fork.
///
/// A process that leaves its group and also clears its environment is not found; containers do
/// not have that gap.
public struct RunCookie: Hashable, Sendable {
  /// Name of the environment variable.
  public static let name = "PRATIQUE_RUN_COOKIE"

  /// Value of the environment variable: the run, and below it the step after a `/`.
  public let value: String

  /// A cookie that is known already, as that of a run which is resumed.
  public init(value: String) { self.value = value }

  /// A cookie that nobody can guess.
  public static func random() -> RunCookie {
    var generator = SystemRandomNumberGenerator()
    return RunCookie(
      value: String(generator.next(), radix: 36) + String(generator.next(), radix: 36))
  }

  /// A cookie for one part of the run: found by itself, and by the run's own.
  public func part(_ name: String) -> RunCookie { RunCookie(value: "\(value)/\(name)") }

  /// Ends every process that carries this cookie, or a part's, with SIGKILL, and what those
  /// started.
  ///
  /// Looks again until nothing is found, since a process may start another while it is looked for.
  ///
  /// - Returns: how many processes were ended.
  @discardableResult
  public func endLeftovers() async -> Int {
    var ended: Set<pid_t> = []
    // A fork bomb is outrun by killing all that one scan found; 200 scans without an empty one
    // mean processes that cannot be killed.
    for round in 0..<200 {
      let found = processes()
      if found.isEmpty { break }
      for process in found {
        if kill(process, SIGKILL) == 0 { ended.insert(process) }
      }
      try? await Task.sleep(for: .milliseconds(round < 10 ? 1 : 20))
      // A task that was cancelled does not sleep, and still has to clean up.
      if Task.isCancelled { usleep(1000) }
    }
    return ended.count
  }

  /// The living processes that carry this cookie, and their descendants; never this process.
  public func processes() -> [Int32] {
    let own = getpid()
    let needle = Array("\(Self.name)=\(value)".utf8)
    var parents: [pid_t: pid_t] = [:]
    var found: Set<pid_t> = []
    for name in Self.entries(of: "/proc") {
      guard let process = pid_t(name), process != own, process > 1 else { continue }
      guard let parent = Self.livingParent(of: process) else { continue }
      parents[process] = parent
      if Self.bytes(of: "/proc/\(name)/environ").map({ Self.carries($0, needle) }) == true {
        found.insert(process)
      }
    }
    var grew = !found.isEmpty
    while grew {
      grew = false
      for (process, parent) in parents where found.contains(parent) && !found.contains(process) {
        found.insert(process)
        grew = true
      }
    }
    return found.sorted()
  }

  /// Whether an environment block has the variable with the value, or with a part of it.
  private static func carries(_ environment: [UInt8], _ needle: [UInt8]) -> Bool {
    var start = 0
    while start < environment.count {
      let end = environment[start...].firstIndex(of: 0) ?? environment.count
      let entry = environment[start..<end]
      if entry.starts(with: needle) {
        let rest = entry.dropFirst(needle.count)
        if rest.isEmpty || rest.first == 0x2f { return true }
      }
      start = end + 1
    }
    return false
  }

  /// The parent of a process that has not ended; `nil` for one that has.
  static func livingParent(of process: pid_t) -> pid_t? {
    guard let bytes = bytes(of: "/proc/\(process)/stat"),
      let close = bytes.lastIndex(of: 0x29)
    else { return nil }
    let fields = bytes[(close + 1)...].split(separator: 0x20)
    guard fields.count > 1, let state = fields[0].first, state != 0x5a, state != 0x58
    else { return nil }
    return pid_t(String(decoding: fields[1], as: UTF8.self))
  }

  private static func entries(of folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  }

  private static func bytes(of path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while bytes.count < 4 << 20 {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes.append(contentsOf: buffer[..<count])
    }
    return bytes
  }
}
