import Foundation
import Journey
import Ledger
import Model
import TestKit
import Testing

/// A run whose store goes away in the middle.
@Suite("Evidence that could not be recorded", .serialized, .enabled(if: PostgreSQLServer.isWanted))
struct SpoolEndToEndSerial {
  /// The second step waits until the test lets it end.
  private static let pipeline = """
    version: 1
    application: {name: ward-app, handles-phi: false}
    stages:
      check:
        steps:
          first: {run: "true"}
          second:
            needs: first
            run: |
              echo begun >> "$MARKS/second"
              while test ! -e "$MARKS/go"; do sleep 0.02; done
            environment: {pass: [MARKS]}

    """

  private func count(_ kind: EvidenceKind, _ ward: Ward) async throws -> Int {
    let home = try LedgerHome.open(at: ward.ledger, readOnly: true)
    defer { try? home.ledger.close() }
    return try await home.entries(kind: kind, limit: 100).count
  }

  @Test("it is kept signed, no gate opens, and it is recorded once when the server is back")
  func away() async throws {
    let server = try await PostgreSQLServer()
    let ward = try await Ward(pipeline: Self.pipeline)
    let pratique = ward.pratique()
    let here = ["--ledger", ward.ledger]
    try await pratique.check(
      ["ledger", "init", "--trust", ward.trust, "--store", server.address(schema: "ward")] + here)
    let running = try pratique.start(["run", "--repository", ward.repository] + here)
    while ward.marks("second") == 0, running.endingNow == nil {
      try await Task.sleep(for: .milliseconds(10))
    }
    let before = try await count(.step, ward)
    try await server.stop()
    try ward.write("marks/go", "")
    #expect(try await running.ending() == .exited(74), "\(running.errorOutput)")
    #expect(running.errorOutput.contains("NOT recorded"), "\(running.errorOutput)")

    // The store is still away: what waits is shown, and nothing says that it is recorded.
    let listed = try await pratique.check(["ledger", "spool", "list"] + here)
    #expect(listed.contains("  step  NOT recorded: "), "\(listed)")
    let early = try await pratique.run(["ledger", "spool", "flush"] + here)
    #expect(early.exitCode == 74, "\(early.errorOutput)")
    let files = try FileManager.default.contentsOfDirectory(atPath: "\(ward.ledger)/spool")
    #expect(!files.isEmpty)

    try await server.start()
    #expect(try await count(.step, ward) == before)
    // An entry by a person waits for what was there before it.
    let rotated = try await pratique.run(["ledger", "rotate-key", "--reason", "yearly"] + here)
    #expect(rotated.exitCode == 75 && rotated.errorOutput.contains("spool"), "\(rotated)")
    // A file that somebody touched is not taken, and stays.
    let file = try #require(files.sorted().first)
    let path = "\(ward.ledger)/spool/\(file)"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try ward.write("ledger/spool/\(file)", text.replacing("\"runner\"", with: "\"ana\""))
    let touched = try await pratique.run(["ledger", "spool", "flush"] + here)
    #expect(touched.exitCode == 77, "\(touched.errorOutput)")
    #expect(try await count(.step, ward) == before)
    try ward.write("ledger/spool/\(file)", text)

    let flushed = try await pratique.check(["ledger", "spool", "flush"] + here)
    #expect(flushed.contains("recorded step as entry"), "\(flushed)")
    #expect(try await count(.step, ward) == before + 1)
    // The same once more, as after a flush that was killed before it took the file away.
    try ward.write("ledger/spool/\(file)", text)
    _ = try await pratique.check(["ledger", "spool", "flush"] + here)
    #expect(try await count(.step, ward) == before + 1)
    #expect(try await pratique.check(["ledger", "spool", "list"] + here).hasPrefix("0 file"))
    // The run goes on, and does not do again what is recorded.
    let resumed = try await pratique.run(["run", "--resume"] + here)
    #expect(resumed.exitCode == 0, "\(resumed.errorOutput)")
    #expect(ward.marks("second") == 1)
    #expect(try await pratique.check(["ledger", "verify"] + here).contains("nothing is wrong"))
    try await nothingIsLeft(ward)
  }
}
