import Blobs
import Foundation
import Model
import TestKit
import Testing

@Suite("Contents by digest")
struct BlobTests {
  private let folder: TemporaryFolder
  private let store: FileBlobStore

  init() throws {
    folder = try TemporaryFolder()
    store = FileBlobStore(folder: folder.file("blobs"), sizeLimit: 1 << 20)
  }

  /// The files of a blob, as they lie on the disk.
  private func files(_ digest: Digest) -> [String] {
    let place = "\(store.folder)/\(digest.hex.prefix(2))/\(digest.hex.dropFirst(2))"
    return [place, "\(place).gz"].filter { FileManager.default.fileExists(atPath: $0) }
  }

  private func write(_ bytes: [UInt8], _ path: String) throws {
    try FileManager.default.createDirectory(
      atPath: PathText.parent(of: path), withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  @Test("contents of every size come back; gzip is used only where it saves a block")
  func roundTrip() async throws {
    var random = Seeded(seed: 1)
    for count in [0, 1, 4095, 4096, 4097, 65_535, 65_536, 65_537, 300_000, 1 << 20] {
      let noise = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      let text = (0..<count).map { UInt8(truncatingIfNeeded: 97 + $0 % 7) }
      for (bytes, isText) in [(noise, false), (text, true)] {
        let digest = try await store.put(bytes)
        #expect(digest == .sha256(bytes))
        #expect(try await store.get(digest) == bytes, "\(count)")
        #expect(store.contains(digest))
        #expect(files(digest).count == 1)
        #expect(files(digest)[0].hasSuffix(".gz") == (isText && count > 4096), "\(count)")
        #expect(try await store.put(bytes) == digest)
      }
    }
    await #expect(throws: Problem(.badInput, "")) {
      try await store.put([UInt8](repeating: 0, count: 1 << 20 | 1))
    }
  }

  @Test("gunzip reads what is written, and what gzip wrote is read; plain files of before too")
  func interoperable() async throws {
    let bytes = Array(String(repeating: "a line of a log\n", count: 2_000).utf8)
    let digest = try await store.put(bytes)
    let path = try #require(files(digest).first)
    let output = folder.file("out")
    let program = Program("sh", directory: folder.path, outputIn: folder.path)
    try await program.check(["-c", "gunzip -c '\(path)' > '\(output)'"])
    #expect(FileManager.default.contents(atPath: output) == Data(bytes))

    let other = FileBlobStore(folder: folder.file("other"))
    let place = "\(other.folder)/\(digest.hex.prefix(2))/\(digest.hex.dropFirst(2))"
    try write(bytes, place)
    #expect(try await other.get(digest) == bytes)
    #expect(try await other.digests() == [digest])
    try await program.check(["-c", "gzip -9 '\(place)'"])
    #expect(try await other.get(digest) == bytes)
    #expect(try await other.digests() == [digest])
  }

  @Test("a bomb, a cut, something appended, another content: each is refused")
  func damaged() async throws {
    let bytes = Array(String(repeating: "a line of a log\n", count: 2_000).utf8)
    let digest = try await store.put(bytes)
    let path = try #require(files(digest).first)
    let whole = try Gzip.compress(bytes)
    let bomb = try Gzip.compress([UInt8](repeating: 0, count: 64 << 20))
    #expect(bomb.count < 1 << 17)
    var changed = whole
    changed[whole.count / 2] ^= 1
    for (name, content) in [
      ("bomb", bomb), ("cut", Array(whole.dropLast(9))), ("cut's end", Array(whole.dropLast())),
      ("appended", whole + [0]), ("two", whole + whole), ("empty", []), ("changed", changed),
      ("other", try Gzip.compress([1, 2, 3])), ("plain", bytes),
    ] {
      try write(content, path)
      await #expect(throws: Problem(.ledgerDamaged, ""), "\(name)") { try await store.get(digest) }
    }
    // What is damaged is written anew when it is given again.
    #expect(try await store.put(bytes) == digest)
    #expect(try await store.get(digest) == bytes)
  }

  @Test("what is removed is gone in both forms; what was put again meanwhile stays")
  func removing() async throws {
    let bytes = Array(String(repeating: "a line of a log\n", count: 2_000).utf8)
    let digest = try await store.put(bytes)
    let path = try #require(files(digest).first)
    try write(bytes, String(path.dropLast(3)))
    let later = TimeSource.system.now().advanced(byMilliseconds: 1_000)
    #expect(try await store.remove(digest, unlessPutSince: later))
    #expect(files(digest) == [])
    #expect(try await store.get(digest) == nil)
    #expect(try await store.remove(digest, unlessPutSince: later))

    _ = try await store.put(bytes)
    try await Task.sleep(for: .milliseconds(30))
    let planned = TimeSource.system.now()
    try await Task.sleep(for: .milliseconds(30))
    // It is there already, so nothing is written; that it was given anew must show all the same.
    _ = try await store.put(bytes)
    #expect(try await !store.remove(digest, unlessPutSince: planned))
    #expect(try await store.get(digest) == bytes)
  }

  @Test("what a killed put left is removed, and nothing else")
  func remnants() async throws {
    let digest = try await store.put([1, 2, 3])
    try write([9], "\(store.folder)/ab/cd.\(UUID().uuidString).part")
    try await store.removeRemnants()
    let left = try FileManager.default.subpathsOfDirectory(atPath: store.folder)
    #expect(!left.contains { $0.hasSuffix(".part") })
    #expect(try await store.digests() == [digest])
  }

  @Test("putting and removing at once: what was put last is there whole, or not at all")
  func concurrent() async throws {
    let store = store
    let bytes = Array(String(repeating: "a line of a log\n", count: 2_000).utf8)
    let digest = Digest.sha256(bytes)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        group.addTask {
          for _ in 0..<25 {
            if number % 2 == 0 {
              _ = try await store.put(bytes)
            } else {
              let later = TimeSource.system.now().advanced(byMilliseconds: 1_000)
              _ = try await store.remove(digest, unlessPutSince: later)
            }
            if let found = try await store.get(digest), found != bytes {
              Issue.record("a part was read")
            }
          }
        }
      }
      try await group.waitForAll()
    }
    _ = try await store.put(bytes)
    #expect(try await store.get(digest) == bytes)
  }
}
