import Foundation
import Model
import TestKit
import Testing

@testable import Journey

@Suite("What a killed ledger init leaves")
struct UnfinishedLedgerTests {
  @Test("the next one removes it, and nothing else")
  func leftovers() throws {
    let folder = try TemporaryFolder()
    let place = folder.file("ledger")
    func make(_ name: String) throws -> String {
      let path = folder.file(name)
      try FileManager.default.createDirectory(
        atPath: "\(path)/keys", withIntermediateDirectories: true)
      return path
    }
    let left = try make("ledger.\(UUID().uuidString).part")
    let others = try [
      "ledger.\(UUID().uuidString)", "ledger.mine.part", "other.\(UUID().uuidString).part",
      "ledger.\(UUID().uuidString.lowercased()).part", "ledger.\(UUID().uuidString).part.part",
    ].map(make)
    let link = folder.file("ledger.\(UUID().uuidString).part")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: others[0])
    let going = try UnfinishedLedger(beside: place)
    #expect(!FileManager.default.fileExists(atPath: left))
    // What somebody else is making this moment stays.
    let second = try UnfinishedLedger(beside: place)
    for path in others + [link, going.path, second.path] {
      #expect(FileManager.default.fileExists(atPath: path), "\(path)")
    }
    going.release()
    second.release()
    try UnfinishedLedger(beside: place).release()
    #expect(!FileManager.default.fileExists(atPath: going.path))
    #expect(!FileManager.default.fileExists(atPath: second.path))
  }
}
