import Foundation
import Intake
import Model
import TestKit
import Testing

@Suite("The scanner's feed")
struct FeedTests {
  private let good = "{\"Version\":2,\"UpdatedAt\":\"2026-11-22T06:00:00.123456789Z\"}"

  private func feed(_ metadata: String?, _ database: String?) throws -> ReportSource.Feed {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("db"), withIntermediateDirectories: true)
    if let metadata {
      try Data(metadata.utf8).write(to: URL(fileURLWithPath: folder.file("db/metadata.json")))
    }
    if let database {
      try Data(database.utf8).write(to: URL(fileURLWithPath: folder.file("db/trivy.db")))
    }
    return try ScannerFeed.trivy(cacheFolder: folder.path, isExample: true)
  }

  @Test("Date and digest are read")
  func reads() throws {
    let feed = try feed(good, "abc")
    #expect(feed.updatedAt.description == "2026-11-22T06:00:00.123Z")
    #expect(
      feed.digest.hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(feed.isExample)
  }

  @Test("A feed that is missing or undated is an error")
  func refuses() {
    #expect(throws: Problem(.notFound, "")) { try feed(nil, "abc") }
    #expect(throws: Problem(.notFound, "")) { try feed(good, nil) }
    #expect(throws: Problem(.notFound, "")) { try feed(good, "") }
    for metadata in [
      "{}", "", "{\"Version\":2}", "{\"Version\":1,\"UpdatedAt\":\"2026-11-22T06:00:00Z\"}",
      "{\"Version\":2,\"UpdatedAt\":\"yesterday\"}",
      "{\"Version\":2,\"UpdatedAt\":\"0001-01-01T00:00:00Z\"}",
    ] {
      #expect(throws: Problem(.badInput, "")) { try feed(metadata, "abc") }
    }
  }
}
