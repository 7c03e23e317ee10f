import Attestation
import Compliance
import Foundation
import Model
import TestKit
import Testing

@testable import Journey

@Suite("People who come, state and leave")
struct PeopleTests {
  private let clinical = PeopleLedger.clinical
  private let official = PeopleLedger.official

  @Test("what a person states is bound to documents by digest, and to an end")
  func statement() async throws {
    let ledger = try await PeopleLedger()
    try ledger.write("the analysis", "analysis.txt")
    func request(_ change: (inout StatementRequest) -> Void = { _ in }) -> StatementRequest {
      var request = StatementRequest(
        topic: "risk-analysis", text: "done", application: nil,
        documents: [ledger.folder.file("analysis.txt")], facts: ["scope": "all"],
        expires: PeopleLedger.time(60).now())
      change(&request)
      return request
    }
    func attest(_ request: StatementRequest, _ name: String = "ben") async throws -> PersonStatement
    {
      try await ledger.home.attest(
        request, by: ActingPerson(signer: ledger.key(name), role: nil),
        time: PeopleLedger.time(10)
      ).0
    }
    let statement = try await attest(request())
    #expect(
      statement.documents == [.init(name: "analysis.txt", digest: .sha256("the analysis".utf8))])
    #expect(statement.person == "ben" && statement.role == official)
    let evidence = try await ledger.home.evidence(on: ledger.release).evidence
    #expect(evidence.last?.kind == .personStatement)
    #expect(evidence.last?.signer == "ben")
    for change: (inout StatementRequest) -> Void in [
      { $0.topic = "Risk analysis" }, { $0.text = " " }, { $0.application = "A" },
      { $0.facts = ["Scope": "all"] }, { $0.expires = PeopleLedger.time(10).now() },
      { $0.expires = PeopleLedger.time(60 * 24 * 3_700).now() },
      { $0.documents += $0.documents }, { $0.text = String(repeating: "a", count: 4_001) },
    ] {
      await #expect(throws: Problem(.badInput, "")) { try await attest(request(change)) }
    }
    await #expect(throws: Problem(.notFound, "")) {
      try await attest(request { $0.documents = [ledger.folder.file("none")] })
    }
    await #expect(throws: Problem(.notTrusted, "")) { try await attest(request(), "nobody") }
  }

  @Test("whoever leaves signs no more; what they approved is void, what they answer for is listed")
  func leaving() async throws {
    let ledger = try await PeopleLedger()
    try await ledger.approve("bea", official)
    try await ledger.approve("cleo", clinical)
    #expect(try await ledger.judge().outcome == .allowed)
    _ = try await ledger.home.attest(
      StatementRequest(
        topic: "training", text: "held", application: "portal", documents: [], facts: [:],
        expires: PeopleLedger.time(600).now()),
      by: ActingPerson(signer: ledger.key("bea"), role: nil), time: PeopleLedger.time(20))
    let now = PeopleLedger.time(30).now()
    let hanging = try await ledger.home.responsibilities(of: "bea", at: now)
    #expect(hanging.duties.map(\.kind) == [.personStatement])
    #expect(hanging.approvals.count == 1)
    #expect(hanging.roles == [] && hanging.machines == [])
    let change = ledger.folder.file("leave.json")
    let root = try await ledger.home.proposeLeaving("bea", to: change, time: now)
    #expect(root.people.first { $0.id == "bea" }?.end == now)
    #expect(try await ledger.judge().outcome == .allowed)
    try await ledger.apply(change, at: 31)
    let decision = try await ledger.judge()
    #expect(decision.outcome == .waiting)
    #expect(decision.rejectedApprovals.contains { $0.reason == "bea has left" })
    await #expect(throws: Problem(.notTrusted, "")) {
      try await ledger.approve("bea", official, at: 40)
    }
    // Their statement was true when they signed it: it is still admitted.
    let evidence = try await ledger.home.evidence(on: ledger.release).evidence
    #expect(evidence.contains { $0.kind == .personStatement && $0.signer == "bea" })
    await #expect(throws: Problem(.notFound, "")) {
      try await ledger.home.proposeLeaving("bea", to: change, time: PeopleLedger.time(50).now())
    }
  }

  @Test("controls of a role that nobody, or one person, holds then are listed for a new owner")
  func owners() async throws {
    let ledger = try await PeopleLedger(
      policy: PeopleLedger.policy.replacing(
        "environments:", with: "catalogs: [catalog.yaml]\nenvironments:"
      )
      .replacing("  production:\n", with: "  production:\n    shown: [\"c.*\"]\n"),
      catalog: """
        catalog: c
        version: "1"
        framework: What the test asks
        controls:
          - {id: c.1, citation: C 1, title: one, scope: organisation, automation: person, producer: nobody yet, owner: clinical-lead}
          - {id: c.2, citation: C 2, title: two, scope: organisation, automation: person, producer: nobody yet, owner: security-official}
          - {id: c.3, citation: C 3, title: three, scope: organisation, automation: person, producer: nobody yet, owner: clinical-lead}
          - {id: c.4, citation: C 4, title: four, scope: organisation, automation: person, producer: nobody yet}

        """)
    func owned(_ person: String) async throws -> [OwnedControls] {
      try await ledger.home.responsibilities(of: person, at: PeopleLedger.time(30).now()).controls
    }
    #expect(
      try await owned("cleo")
        == [OwnedControls(role: clinical, controls: ["c.1", "c.3"], others: [])])
    #expect(
      try await owned("bea")
        == [OwnedControls(role: official, controls: ["c.2"], others: ["ben"])])
    #expect(try await owned("dana") == [])
  }

  @Test("nobody leaves while something would hang in the air")
  func hanging() async throws {
    let ledger = try await PeopleLedger()
    let change = ledger.folder.file("leave.json")
    for (person, words) in [
      ("dana", "runner acts for dana"), ("ben", "ben answers for bea"),
      ("cleo", "nobody could change this trust root again"),
    ] {
      let problem = await #expect(throws: Problem.self) {
        try await ledger.home.proposeLeaving(
          person, to: change, time: PeopleLedger.time(30).now())
      }
      #expect(problem?.message.contains(words) == true, "\(String(describing: problem))")
    }
    #expect(!FileManager.default.fileExists(atPath: change))
    let roles = try await ledger.home.responsibilities(of: "cleo", at: PeopleLedger.start).roles
    #expect(roles == [clinical])
  }

  @Test(
    "an end in the trust file takes the keys out with the change, and keeps the others' beginning")
  func trustFile() async throws {
    let ledger = try await PeopleLedger()
    let before = try await ledger.home.trustRoot()
    try await ledger.changeTrust(
      PeopleLedger.trust.replacing("sponsor: ben", with: "sponsor: ben, end: \"2026-06-01\""),
      at: 30)
    let after = try await ledger.home.trustRoot()
    #expect(!after.keys.contains { $0.holder == "bea" })
    #expect(after.people.first { $0.id == "bea" }?.employer == "agency")
    for key in after.keys where key.holder == "cleo" {
      #expect(before.keys.contains(key))
    }
  }

  @Test(
    "a trust file that says of people what cannot be is refused, with its place",
    arguments: [
      ("sponsor: ben", "sponsor: bob", "nobody else of the people"),
      ("sponsor: ben", "sponsor: bea", "nobody else of the people"),
      (", sponsor: ben", "", "needs a sponsor"),
      (
        "sponsor: ben", "sponsor: ben, start: \"2026-02-01\", end: \"2026-01-01\"",
        "before they start"
      ),
      ("sponsor: ben", "sponsor: ben, end: tomorrow", "is no time"),
      ("[dana.pub]", "[{file: dana.pub, kinds: [erasure]}]", "may not sign evidence of kind"),
      ("[dana.pub]", "[{file: dana.pub, applications: []}]", "names none"),
      ("[dana.pub]", "[{file: dana.pub, from: \"2026-02-01\", to: \"2026-01-01\"}]", "ends before"),
      ("[dana.pub]", "[{path: dana.pub}]", "is not a key of a key"),
    ])
  func refusals(old: String, new: String, words: String) async throws {
    let ledger = try await PeopleLedger()
    #expect(PeopleLedger.trust.contains(old))
    try ledger.write(PeopleLedger.trust.replacing(old, with: new), "trust.yaml")
    let problem = #expect(throws: Problem.self) {
      try TrustFile.read(path: ledger.folder.file("trust.yaml"))
    }
    #expect(problem?.message.contains(words) == true, "\(String(describing: problem))")
    #expect(problem?.location?.contains("trust.yaml:") == true)
  }

  @Test("an application's own policy decides over it, and may only tighten")
  func teamPolicy() async throws {
    let ledger = try await PeopleLedger()
    let trust = PeopleLedger.trust + "policies: [{application: portal, policy: portal.yaml}]\n"
    let loose = PeopleLedger.policy.replacing(
      "security-official, count: 1}\n      - {role: clinical-lead",
      with: "security-official, count: 1}\n      - {role: developer")
    try ledger.write(loose, "portal.yaml")
    let problem = await #expect(throws: Problem.self) {
      try await ledger.changeTrust(trust, at: 20)
    }
    #expect(
      problem?.message.contains("it asks for no approval of role \"clinical-lead\"") == true,
      "\(String(describing: problem))")
    try ledger.write(
      PeopleLedger.policy.replacing(
        "      - {role: security-official, count: 1}\n      - ",
        with:
          "      - {role: security-official, count: 2}\n      - "), "portal.yaml")
    try await ledger.changeTrust(trust, at: 30)
    let decision = try await ledger.judge()
    #expect(decision.approvals.map(\.required) == [2, 1])
    let other = Release(
      application: "billing", version: "1", origin: .built, commit: PeopleLedger.commit,
      image: ledger.release.image, imageConfig: ledger.release.imageConfig)
    let least = try await ledger.home.judge(
      other, environment: "production", time: PeopleLedger.time(60))
    #expect(least.approvals.map(\.required) == [1, 1])
    #expect(least.policy != decision.policy)
    // A policy file can say itself what it tightens.
    try ledger.write("least: policy.yaml\n" + loose, "portal.yaml")
    #expect(throws: Problem(.badInput, "")) {
      try PolicyFiles.read(path: ledger.folder.file("portal.yaml"))
    }
  }

  @Test("a change that pins a looser policy by hand does not come into force")
  func handMade() async throws {
    let ledger = try await PeopleLedger()
    try ledger.write(
      PeopleLedger.policy.replacing("clinical-lead, count: 1", with: "clinical-lead, count: 1"),
      "policy.yaml")
    let loose = PeopleLedger.policy.replacing(
      "      - {role: clinical-lead, count: 1, meaning: reviewed for clinical safety}\n", with: "")
    #expect(loose != PeopleLedger.policy)
    try ledger.write(loose, "portal.yaml")
    let bundle = try PolicyFiles.read(path: ledger.folder.file("portal.yaml"))
    _ = try await ledger.home.blobs.put(try bundle.bytes())
    let current = try await ledger.home.trustRoot()
    let root = TrustRoot(
      organisation: current.organisation, version: 2, people: current.people,
      machines: current.machines, keys: current.keys, changeApproval: current.changeApproval,
      policies: current.policies + [try bundle.reference()],
      applicationPolicies: [
        .init(application: "portal", policy: try bundle.reference().digest)
      ], recovery: nil)
    let change = ledger.folder.file("change.json")
    try Data(
      Envelope(signing: TrustEntry.statement(root).json(), by: [ledger.key("ben")]).json()
    ).write(to: URL(fileURLWithPath: change))
    await #expect(throws: Problem(.judgingFailed, "")) {
      try await ledger.apply(change, at: 30)
    }
    #expect(try await ledger.home.trustRoot().version == 1)
  }
}
