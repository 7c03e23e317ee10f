public import Foundation
import Reading
import Synchronization

/// Looks for PHI in files and folders.
public struct FileScan: Sendable {
  /// How text is taken; `nil` to tell by each text itself.
  public var setting: PHISetting?
  /// Findings below it are left out.
  public var leastConfidence: Int
  /// What is excused.
  public var allowList: AllowList
  /// Writes what says that two values are the same; `nil` for nothing of that sort.
  public var marker: PHIMarker?
  /// The day on which it is asked whether an excuse holds, `YYYY-MM-DD`.
  public var today: String

  /// A scan with these settings.
  public init(
    setting: PHISetting? = nil, leastConfidence: Int = 1, allowList: AllowList = AllowList(),
    marker: PHIMarker? = nil, today: String
  ) {
    self.setting = setting
    self.leastConfidence = leastConfidence
    self.allowList = allowList
    self.marker = marker
    self.today = today
  }

  /// Bytes whose fields are looked at together; tests make it small.
  var stretch: Int?
  /// What may come out of compressed contents before the ratio is asked for; tests make it small.
  var expandedLimit: Int?

  /// What one file holds.
  struct Result: Sendable {
    var bytes = 0
    var hits: [PHIHit] = []
    var more = 0
    var refusals: [PHIRefusal] = []
  }

  /// Looks at files, and at all files in folders, on all cores. Links are not followed; `.git`
  /// folders are left out, since what they hold is compressed copies of what was committed.
  ///
  /// - Throws: `ReadingError` when a path that was named does not exist, or cannot be read.
  public func scan(
    paths: [String], progress: @escaping @Sendable (_ done: Int, _ all: Int) -> Void = { _, _ in }
  ) async throws -> PHIReport {
    let work = Work(try paths.flatMap(Self.files))
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<max(1, ProcessInfo.processInfo.activeProcessorCount) {
        group.addTask {
          while !Task.isCancelled, let index = work.next() {
            let done = work.finish(index, file(work.files[index]))
            progress(done, work.files.count)
          }
        }
      }
    }
    try Task.checkCancellation()
    var report = PHIReport()
    for result in work.results() { take(result, into: &report) }
    return report
  }

  /// Files that several tasks take one by one.
  private final class Work: Sendable {
    let files: [String]
    private let state = Mutex((next: 0, done: 0, results: [Int: Result]()))

    init(_ files: [String]) { self.files = files }

    func next() -> Int? {
      state.withLock { state in
        guard state.next < files.count else { return nil }
        state.next += 1
        return state.next - 1
      }
    }

    func finish(_ index: Int, _ result: Result) -> Int {
      state.withLock { state in
        state.results[index] = result
        state.done += 1
        return state.done
      }
    }

    func results() -> [Result] {
      state.withLock { state in files.indices.compactMap { state.results[$0] } }
    }
  }

  /// Looks at what is read from an open file, such as standard input.
  public func scan(_ handle: FileHandle, name: String) -> PHIReport {
    var report = PHIReport()
    take(content(handle, name), into: &report)
    return report
  }

  /// Looks at a content in memory.
  public func scan(_ content: [UInt8], name: String) -> PHIReport {
    var rest = content[...]
    var report = PHIReport()
    take(
      self.content(name) { limit in
        defer { rest = rest.dropFirst(limit) }
        return Array(rest.prefix(limit))
      }, into: &report)
    return report
  }

  private func take(_ result: Result, into report: inout PHIReport) {
    report.files += 1
    report.bytes += result.bytes
    report.more += result.more
    report.refused += result.refusals
    for hit in result.hits where hit.finding.confidence >= leastConfidence {
      if let entry = allowList.excuse(hit, on: today) {
        report.excused.append(PHIExcused(hit: hit, reason: entry.reason, expires: entry.expires))
      } else {
        report.findings.append(hit)
      }
    }
  }

  private func file(_ path: String) -> Result {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      return Result(refusals: [PHIRefusal(file: path, reason: "it cannot be read")])
    }
    defer { try? handle.close() }
    return content(handle, path)
  }

  private func content(_ handle: FileHandle, _ name: String) -> Result {
    content(name) { try handle.read(upToCount: $0).map { [UInt8]($0) } ?? [] }
  }

  private func content(_ name: String, _ next: (Int) throws -> [UInt8]) -> Result {
    let log = ScanLog(marker: marker)
    if let stretch { log.stretch = stretch }
    if let expandedLimit { log.expandedLimit = expandedLimit }
    let content = ContentScan(file: name, setting: setting, log: log)
    if name != "-" { content.look(at: name.split(separator: "/").last.map(String.init) ?? name) }
    do {
      try content.read(next)
    } catch let error as ReadingError {
      content.refuse(error.description)
    } catch {
      content.refuse("reading failed: \(error)")
    }
    return Result(bytes: log.bytes, hits: log.hits, more: log.more, refusals: log.refusals)
  }

  /// The regular files at a path, in order.
  private static func files(at path: String) throws -> [String] {
    let manager = FileManager.default
    var isFolder = ObjCBool(false)
    guard manager.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw ReadingError("\(path) does not exist")
    }
    guard isFolder.boolValue else { return [path] }
    guard
      let walk = manager.enumerator(
        at: URL(fileURLWithPath: path, isDirectory: true),
        includingPropertiesForKeys: [.isRegularFileKey, .isSymbolicLinkKey])
    else { throw ReadingError("\(path) cannot be listed") }
    let base = URL(fileURLWithPath: path, isDirectory: true).path
    var files: [String] = []
    for case let url as URL in walk {
      if url.lastPathComponent == ".git" {
        walk.skipDescendants()
        continue
      }
      let values = try? url.resourceValues(forKeys: [.isRegularFileKey, .isSymbolicLinkKey])
      guard values?.isRegularFile == true, values?.isSymbolicLink != true else { continue }
      let rest = url.path.dropFirst(base.count)
      files.append(path + (path.hasSuffix("/") ? rest.dropFirst() : rest))
    }
    return files.sorted()
  }
}
