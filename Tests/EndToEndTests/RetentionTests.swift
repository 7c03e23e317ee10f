import Foundation
import Journey
import Ledger
import Model
import TestKit
import Testing

/// Erasing, holding and expiring, as people do it.
@Suite("Erasing, holding and expiring by command")
struct RetentionEndToEnd {
  @Test("a spill: nothing of it is left, all proofs hold, and it shows who erased it and why")
  func spill() async throws {
    let privacy = try await PrivacyWard()
    let run = try await privacy.run()
    let before = try await privacy.places()
    #expect(before.contains { $0.hasPrefix("ledger.sqlite") }, "\(before)")
    #expect(before.count { $0.hasPrefix("blobs/") } == 2, "\(before)")
    #expect(before.contains("runs/\(run)/workspace/reports/unit.xml"), "\(before)")
    #expect(before.contains { $0.hasPrefix("runs/\(run)/scratch/logs/") }, "\(before)")
    let checkpoint = try await note(privacy)

    let result = try await privacy.ledger(
      ["erase", "--subject", privacy.commit(), "--basis", "spill", "--reason", "a name in a log"],
      as: "ana")
    #expect(result.exitCode == 0, "\(result.errorOutput)")
    #expect(result.output.contains("2 logs, reports and large payloads went too"))
    #expect(try await privacy.places() == [])

    try privacy.ward.write("kept", checkpoint)
    let verified = try await privacy.ledger(["verify", "--checkpoint", privacy.ward.file("kept")])
    #expect(verified.exitCode == 0, "\(verified.errorOutput)\(verified.output)")
    let index = try await privacy.indices(.testResult)[0]
    let shown = try await privacy.ledger(["show", "\(index)"])
    #expect(shown.output.contains("erased by ana as developer"), "\(shown.output)")
    #expect(shown.output.contains("because of a spill: a name in a log"))
    let exported = try await privacy.ledger(["export", "--entries", privacy.ward.file("export")])
    #expect(exported.exitCode == 0, "\(exported.errorOutput)")
    let text = FileManager.default.contents(atPath: privacy.ward.file("export/\(index).erased"))
    #expect(text.map { String(decoding: $0, as: UTF8.self) }?.contains("a name in a log") == true)
    // Who may not, may not; what is gone is gone.
    let again = try await privacy.ledger(["erase", "\(index)", "--reason", "r"], as: "ben")
    #expect(again.exitCode == 20 && again.errorOutput.contains("was erased already, by entry"))
    // The next run has its steps done again, and is whole.
    try privacy.ward.write("marks/note", "nothing\n")
    try privacy.ward.write("marks/unit.xml", WardFiles.harmlessReport)
    try await privacy.run()
    #expect(try await privacy.places() == [])
  }

  @Test("a mirror keeps what a later hold covers, verifies, and lets it go with the hold")
  func heldElsewhere() async throws {
    let privacy = try await PrivacyWard()
    try await privacy.run()
    let index = try await privacy.indices(.testResult)[0]
    let mirror = privacy.ward.file("mirror")
    #expect(try await privacy.ledger(["mirror", mirror]).exitCode == 0)
    let erased = try await privacy.ledger(["erase", "\(index)", "--reason", "r"], as: "ana")
    #expect(erased.exitCode == 0, "\(erased.errorOutput)")
    let placed = try await privacy.ledger(
      ["hold", "place", "--name", "case-7", "--application", "ward-app", "--reason", "r"], as: "ben"
    )
    #expect(placed.exitCode == 0, "\(placed.errorOutput)")
    let held = try await privacy.ledger(["mirror", mirror])
    #expect(held.output.contains("1 kept under a legal hold"), "\(held.output)\(held.errorOutput)")
    let verified = try await privacy.ledger(["verify"], at: mirror)
    #expect(verified.exitCode == 0, "\(verified.output)\(verified.errorOutput)")
    #expect(verified.output.contains("1 payloads that were erased elsewhere are kept here"))
    // In the ledger itself the payload is gone, and nothing is kept.
    #expect(try await !privacy.ledger(["verify"]).output.contains("elsewhere"))
    let lifted = try await privacy.ledger(
      ["hold", "lift", "case-7", "--reason", "r"], as: "ben")
    #expect(lifted.exitCode == 0, "\(lifted.errorOutput)")
    let gone = try await privacy.ledger(["mirror", mirror])
    #expect(gone.output.contains("1 erased payloads removed, 0 kept"), "\(gone.output)")
    let after = try await privacy.ledger(["verify"], at: mirror)
    #expect(after.exitCode == 0 && !after.output.contains("elsewhere"), "\(after.output)")
  }

  @Test("a content that another entry refers to stays until that is erased too")
  func shared() async throws {
    let privacy = try await PrivacyWard()
    let first = try await privacy.run()
    let second = try await privacy.run()
    let result = try await privacy.ledger(["erase", "--run", first, "--reason", "r"], as: "ana")
    #expect(result.exitCode == 0, "\(result.errorOutput)")
    #expect(result.output.contains("; 0 logs"))
    #expect(try await privacy.places().count { $0.hasPrefix("blobs/") } == 2)
    let last = try await privacy.ledger(["erase", "--run", second, "--reason", "r"], as: "ana")
    #expect(last.exitCode == 0 && last.output.contains("; 2 logs"), "\(last.errorOutput)")
    #expect(try await privacy.places() == [])
  }

  @Test("while a run goes on that may refer to a content, it stays, and that is said; then it goes")
  func liveRun() async throws {
    let privacy = try await PrivacyWard()
    // A run of another process, as its lock shows it, that began before the content was put.
    try privacy.ward.makeFolder("ledger/runs/other")
    let lock = open("\(privacy.ward.ledger)/runs/other/lock", O_RDWR | O_CREAT, 0o600)
    #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
    try await privacy.run()
    let erase = try await privacy.ledger(
      ["erase", "--subject", privacy.commit(), "--reason", "r"], as: "ana")
    #expect(erase.exitCode == 75, "\(erase.errorOutput)")
    #expect(erase.errorOutput.contains("the erasure is recorded"), "\(erase.errorOutput)")
    let between = try await privacy.places()
    #expect(between.count == 2 && between.allSatisfy { $0.hasPrefix("blobs/") }, "\(between)")
    let verify = try await privacy.ledger(["verify"])
    #expect(verify.exitCode == 0 && verify.output.contains("2 things that erasures left"))
    flock(lock, LOCK_UN)
    close(lock)
    let expire = try await privacy.ledger(["expire"], as: "ana")
    #expect(expire.exitCode == 0, "\(expire.errorOutput)")
    #expect(try await privacy.places() == [])
  }

  @Test("a hold refuses and the wish waits; whoever lifts does not erase; then it can be done")
  func hold() async throws {
    let privacy = try await PrivacyWard()
    try await privacy.run()
    let commit = try await privacy.commit()
    let before = try await privacy.places()
    let place = ["hold", "place", "case-7", "--matter", "A v. B", "--reason", "letter"]
    let none = try await privacy.ledger(place, as: "ben")
    #expect(none.exitCode == 64, "a hold of nothing in particular: \(none.errorOutput)")
    let byAna = try await privacy.ledger(place + ["--everything"], as: "ana")
    #expect(byAna.exitCode == 77 && byAna.errorOutput.contains("may not sign"))
    let placed = try await privacy.ledger(place + ["--application", "ward-app"], as: "ben")
    #expect(placed.exitCode == 0, "\(placed.errorOutput)")

    let wish = [
      "erase", "--subject", commit, "--reason", "asked for", "--requested-by", "request-3",
    ]
    for _ in 0..<2 {
      let refused = try await privacy.ledger(wish, as: "ana")
      #expect(refused.exitCode == 20, "\(refused.errorOutput)")
      #expect(refused.errorOutput.contains("under the legal hold \"case-7\""))
      #expect(refused.errorOutput.contains("The request is recorded, as entry"))
    }
    #expect(try await privacy.indices(.erasureRequest).count == 1, "once is enough")
    #expect(try await privacy.places() == before)
    let later = try await privacy.ledger(["expire", "--dry-run", "--as-of", "2099-01-01"])
    #expect(later.output.contains("held") && later.output.contains("0 payloads would be erased"))
    let list = try await privacy.ledger(["hold", "list"])
    #expect(list.output.contains("in force  case-7: A v. B; covers application ward-app"))
    #expect(list.output.contains("it is held by case-7"), "\(list.output)")

    let lifted = try await privacy.ledger(
      ["hold", "lift", "case-7", "--reason", "settled"], as: "ben")
    #expect(lifted.exitCode == 0, "\(lifted.errorOutput)")
    #expect(lifted.output.contains("may be done now, by somebody else than ben"))
    let byBen = try await privacy.ledger(wish, as: "ben")
    #expect(byBen.exitCode == 20 && byBen.errorOutput.contains("which the same person lifted"))
    let list2 = try await privacy.ledger(["hold", "list"])
    #expect(list2.output.contains("it may be done now"), "\(list2.output)")
    let done = try await privacy.ledger(wish, as: "ana")
    #expect(done.exitCode == 0, "\(done.errorOutput)")
    #expect(try await privacy.places() == [])
    #expect(try await !privacy.ledger(["hold", "list"]).output.contains("waiting"))
    #expect(try await privacy.ledger(["verify"]).exitCode == 0)
  }

  @Test("what can never go is refused, and who may not, may not: nothing changes")
  func refused() async throws {
    let privacy = try await PrivacyWard()
    try await privacy.run()
    var refusal = Refusal(privacy.ward)
    refusal.folders = [privacy.ward.ledger]
    let key = ["--key", privacy.ward.key("ana"), "--reason", "r", "--ledger", privacy.ward.ledger]
    try await refusal.expect(
      .gateRefused, ["entry 0 of kind \"trust-root\"", "never erased"],
      ["ledger", "erase", "0"] + key)
    try await refusal.expect(.notFound, ["99"], ["ledger", "erase", "99"] + key)
    try await refusal.expect(
      .badInput, ["Ana Ward", "pseudonym"],
      ["ledger", "erase", "1", "--requested-by", "Ana Ward"] + key)
    try await refusal.expect(
      .badInput, ["still to come", "--dry-run"],
      ["ledger", "expire", "--as-of", "2099-01-01"] + key)
    let machine = "\(privacy.ward.ledger)/keys/runner.pem"
    try await refusal.expect(
      .notTrusted, ["runner", "only a person"],
      ["ledger", "erase", "1", "--reason", "r", "--key", machine, "--ledger", privacy.ward.ledger])
  }

  @Test("what has expired goes batch by batch; the plan says why the rest stays")
  func expiry() async throws {
    let privacy = try await PrivacyWard()
    try privacy.ward.write(
      "policy.yaml", WardFiles.policy + "retention: {years: 6, kinds: {test-result: {days: 30}}}\n")
    try FileManager.default.removeItem(atPath: privacy.ward.ledger)
    try await privacy.ward.makeLedger()
    try await privacy.run()
    let soon = try await privacy.ledger(["expire", "--dry-run"])
    #expect(soon.output.contains("0 payloads would be erased"), "\(soon.output)")
    let date = TimeSource.system.now().advanced(byMilliseconds: 40 * 86_400_000).date
    let month = try await privacy.ledger(["expire", "--dry-run", "--as-of", date])
    #expect(month.output.contains("1 payloads would be erased"), "\(month.output)")
    #expect(month.output.contains("kept 2192 days (the policy)"))
    #expect(month.output.contains("test-result: 30 days"))
    let late = try await privacy.ledger(["expire", "--dry-run", "--as-of", "2099-01-01"])
    #expect(late.output.contains("permanent") && late.output.contains("trust-root"))
    #expect(!late.output.contains("0 payloads would be erased"))
  }

  @Test("a content that no entry refers to goes when it is old and no hold is in force")
  func unreferenced() async throws {
    let privacy = try await PrivacyWard()
    try await privacy.run()
    let home = try LedgerHome.open(at: privacy.ward.ledger)
    let content = Array("the log of a run that was killed: \(PrivacyWard.marker)".utf8)
    let digest = try await home.blobs.put(content)
    let before = try await home.blobs.digests()
    try home.ledger.close()
    let path = "\(privacy.ward.ledger)/blobs/\(digest.hex.prefix(2))/\(digest.hex.dropFirst(2))"
    func expire() async throws -> Bool {
      let result = try await privacy.ledger(["expire"], as: "ana")
      #expect(result.exitCode == 0, "\(result.errorOutput)")
      return !FileManager.default.fileExists(atPath: path)
    }
    #expect(try await !expire(), "it is young")
    try await privacy.ward.program("touch").check(["-d", "40 days ago", path])
    let hold = ["hold", "place", "case-7", "--matter", "m", "--reason", "r", "--kind", "run"]
    #expect(try await privacy.ledger(hold, as: "ben").exitCode == 0)
    #expect(try await !expire(), "a hold is in force")
    let lift = ["hold", "lift", "case-7", "--reason", "r"]
    #expect(try await privacy.ledger(lift, as: "ben").exitCode == 0)
    #expect(try await expire())
    let after = try await LedgerHome.open(at: privacy.ward.ledger, readOnly: true).blobs.digests()
    #expect(after == before.filter { $0 != digest }, "something else went")
  }

  private func note(_ privacy: PrivacyWard) async throws -> String {
    let home = try LedgerHome.open(at: privacy.ward.ledger, readOnly: true)
    let note = try await home.ledger.read { try $0.checkpoint() }
    try home.ledger.close()
    return try #require(note)
  }
}
