import Foundation
import Model
import Reading
import TestKit
import Testing

/// Waivers, scope, emergencies and observation, from the command line.
@Suite("Commands of exceptions")
struct ExceptionCommandsEndToEnd {
  private func ward() async throws -> Ward {
    let ward = try await Ward()
    try ward.write(
      "trust.yaml",
      WardFiles.trust.replacing("[clinical-lead]", with: "[clinical-lead, on-call]"))
    try ward.write(
      "policy.yaml",
      WardFiles.policy + """
            waivers: {roles: [security-officer], maximum-days: 30, never: [ward.signed]}
            out-of-scope: {roles: [security-officer], maximum-days: 365}
            observe-only: {roles: [security-officer], maximum-days: 60}
            break-glass: {roles: [on-call], hours: 8, review-days: 3, reviewers: [security-officer, on-call]}

        """)
    try await ward.makeLedger()
    return ward
  }

  @Test("an emergency: opened, seen first, reviewed by somebody else, and then shut")
  func emergency() async throws {
    let ward = try await ward()
    let release = try await ward.recordRelease()
    let refusal = Refusal(ward)
    let end = ["--ledger", ward.ledger]
    let open =
      ["break-glass", "latest", "--environment", "production", "--incident", "outage-7"]
      + ["--reason", "the wrong patient is shown"]
    try await refusal.expect(
      .notTrusted, ["may not break the glass", "on-call"],
      open + ["--key", ward.key("ana")] + end)
    try await refusal.expect(
      .badInput, ["from 1 to 8"], open + ["--hours", "9", "--key", ward.key("ben")] + end)
    try await refusal.expect(
      .notFound, ["agrees on no emergency", "--class"],
      open + ["--class", "fun", "--key", ward.key("ben")] + end)
    let opened = try await ward.pratique().check(open + ["--key", ward.key("ben")] + end)
    #expect(opened.contains("is open for release \(release.version)"))
    #expect(opened.contains("pratique break-glass review outage-7"))
    let gate = ["gate", "latest", "--environment", "production"] + end
    let asked = try await ward.pratique().check(gate)
    #expect(asked.contains("BREAK-GLASS for \"outage-7\""))
    let list = ["break-glass", "list", "--application", "ward-app"] + end
    #expect(try await ward.pratique().check(list).contains("to be reviewed by"))
    let review =
      ["break-glass", "review", "outage-7", "--application", "ward-app"]
      + ["--environment", "production", "--reason", "it was one"]
    try await refusal.expect(
      .notTrusted, ["somebody else must review it"], review + ["--key", ward.key("ben")] + end)
    _ = try await ward.pratique().check(review + ["--key", ward.key("ana")] + end)
    #expect(try await ward.pratique().check(list).contains("justified, says Ana Ward"))
    try await refusal.expect(.gateRefused, ["so ended it"], gate)
  }

  @Test("waivers, scope and observation: allowed to whom the policy names, listed, taken back")
  func others() async throws {
    let ward = try await ward()
    _ = try await ward.recordRelease()
    let refusal = Refusal(ward)
    let end = ["--key", ward.key("ana"), "--ledger", ward.ledger]
    let place = ["--application", "ward-app", "--environment", "production"]
    let grant =
      ["waiver", "grant", "ward.tested", "--days", "14", "--reason", "the bench burnt down"]
      + ["--measure", "by hand", "--name", "bench"] + place
    try await refusal.expect(
      .notTrusted, ["may not waive"],
      grant + ["--key", ward.key("ben"), "--ledger", ward.ledger])
    try await refusal.expect(
      .notTrusted, ["nobody may except \"ward.signed\""],
      grant.map { $0 == "ward.tested" ? "ward.signed" : $0 } + end)
    _ = try await ward.pratique().check(grant + end)
    let list = ["waiver", "list", "--application", "ward-app", "--ledger", ward.ledger]
    #expect(try await ward.pratique().check(list).contains("bench  ward.tested"))
    _ = try await ward.pratique().check(
      ["waiver", "withdraw", "bench", "--reason", "it is back"] + place + end)
    #expect(try await ward.pratique().check(list).contains("withdrawn by entry"))
    let scope = ["--environment", "production", "--reason", "nothing to test"]
    let out = try await ward.pratique().check(
      ["scope", "out", "ward.t*", "--days", "30", "--json"] + scope + end)
    let said = try JSONReader.read(Array(out.utf8))
    #expect(said["value"]?["controls"] == .array([.string("ward.tested")]))
    _ = try await ward.pratique().check(["scope", "in", "ward.tested"] + scope + end)
    let begin = ["observe", "begin", "latest", "--days", "60"] + scope
    _ = try await ward.pratique().check(begin + end)
    let gate = ["gate", "latest", "--environment", "production", "--ledger", ward.ledger]
    #expect(try await ward.pratique().check(gate).contains("OBSERVE-ONLY"))
    _ = try await ward.pratique().check(["observe", "end", "--reason", "green"] + place + end)
    let again = try await ward.pratique().run(gate)
    #expect(again.ending == .exited(20))
  }
}
