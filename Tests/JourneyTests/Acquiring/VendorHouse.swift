import Attestation
import Foundation
import Ledger
import Model
import TestKit

@testable import Journey

/// A hospital that takes software of a vendor in: its ledger, its people, and what the vendor ships.
struct VendorHouse {
  static let time = Instant("2026-06-01T08:00:00Z") ?? Instant(milliseconds: 0)

  static let catalog = """
    catalog: house
    version: "1"
    framework: what the house asks
    controls:
      - id: house.signed
        citation: House 1
        title: The commit is signed
        scope: release
        automation: evidence
        producer: source/commit
        text-checked: true
        checks: [{id: signed, kind: source-check, each: evidence.isSigned, fix: sign it}]
      - id: house.accepted
        citation: House 2
        title: The acceptance test passed
        scope: release
        automation: evidence
        producer: acquire
        text-checked: true
        checks: [{id: passed, kind: test-result, about: 'evidence.suite == "acceptance"', each: failures(evidence) == 0, fix: test it}]
      - id: house.listed
        citation: House 3
        title: What it is made of is known
        scope: release
        automation: evidence
        producer: acquire
        text-checked: true
        checks: [{id: listed, kind: inventory, each: evidence.count > 0, fix: ask the vendor}]
      - id: house.vendor
        citation: House 4
        title: The vendor signed it
        scope: release
        automation: evidence
        producer: acquire
        text-checked: true
        checks: [{id: vendor, kind: acquisition, each: evidence.vendor == "acme" && evidence.documents.size() > 0, fix: acquire it}]

    """

  static let policy = """
    policy: house
    version: "1"
    catalogs: [catalog.yaml]
    environments:
      strict:
        required: [house.signed, house.accepted, house.listed, house.vendor]
      staging:
        required: [house.signed, house.accepted, house.listed, house.vendor]
        acquired: &nothing
          not-applicable: [house.signed]
          reason: the vendor's commits are not ours to see
      production:
        required: [house.signed, house.accepted, house.listed, house.vendor]
        approvals: [{role: clinical-lead}]
        acquired:
          not-applicable: [house.signed]
          reason: the vendor's commits are not ours to see

    """.replacing(" &nothing", with: "")

  static let trust = """
    organisation: house
    people:
      - {id: ana, name: Ana, roles: [buyer], keys: [ana.pub], may: [acquire]}
      - {id: ben, name: Ben, roles: [clinical-lead], keys: [ben.pub]}
    machine: {id: runner, on-behalf-of: ana, roles: [pipeline]}
    changes: [{role: buyer}]
    policy: policy.yaml
    vendors:
      - id: acme
        keys:
          - {file: acme.pub, signs: [artifact], applications: [pump]}
          - {file: papers.pub, signs: [inventory, exploitability]}
          - {file: old.pub, signs: [artifact], from: "2020-01-01", to: "2021-01-01"}

    """

  let folder: TemporaryFolder
  let home: LedgerHome
  let keys: [String: PrivateKey]

  init() async throws {
    folder = try TemporaryFolder()
    keys = Dictionary(
      uniqueKeysWithValues: ["ana", "ben", "acme", "papers", "old", "stranger"].map {
        ($0, PrivateKey.generate())
      })
    for (name, key) in keys {
      try Data(key.publicKey.pem.utf8).write(to: URL(fileURLWithPath: folder.file("\(name).pub")))
    }
    for (name, text) in [
      ("catalog.yaml", Self.catalog), ("policy.yaml", Self.policy), ("trust.yaml", Self.trust),
    ] {
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file(name)))
    }
    home = try await LedgerHome.initialise(
      at: folder.file("ledger"), from: TrustFile.read(path: folder.file("trust.yaml")),
      time: Self.time)
    try write("pump.bin", "firmware of the pump, version 4.2\n")
    try write(
      "pump.cdx.json",
      """
      {"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[
       {"type":"library","name":"zlib","version":"1.3.1","purl":"pkg:generic/zlib@1.3.1"}]}
      """)
    try write(
      "pump.openvex.json",
      """
      {"@context":"https://openvex.dev/ns/v0.2.0","@id":"urn:acme:vex:1","author":"Acme",
       "timestamp":"2026-05-30T00:00:00Z","version":1,"statements":[
       {"vulnerability":{"name":"CVE-2023-45853"},"products":[{"@id":"pkg:generic/zlib@1.3.1"}],
        "status":"not_affected","justification":"vulnerable_code_not_present"}]}
      """)
    try accept(failures: 0)
    try sign("pump.bin", by: "acme")
    try sign("pump.cdx.json", by: "papers")
    try sign("pump.openvex.json", by: "papers")
  }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file(name)))
  }

  /// The report of an acceptance test.
  func accept(failures: Int) throws {
    let failure = failures > 0 ? "<failure message=\"the alarm is late\"/>" : ""
    try write(
      "acceptance.xml",
      """
      <testsuite name="acceptance" tests="2" failures="\(failures)" errors="0" skipped="0">
      <testcase classname="pump" name="starts"/>
      <testcase classname="pump" name="alarm">\(failure)</testcase></testsuite>
      """)
  }

  /// A bare signature beside a file.
  func sign(_ name: String, by key: String) throws {
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: folder.file(name))))
    let signature = try keys[key]?.signer.sign(bytes) ?? []
    try Data(signature).write(to: URL(fileURLWithPath: folder.file("\(name).sig")))
  }

  func person(_ name: String) throws -> ActingPerson {
    ActingPerson(signer: (keys[name] ?? PrivateKey.generate()).signer, role: nil)
  }

  func request(_ change: (inout AcquisitionRequest) -> Void = { _ in }) -> AcquisitionRequest {
    func document(_ name: String) -> AcquisitionRequest.Document {
      .init(path: folder.file(name), signature: folder.file("\(name).sig"))
    }
    var request = AcquisitionRequest(
      application: "pump", vendor: "acme", version: "4.2", artifact: document("pump.bin"),
      inventory: document("pump.cdx.json"), exploitability: document("pump.openvex.json"),
      acceptance: folder.file("acceptance.xml"), reason: "the fix that we waited for")
    change(&request)
    return request
  }

  @discardableResult
  func acquire(
    by person: String = "ana", _ change: (inout AcquisitionRequest) -> Void = { _ in }
  ) async throws -> AcquiredRelease {
    try await home.acquire(
      request(change), by: self.person(person), time: .fixed(Self.time), environment: [:])
  }

  func decision(_ release: Release, _ environment: String) async throws -> Decision {
    try await home.judge(release, environment: environment, time: .fixed(Self.time))
  }

  func size() async throws -> Int64 {
    try await home.ledger.read { try $0.size() }
  }
}
