import ArgumentParser
import Foundation
import Model
import PHI
import Reading

/// Answers texts line by line.
struct PHIServe: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Answer texts with findings, a JSON object a line.",
    discussion: """
      Takes {"id", "text"} and answers {"id", "findings": [{"type", "start", "end"}]}; places are
      UTF-8 bytes. A line that is no such object is answered by {"error"}, and ends with 65.

      Example: echo '{"id": 1, "text": "MRN: 0012345"}' | pratique phi serve --stdio
      """)

  @Flag(help: "Speak over standard input and output.")
  var stdio = false
  @Option(name: .customLong("as"), help: "How texts are taken: clinical or source.")
  var taken = "clinical"

  func validate() throws {
    guard stdio else { throw ValidationError("serve needs --stdio") }
    guard PHISetting(rawValue: taken) != nil else {
      throw ValidationError("--as takes clinical or source")
    }
  }

  func run() async throws {
    let setting = PHISetting(rawValue: taken) ?? .clinical
    var lines = LineReader(limit: LineProtocol.lineLimit) {
      [UInt8](FileHandle.standardInput.availableData)
    }
    while let line = try lines.next() {
      do {
        let answer = try LineProtocol.answer(line, setting: setting)
        FileHandle.standardOutput.write(Data(answer + [0x0a]))
      } catch let error as ReadingError {
        throw Problem(.badInput, "line \(lines.count): \(error)")
      }
    }
  }
}

/// Cuts what is read into lines, of a greatest length.
struct LineReader {
  private let limit: Int
  private let read: () -> [UInt8]
  private var pending: [UInt8] = []
  private var start = 0
  /// Lines given out.
  private(set) var count = 0

  init(limit: Int, read: @escaping () -> [UInt8]) {
    self.limit = limit
    self.read = read
  }

  /// The next line without its end; `nil` at the end.
  ///
  /// - Throws: `Problem` with `badInput` for a line beyond the limit.
  mutating func next() throws -> [UInt8]? {
    var searched = start
    while true {
      if let end = pending[searched...].firstIndex(of: 0x0a) {
        defer { start = end + 1 }
        count += 1
        return Array(pending[start..<end])
      }
      guard pending.count - start <= limit else {
        throw Problem(.badInput, "line \(count + 1) is longer than \(limit) bytes")
      }
      pending.removeFirst(start)
      start = 0
      searched = pending.count
      let more = read()
      if more.isEmpty {
        guard !pending.isEmpty else { return nil }
        defer { pending = [] }
        count += 1
        return pending
      }
      pending += more
    }
  }
}
