import Foundation

/// What `strace -f -y` saw, call by call, in the order of time.
struct CallTrace {
  /// One call, with the lines where it began and where it had returned.
  struct Call: Equatable {
    let name: String
    /// The path behind the first descriptor, or the first path given.
    let path: String
    /// The second path, of a renaming.
    let target: String
    /// Everything between the brackets.
    let arguments: String
    let began: Int
    var returned: Int
    var succeeded: Bool
  }

  private(set) var calls: [Call] = []

  /// Reads the text of a trace; a call that another thread interrupted is put together again.
  init(_ text: String) {
    var open: [Substring: (call: Int, name: Substring)] = [:]
    for (number, line) in text.split(separator: "\n").enumerated() {
      let process = line.prefix { $0 != " " }
      let rest = line.dropFirst(process.count).drop { $0 == " " }
      if rest.hasPrefix("<... "), let (call, name) = open.removeValue(forKey: process) {
        guard rest.hasPrefix("<... \(name) resumed>") else { continue }
        calls[call].returned = number
        calls[call].succeeded = Self.succeeded(rest)
        continue
      }
      guard let bracket = rest.firstIndex(of: "("), rest.first?.isLetter == true else { continue }
      let name = rest[..<bracket]
      let isCut = rest.hasSuffix("<unfinished ...>")
      let arguments = String(rest[rest.index(after: bracket)...])
      let (path, target) = Self.paths(arguments)
      if isCut { open[process] = (calls.count, name) }
      calls.append(
        Call(
          name: String(name), path: path, target: target, arguments: arguments, began: number,
          returned: isCut ? .max : number, succeeded: !isCut && Self.succeeded(rest)))
    }
  }

  private static func succeeded(_ line: Substring) -> Bool {
    guard let equals = line.range(of: " = ", options: .backwards) else { return false }
    return line[equals.upperBound...].first?.isNumber == true
  }

  /// `7</a/b>, …` or `"/a/b", "/c/d"`.
  private static func paths(_ arguments: String) -> (String, String) {
    if arguments.first?.isNumber == true, let open = arguments.firstIndex(of: "<"),
      let close = arguments.firstIndex(of: ">"), open < close
    {
      return (String(arguments[arguments.index(after: open)..<close]), "")
    }
    let quoted = arguments.split(separator: "\"", omittingEmptySubsequences: false)
    return (
      quoted.count > 1 ? String(quoted[1]) : "", quoted.count > 3 ? String(quoted[3]) : ""
    )
  }
}

extension CallTrace.Call {
  var isFlush: Bool { ["fsync", "fdatasync"].contains(name) && succeeded }
  var isWrite: Bool { ["write", "pwrite64", "pwritev", "writev"].contains(name) }
  var isRename: Bool { name.hasPrefix("rename") && succeeded }
  var isMaking: Bool { name.hasPrefix("mkdir") && succeeded }
  /// Whether it tells a person something that contains these words.
  func says(_ words: String) -> Bool {
    isWrite && (arguments.hasPrefix("1<") || arguments.hasPrefix("2<"))
      && arguments.contains(words)
  }
}

/// What must have happened before something is said.
extension CallTrace {
  /// For each time that these words are said: what of the file had not been flushed by then, or
  /// that nothing was written to it since the words were said last.
  func unflushed(_ fileEnding: String, before words: String) -> [String] {
    var faults: [String] = []
    var since = -1
    for said in calls where said.says(words) {
      let writes = calls.filter {
        $0.isWrite && $0.path.hasSuffix(fileEnding) && $0.began < said.began
      }
      guard let last = writes.last, last.began > since else {
        faults.append("line \(said.began): nothing was written before it")
        continue
      }
      let isFlushed = calls.contains {
        $0.isFlush && $0.path.hasSuffix(fileEnding) && $0.began > last.returned
          && $0.returned < said.began
      }
      if !isFlushed { faults.append("line \(said.began): said before the flush") }
      since = said.began
    }
    return faults
  }

  /// Files that were put in their place below a folder, but not flushed before, or whose place was
  /// not flushed before the next write to a file of that ending.
  func careless(below folder: String, before fileEnding: String) -> [String] {
    var faults: [String] = []
    for renaming in calls where renaming.isRename && renaming.target.hasPrefix(folder) {
      let content = calls.last {
        $0.isWrite && $0.path == renaming.path && $0.began < renaming.began
      }
      let isFlushed = calls.contains {
        $0.isFlush && $0.path == renaming.path && $0.began > content?.returned ?? -1
          && $0.returned < renaming.began
      }
      if !isFlushed { faults.append("\(renaming.target): renamed before it was flushed") }
      let next = next(fileEnding, after: renaming.returned)
      let place = renaming.target[..<(renaming.target.lastIndex(of: "/") ?? folder.endIndex)]
      if !isFolderFlushed(String(place), after: renaming.returned, before: next) {
        faults.append("\(renaming.target): committed before its folder was flushed")
      }
    }
    for making in calls where making.isMaking && making.path.hasPrefix(folder) {
      let next = next(fileEnding, after: making.returned)
      let parent = making.path[..<(making.path.lastIndex(of: "/") ?? folder.endIndex)]
      if !isFolderFlushed(String(parent), after: making.returned, before: next) {
        faults.append("\(making.path): committed before the folder above it was flushed")
      }
    }
    return faults
  }

  private func next(_ fileEnding: String, after line: Int) -> Int {
    calls.first { $0.isWrite && $0.path.hasSuffix(fileEnding) && $0.began > line }?.began ?? .max
  }

  /// All calls below a folder, and those on the store's log, for a test that failed.
  func excerpt(_ folder: String?) -> String {
    guard let folder else { return "" }
    return calls.filter { $0.path.hasPrefix(folder) || $0.path.hasSuffix("-wal") }.map {
      "\($0.began)-\($0.returned) \($0.name) \($0.path.suffix(60)) \($0.succeeded)"
    }.joined(separator: "\n")
  }

  /// Whether a folder was flushed between two lines.
  func isFolderFlushed(_ path: String, after line: Int, before limit: Int) -> Bool {
    calls.contains {
      $0.isFlush && $0.path == path && $0.began > line && $0.returned < limit
    }
  }
}
