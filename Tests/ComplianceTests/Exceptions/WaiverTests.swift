import Compliance
import Model
import Testing

@Suite("Waivers")
struct WaiverTests {
  @Test("a waiver excuses its control, stands first, and never makes it met")
  func excuses() throws {
    var fixture = try Fixture.lacking()
    #expect(try fixture.decide().outcome == .refused)
    try fixture.say(.waiver, WaiverDraft().value, by: "ben")
    let decision = try fixture.decide()
    #expect(decision.outcome == .allowed && decision.reasons.isEmpty)
    let control = try #require(decision.controls.first { $0.control == "tested" })
    #expect(control.state == .excepted)
    // What the check found stays beside it.
    #expect(control.checks.map(\.state) == [.missing])
    #expect(decision.exceptions.map(\.kind) == [.waiver])
    // Before what was left out on the way.
    #expect(decision.bypasses.first?.kind == .waiver)
    let bypass = try #require(decision.bypasses.first)
    #expect(bypass.control == "tested" && bypass.evidence?.index == fixture.last)
    #expect(bypass.until == Fixture.instant("2026-06-20T00:00:00Z"))
    for words in ["w-1", "ben", "burnt down", "by hand", "cleo answers", "missing"] {
      #expect(bypass.sentence.contains(words), "\(words)")
    }
    #expect(try Fixture.lacking({ $0.replace(.tests(failed: ["x"])) }).waived()?.state == .excepted)
    // A control that is met stays met, and nothing was excused.
    #expect(try Fixture.lacking({ _ in }).waived()?.state == .met)
    var met = try Fixture.lacking({ _ in })
    try met.say(.waiver, WaiverDraft().value, by: "ben")
    #expect(try met.decide().exceptions.isEmpty)
  }

  @Test("a waiver granted after an approval does not void it")
  func approvals() throws {
    var fixture = try Fixture.lacking()
    try fixture.say(.waiver, WaiverDraft().value, by: "ben")
    #expect(try fixture.decide().rejectedApprovals.isEmpty)
  }

  @Test(
    "a waiver that is forged, foreign, over, too long or empty counts for nothing, and says why")
  func counts() throws {
    let cases: [(String?, (inout WaiverDraft) -> Void)] = [
      ("signed it", { $0.person = "cleo" }),
      ("did not hold the role", { $0.role = Fixture.clinical }),
      ("longer than the 30 days", { $0.expires = "2026-07-01T10:00:00.001Z" }),
      ("it ended on", { $0.expires = "2026-06-01T12:00:00Z" }),
      ("future", { $0.time = "2026-06-01T12:00:00.001Z" }),
      // Dated back, it lasts from then on; it cannot be dated forward either.
      ("longer than the 30 days", { $0.time = "2026-05-01T10:00:00Z" }),
      ("another release", { $0.release = [.sha256([9])] }),
      ("no reason", { $0.reason = " \n" }),
      ("no compensating measure", { $0.measure = "" }),
      ("no owner", { $0.owner = "" }),
      ("was no person", { $0.owner = "nobody" }),
      ("no identifier", { $0.waiver = "W 1" }),
      // Of another place: not even named.
      (nil, { $0.environment = "lab" }),
      (nil, { $0.application = "other-portal" }),
      (nil, { $0.control = "tested2" }),

    ]
    for (reason, change) in cases { try check(reason, change) }
  }

  private func check(_ reason: String?, _ change: (inout WaiverDraft) -> Void) throws {
    var fixture = try Fixture.lacking()
    var draft = WaiverDraft()
    change(&draft)
    try fixture.say(.waiver, draft.value, by: "ben")
    let decision = try fixture.decide()
    #expect(decision.outcome == .refused && decision.exceptions.isEmpty)
    let told = decision.reasons.filter { $0.hasPrefix("the waiver") }
    #expect(told.count == (reason == nil ? 0 : 1))
    if let reason { #expect(told.first?.contains(reason) == true, "\(told)") }
  }

  @Test("its bounds are exact: the last day that the policy allows, the last instant that it lasts")
  func bounds() throws {
    var fixture = try Fixture.lacking()
    var draft = WaiverDraft()
    draft.expires = "2026-07-01T10:00:00Z"
    try fixture.say(.waiver, draft.value, by: "ben")
    #expect(try fixture.decide().outcome == .allowed)
    fixture = try Fixture.lacking()
    draft.expires = "2026-06-01T12:00:00.001Z"
    try fixture.say(.waiver, draft.value, by: "ben")
    #expect(try fixture.decide().outcome == .allowed)
  }

  @Test("who may not waive, may not: by role, by policy, for controls that nobody may")
  func powers() throws {
    var byRole = try Fixture.lacking()
    var draft = WaiverDraft(person: "cleo", role: Fixture.clinical)
    try byRole.say(.waiver, draft.value, by: "cleo")
    #expect(try byRole.told().contains("does not let the role \"clinical-lead\""))
    var silent = try Fixture.lacking(rules: "")
    try silent.say(.waiver, WaiverDraft().value, by: "ben")
    #expect(try silent.told().contains("lets nobody do this"))
    for (control, kind) in [("signed", EvidenceKind.sourceCheck), ("scanned", .vulnerabilityScan)] {
      var never = try Fixture.lacking {
        if kind == .sourceCheck { $0.replace(.source(isSigned: false)) } else { $0.remove(kind) }
      }
      draft = WaiverDraft(control: control)
      try never.say(.waiver, draft.value, by: "ben")
      #expect(try never.told().contains("lets nobody waive it"))
    }
    // A machine's key, or that of somebody whom nobody named.
    for signer in ["pipeline-1", "mallory"] {
      var other = try Fixture.lacking()
      draft = WaiverDraft(person: signer)
      try other.say(.waiver, draft.value, by: signer)
      #expect(try other.told().contains("was no person"))
    }
  }

  @Test("nobody excuses what they wrote; somebody else may, also while the author has tried")
  func authors() throws {
    var fixture = try Fixture.lacking()
    try fixture.say(.waiver, WaiverDraft(person: "ada", role: Fixture.privacy).value, by: "ada")
    #expect(try fixture.told().contains("ada wrote or signed the commit, and may not except it"))
    try fixture.say(.waiver, WaiverDraft(waiver: "w-2").value, by: "ben")
    #expect(try fixture.decide().outcome == .allowed)
    // Where nobody knows who wrote it, nobody can be somebody else.
    var unknown = try Fixture.lacking { $0.environment = "lab" }
    unknown.policy = Fixture.policyText.replacing(
      "  lab:\n",
      with: "  lab:\n" + Fixture.exceptionRules.replacing(", never: [signed, \"sc*\"]", with: "")
        + "\n")
    unknown.replace(.source(author: nil, signer: nil, isSigned: false))
    let draft = WaiverDraft(control: "signed", environment: "lab")
    try unknown.say(.waiver, draft.value, by: "ben")
    #expect(try unknown.told().contains("nobody can tell who wrote the commit"))
  }

  @Test("a withdrawal ends what was granted under the name, not what is granted later")
  func withdrawal() throws {
    var fixture = try Fixture.lacking()
    let granted = WaiverDraft().value
    try fixture.say(.waiver, granted, by: "ben")
    let withdrawn = Waiver(
      withdrawing: granted, reason: "the bench is back", person: "cleo", role: Fixture.clinical,
      time: Fixture.now)
    var foreign = fixture
    try foreign.say(.waiver, withdrawn, by: "cleo", of: [.application("other-portal")])
    #expect(try foreign.decide().outcome == .allowed)
    try fixture.say(.waiver, withdrawn, by: "cleo")
    #expect(try fixture.told().contains("entry \(fixture.last) withdrew it"))
    // Recorded again, the old grant counts where it first stood.
    try fixture.say(.waiver, granted, by: "ben")
    #expect(try fixture.decide().outcome == .refused)
    try fixture.say(.waiver, WaiverDraft(reason: "it burnt down again").value, by: "ben")
    #expect(try fixture.decide().outcome == .allowed)
  }

  @Test("a waiver is for the release that it names, and subjects are matched by digest")
  func scope() throws {
    var fixture = try Fixture.lacking()
    try fixture.say(
      .waiver, WaiverDraft(release: fixture.release.digests).value, by: "ben")
    #expect(try fixture.decide().outcome == .allowed)
    var named = try Fixture.lacking()
    let lie = Subject(name: "urn:pratique:application:patient-portal", digest: .sha256([1]))
    try named.say(.waiver, WaiverDraft().value, by: "ben", of: [lie])
    #expect(try named.decide().outcome == .refused)
  }
}

extension Fixture {
  /// The control in question after ben waived it.
  fileprivate func waived() throws -> ControlResult? {
    var fixture = self
    try fixture.say(.waiver, WaiverDraft().value, by: "ben")
    return try fixture.result("tested")
  }

  /// The reasons of a refusal, in one text.
  func told() throws -> String {
    let decision = try decide()
    return decision.outcome == .refused ? decision.reasons.joined(separator: "\n") : "ALLOWED"
  }
}
