import Attestation
import Foundation
import Model
import TestKit
import Testing

@testable import Journey

@Suite("What comes in from a vendor")
struct AcquiringTests {
  private let house: VendorHouse

  init() async throws { house = try await VendorHouse() }

  @Test func whatAVendorSignedIsBoundJudgedApprovedAndReported() async throws {
    let acquired = try await house.acquire()
    let release = acquired.release
    #expect(release.origin == .acquired)
    #expect(release.vendor == "acme")
    #expect(release.commit == nil)
    #expect(acquired.missing.isEmpty)
    #expect(
      acquired.entries.map(\.kind)
        == [.acquisition, .artifact, .inventory, .exploitability, .testResult, .release])
    #expect(acquired.acquisition.documents.map { $0.signature?.form } == ["raw", "raw", "raw"])

    // Controls about commits are missing, not met, wherever the policy does not say otherwise.
    let strict = try await house.decision(release, "strict")
    #expect(strict.outcome == .refused)
    #expect(strict.controls.first { $0.control == "house.signed" }?.state == .missing)
    let staging = try await house.decision(release, "staging")
    #expect(staging.outcome == .allowed, "\(staging.reasons)")
    let signed = try #require(staging.controls.first { $0.control == "house.signed" })
    #expect(signed.state == .outOfScope)
    let bypass = try #require(staging.bypasses.first { $0.control == "house.signed" })
    #expect(bypass.sentence.contains("the vendor's commits are not ours to see"))
    #expect(bypass.evidence?.kind == .acquisition)

    #expect(try await house.decision(release, "production").outcome == .waiting)
    let ben = try #require(house.keys["ben"])
    _ = try await house.home.approve(
      release, environment: "production", verdict: .approved,
      role: Role(rawValue: "clinical-lead"), reason: "tried on the ward", key: ben.signer,
      time: .fixed(VendorHouse.time))
    #expect(try await house.decision(release, "production").outcome == .allowed)

    let verified = try await house.home.verify(release)
    #expect(verified.holds, "\(verified.checks.filter { !$0.holds })")
    #expect(!verified.checks.contains { $0.name == "image" })
    let found = try await house.home.release(named: "4.2")
    #expect(found == release)
    let page = house.folder.file("report.html")
    try await house.home.report(on: release, to: page, replacing: false, time: VendorHouse.time)
    let html = try String(contentsOfFile: page, encoding: .utf8)
    #expect(html.contains("artifact:pump.bin"))
    #expect(!html.contains("Image, manifest"))
  }

  @Test func aFailedAcceptanceTestRefuses() async throws {
    try house.accept(failures: 1)
    let release = try await house.acquire().release
    let decision = try await house.decision(release, "staging")
    #expect(decision.outcome == .refused)
    #expect(decision.controls.first { $0.control == "house.accepted" }?.state == .notMet)
  }

  @Test func whatDidNotComeIsSaidAndMissing() async throws {
    let acquired = try await house.acquire {
      $0.inventory = nil
      $0.exploitability = nil
      $0.acceptance = nil
    }
    #expect(acquired.missing.count == 3)
    let decision = try await house.decision(acquired.release, "staging")
    #expect(decision.outcome == .refused)
    #expect(
      decision.controls.filter { $0.state == .missing }.map(\.control).sorted()
        == ["house.accepted", "house.listed"])
  }

  /// Everything that must not come in, and a word of why.
  private static let refusals: [(String, String)] = [
    ("stranger's key", "no key that may sign it made this"),
    ("papers' key", "no key that may sign it made this"),
    ("expired key", "no key that may sign it made this"),
    ("changed", "no key that may sign it made this"),
    ("changed bill", "no key that may sign it made this"),
    ("other application", "no key of acme may sign the artifact of viewer"),
    ("other vendor", "names no vendor \"evil\""),
    ("no signature", "without its vendor's signature"),
    ("nobody's right", "may not sign evidence of kind \"acquisition\""),
    ("bill is no bill", "fits no kind that is known"),
  ]

  @Test(arguments: refusals) func whatIsNotSignedAsItMustDoesNotComeIn(
    name: String, words: String
  ) async throws {
    switch name {
    case "stranger's key": try house.sign("pump.bin", by: "stranger")
    case "papers' key": try house.sign("pump.bin", by: "papers")
    case "expired key": try house.sign("pump.bin", by: "old")
    case "changed": try house.write("pump.bin", "firmware of the pump, version 4.3\n")
    case "changed bill": try house.sign("pump.cdx.json", by: "acme")
    case "bill is no bill": try house.write("pump.cdx.json", "{}")
    default: break
    }
    let before = try await house.size()
    do {
      try await house.acquire(by: name == "nobody's right" ? "ben" : "ana") {
        if name == "other application" { $0.application = "viewer" }
        if name == "other vendor" { $0.vendor = "evil" }
        if name == "no signature" {
          $0.artifact = .init(path: $0.artifact.path, signature: nil)
        }
      }
      Issue.record("it came in: \(name)")
    } catch let problem as Problem {
      #expect(problem.message.contains(words), "\(problem)")
    }
    #expect(try await house.size() == before, "nothing is recorded of what is refused")
  }

  @Test func oneVersionComesInOnce() async throws {
    try await house.acquire()
    await #expect(throws: Problem.self) { try await house.acquire() }
  }

  /// Whoever holds the machine's key can write a release statement; nobody took this one in.
  @Test func aReleaseThatOnlySaysThatItWasAcquiredIsNot() async throws {
    let release = Release(
      application: "pump", version: "9", origin: .acquired, commit: nil, image: nil,
      imageConfig: nil, artifacts: [Subject(name: "a", digest: .sha256("a".utf8))], vendor: "acme")
    let recorder = try await house.home.recorder(role: .pipeline, time: .fixed(VendorHouse.time))
    let acquisition = Acquisition(
      application: "pump", run: "r", time: VendorHouse.time, vendor: "acme", version: "9",
      form: "f", mediaType: "m", bytes: 1,
      documents: [
        .init(matter: .artifact, name: "a", digest: .sha256("a".utf8), signature: nil)
      ], person: "ana", reason: "r")
    _ = try await recorder.record([
      Evidence(
        kind: .release, subjects: release.subjects,
        predicate: try ReleaseBind.predicate(release, run: "r", time: VendorHouse.time)),
      Evidence(kind: .acquisition, subjects: release.subjects, predicate: acquisition),
    ])
    let decision = try await house.decision(release, "staging")
    #expect(decision.controls.first { $0.control == "house.signed" }?.state == .missing)
    #expect(decision.outcome == .refused)
  }
}
