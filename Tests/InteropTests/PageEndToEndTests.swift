import Foundation
import TestKit
import Testing

/// The page for outsiders, run as it stands.
@Suite(.enabled(if: Outsider.missing.isEmpty, "not installed: \(Outsider.missing)"))
struct PageEndToEndTests {
  private static let page = "docs/verify-without-us.md"

  /// The code blocks of the page, in order.
  private static func blocks() throws -> [String] {
    let text = try String(
      contentsOf: Repository.root.appending(path: page), encoding: .utf8)
    return text.components(separatedBy: "\n```").enumerated().compactMap { place, part in
      place % 2 == 1 && part.hasPrefix("sh\n") ? String(part.dropFirst(3)) : nil
    }
  }

  private func run(export: String, _ release: ExportedRelease) async throws -> Ended {
    try await Outsider.run(
      "bash", ["-euo", "pipefail", "-c", Self.blocks().joined(separator: "\n")], home: release.home,
      directory: Repository.root.path,
      adding: [
        "EXPORT": export, "TRUSTED": release.trusted, "REPOSITORY": release.repository,
        "LAYOUT": release.layout, "BUNDLE": release.bundle,
      ])
  }

  @Test func everyCommandOfThePageSucceeds() async throws {
    let release = try await ExportedRelease.shared
    #expect(try Self.blocks().count == 15)
    let ended = try await run(export: release.export, release)
    #expect(ended.isSuccess, "\(ended)")
    for words in [
      "Signature Verified Successfully", "receipts lead to the root", "0 are not in the export",
      "envelopes verified", "\"organisation\": \"example-hospital\"", "in-toto statements",
      "FAILED for urn:pratique:portal:production", "PASSED for urn:pratique:portal:production",
      "Good \"git\" signature for dana@hospital.example", "stamped checkpoints lead to the root",
    ] {
      #expect((ended.output + ended.complaint).contains(words), "\(words)\n\(ended)")
    }
  }

  @Test func thePageStopsAtAChangedExport() async throws {
    let release = try await ExportedRelease.shared
    let copy = try release.copy()
    try FileManager.default.removeItem(atPath: copy.file("export/1.leaf"))
    let ended = try await run(export: copy.file("export"), release)
    #expect(!ended.isSuccess)
    #expect(ended.complaint.contains("WRONG: the export has no leaves, or some are missing"))
  }
}
