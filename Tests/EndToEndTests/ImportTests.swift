import Foundation
import Journey
import Ledger
import Model
import Reading
import TestKit
import Testing

/// Attestations of other systems on their way into a ledger.
@Suite("Imports, end to end", .serialized)
struct ImportEndToEndTests {
  private static let subject = Digest.sha256("image".utf8)

  private func make(_ ward: Ward) async throws {
    let python = ProcessInfo.processInfo.environment["PRATIQUE_VERIFIERS_PYTHON"] ?? "python3"
    let script = Repository.root.appending(path: "Tests/ImportsTests/make-attestations.py").path
    try ward.makeFolder("made")
    try await ward.program(python).check([script, ward.file("made"), Self.subject.hex])
    try ward.write(
      "signers.yaml",
      """
      signers:
        - id: pipelines
          applications: [ward-app]
          predicates: ["https://slsa.dev/provenance/v0.2", "chainloop.dev/attestation/v0.2"]
          keys: [made/signer.pem]

      """)
  }

  private func size(_ ward: Ward) async throws -> Int {
    let home = try LedgerHome.open(at: ward.ledger, readOnly: true)
    defer { try? home.ledger.close() }
    return try await home.entries(kind: nil, limit: 100).count
  }

  @Test("who is pinned is believed, once, and all of what is named is recorded or nothing")
  func imported() async throws {
    let ward = try await Ward()
    try await make(ward)
    let base = [
      "import", "--application", "ward-app", "--subject", "image=\(Self.subject)", "--ledger",
      ward.ledger,
    ]
    let pratique = ward.pratique()
    let (tekton, chainloop) = (ward.file("made/tekton.json"), ward.file("made/chainloop.json"))
    try await ward.makeLedger()
    let unpinned = try await pratique.run(base + [tekton])
    #expect(unpinned.exitCode == 77, "\(unpinned.errorOutput)")
    #expect(unpinned.errorOutput.contains("pins no file of foreign signers"))

    // The change takes the way of every change of trust.
    try ward.write("trust.yaml", WardFiles.trust + "foreign-signers: signers.yaml\n")
    let here = ["--ledger", ward.ledger]
    let change = ward.file("change.json")
    try await pratique.check(["trust", "propose", ward.trust, "--to", change] + here)
    try await pratique.check(["trust", "sign", change, "--key", ward.key("ana")])
    try await pratique.check(["trust", "apply", change] + here)
    let before = try await size(ward)
    let explained = try await pratique.check(base + ["--explain", tekton])
    #expect(explained.contains("not recorded") && explained.contains("pipelines"))
    for bad in ["bad-stranger", "good", "witness", "bad-hdf", "bad-cut", "absent"] {
      let refused = try await pratique.run(base + [tekton, ward.file("made/\(bad).json")])
      #expect(refused.exitCode != 0, "\(bad)")
    }
    #expect(try await size(ward) == before)

    let recorded = try await pratique.check(base + [tekton, chainloop])
    #expect(recorded.contains("recorded as entry"), "\(recorded)")
    #expect(try await size(ward) == before + 2)
    // Signed anew or in another file, the same statement is the same.
    let copy = try Data(contentsOf: URL(fileURLWithPath: tekton))
    try ward.write("copy.json", " " + String(decoding: copy, as: UTF8.self))
    for path in [tekton, ward.file("copy.json")] {
      let again = try await pratique.run(base + [path])
      #expect(again.exitCode == 65 && again.errorOutput.contains("before"), "\(again.errorOutput)")
    }
    #expect(try await size(ward) == before + 2)
    let home = try LedgerHome.open(at: ward.ledger, readOnly: true)
    defer { try? home.ledger.close() }
    let entry = try #require(try await home.entries(kind: .importedAttestation, limit: 9).first)
    let predicate = try #require(try await home.entry(entry.index).statement?["predicate"])
    #expect(predicate["signers"]?[0]?["signer"]?.string == "pipelines")
    let digest = try #require(predicate["attestation"]?.string.flatMap { Digest($0) })
    #expect(try await home.blobs.get(digest) == Array(copy))
  }
}
