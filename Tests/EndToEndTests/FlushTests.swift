import Foundation
import TestKit
import Testing

/// "Recorded" is said after it is durable: seen from outside, by the calls to the system.
@Suite("What is said was flushed before", .serialized)
struct FlushEndToEndSerial {
  private static let calls =
    "trace=fsync,fdatasync,write,pwrite64,writev,pwritev,rename,renameat,renameat2,mkdir,mkdirat"

  /// One step: with several, the commit of one stands beside the word about another. It leaves a
  /// log, and so many files that its evidence goes to the blob store.
  private static let pipeline = """
    version: 1
    application: {name: flushed, handles-phi: false}
    stages:
      s:
        steps:
          only:
            run: |
              mkdir dist
              for i in $(seq 150); do echo $i > dist/part-$i.txt; done
              echo done
            outputs: ["dist/*.txt"]

    """

  /// Runs the command under strace, its words and calls in one trace.
  private func trace(_ ward: Ward, _ arguments: [String]) async throws -> CallTrace {
    let path = ward.file("trace-\(UUID().uuidString)")
    var strace = Program("strace", directory: ward.path, outputIn: ward.file("output"))
    strace.environment["MARKS"] = ward.file("marks")
    try await strace.check(
      ["-f", "-y", "-s", "64", "-e", Self.calls, "-e", "signal=none", "-o", path, ward.command]
        + arguments)
    let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    return CallTrace(text)
  }

  @Test("a step: the store's log is flushed between the last write to it and the word \"passed\"")
  func step() async throws {
    let ward = try await Ward(pipeline: Self.pipeline)
    try await ward.makeLedger()
    let trace = try await trace(
      ward, ["run", "--ledger", ward.ledger, "--repository", ward.repository])
    #expect(trace.calls.filter { $0.says(" passed in ") }.count == 1)
    #expect(trace.unflushed("ledger.sqlite-wal", before: " passed in ") == [])
    #expect(trace.unflushed("ledger.sqlite-wal", before: " run succeeded") == [])
  }

  @Test("a blob: flushed, renamed, its folder and the one above flushed, then its entry's commit")
  func blob() async throws {
    let ward = try await Ward(pipeline: Self.pipeline)
    try await ward.makeLedger()
    let trace = try await trace(
      ward, ["run", "--ledger", ward.ledger, "--repository", ward.repository])
    let blobs = "\(ward.ledger)/blobs"
    #expect(trace.calls.filter { $0.isRename && $0.target.hasPrefix(blobs) }.count == 2)
    #expect(trace.calls.contains { $0.isMaking && $0.path.hasPrefix(blobs) })
    let faults = trace.careless(below: blobs, before: "ledger.sqlite-wal")
    #expect(faults == [], "\(trace.excerpt(faults.isEmpty ? nil : blobs))")
    // What a run needs to go on with is there before its first entry.
    let careless = trace.careless(below: "\(ward.ledger)/runs", before: "ledger.sqlite-wal")
    #expect(careless.filter { !$0.contains("/scratch") } == [])
    #expect(trace.calls.contains { $0.isRename && $0.target.hasSuffix("/run.json") })
  }

  @Test("ledger init: files, folder and the folder above are flushed before the word \"made\"")
  func initialisation() async throws {
    let ward = try await Ward()
    let trace = try await trace(
      ward, ["ledger", "init", "--trust", ward.trust, "--ledger", ward.ledger])
    let said = try #require(trace.calls.first { $0.says("made the ledger") })
    let move = try #require(trace.calls.first { $0.isRename && $0.target == ward.ledger })
    #expect(move.returned < said.began)
    let isPlaceFlushed = trace.isFolderFlushed(ward.path, after: move.returned, before: said.began)
    #expect(isPlaceFlushed, "the folder above was not flushed")
    let part = move.path
    for folder in [part, "\(part)/keys", "\(part)/blobs"] {
      let isFlushed = trace.isFolderFlushed(folder, after: -1, before: move.began)
      #expect(isFlushed, "\(folder) was not flushed")
    }
    for file in trace.calls where file.isWrite && file.path.hasPrefix("\(part)/") {
      guard !file.path.hasSuffix("-shm"), file.began < move.began else { continue }
      let isFlushed = trace.calls.contains {
        $0.isFlush && $0.path == file.path && $0.began > file.returned && $0.returned < move.began
      }
      #expect(isFlushed, "\(file.path), line \(file.began), was not flushed")
    }
  }
}
