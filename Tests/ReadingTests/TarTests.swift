import Foundation
import Reading
import TestKit
import Testing

@Suite("Archives")
struct TarTests {
  /// An archive's bytes.
  private func archive(_ files: [(String, [UInt8])]) throws -> [UInt8] {
    let bytes = Collected()
    let writer = TarWriter { bytes.all += $0 }
    for (name, content) in files { try writer.add(name, content) }
    try writer.finish()
    return bytes.all
  }

  private func read(_ bytes: [UInt8]) throws -> [String: [UInt8]] {
    let rest = Collected()
    rest.all = bytes
    let reader = TarReader(limit: 1 << 20) { rest.take($0) }
    var files: [String: [UInt8]] = [:]
    while let (name, content) = try reader.next() { files[name] = content }
    return files
  }

  @Test("what was written is read, and tar reads it too")
  func roundTrip() async throws {
    let files: [(String, [UInt8])] = [
      ("empty", []), ("a/b.txt", Array("text\n".utf8)), ("block", .init(repeating: 7, count: 512)),
      ("long", .init(repeating: 9, count: 1_025)),
    ]
    let bytes = try archive(files)
    #expect(try read(bytes) == Dictionary(uniqueKeysWithValues: files))
    #expect(try archive(files) == bytes)
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(bytes).write(to: URL(filePath: "\(folder)/x.tar"))
    let listed = try await Program("tar", directory: folder, outputIn: folder).run([
      "-tvf", "x.tar",
    ])
    #expect(listed.exitCode == 0 && listed.output.contains("a/b.txt"))
    #expect(listed.output.contains("1025"))
  }

  @Test(
    "names that lead elsewhere are refused",
    arguments: ["/etc/passwd", "../x", "a/../b", "a//b", "./a", "", "a b", "a\\b"])
  func names(_ name: String) throws {
    #expect(throws: ReadingError.self) { try archive([(name, [1])]) }
    var bytes = try archive([("x", [1])])
    let other = Array(name.utf8.prefix(100))
    for (place, byte) in (other + [0]).enumerated() { bytes[place] = byte }
    #expect(throws: ReadingError.self) { try read(bytes) }
  }

  @Test("every byte of a header counts, and nothing may follow the end")
  func damage() throws {
    let bytes = try archive([("x", [1, 2, 3])])
    for place in 0..<512 {
      var damaged = bytes
      damaged[place] ^= 0x41
      #expect(throws: ReadingError.self, "byte \(place)") { try read(damaged) }
    }
    for count in 0..<bytes.count {
      #expect(throws: ReadingError.self, "cut at \(count)") { try read(Array(bytes.prefix(count))) }
    }
    #expect(throws: ReadingError.self) { try read(bytes + [1]) }
    #expect(try read(bytes + .init(repeating: 0, count: 9_216)).count == 1)
  }

  @Test("mutated archives never do more than throw")
  func mutations() throws {
    var random = Seeded(seed: 7)
    let bytes = try archive([("x", [1, 2, 3]), ("y/z", .init(repeating: 5, count: 700))])
    for _ in 0..<2_000 {
      var mutated = bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        mutated[Int.random(in: 0..<mutated.count, using: &random)] =
          UInt8.random(in: 0...255, using: &random)
      }
      do {
        for name in try read(mutated).keys { #expect(!name.contains("..")) }
      } catch is ReadingError {}
    }
  }
}

/// Bytes that are written to, or read from.
private final class Collected {
  var all: [UInt8] = []
  private var position = 0
  func take(_ count: Int) -> [UInt8] {
    let taken = all[position..<min(all.count, position + count)]
    position += taken.count
    return Array(taken)
  }
}
