import Attestation
import Foundation
import Journey
import Ledger
import LedgerSQLite
import Model
import TestKit
import Testing

@Suite("Asking witnesses")
struct WitnessTests {
  let ledger: PlainLedger
  let first: WitnessBesides
  let second: WitnessBesides

  init() throws {
    ledger = try PlainLedger()
    first = try WitnessBesides("one", log: ledger.home.ledger.key)
    second = try WitnessBesides("two", log: ledger.home.ledger.key)
  }

  private func cosign(
    _ witnesses: [WitnessBesides], milliseconds: Int64 = 5000
  ) async throws -> CosigningReport {
    try #require(
      try await ledger.home.cosign(
        over: PlainLedger.exchange(witnesses), milliseconds: milliseconds))
  }

  @Test("what witnesses sign is verified, kept, and goes along with checkpoint and receipts")
  func cosigned() async throws {
    try await ledger.append(3)
    #expect(
      try await ledger.home.cosign(over: PlainLedger.exchange([]), milliseconds: 10) == nil)
    try ledger.name([first, second], enough: 2)
    let report = try await cosign([first, second])
    #expect(report.isEnough && report.cosigned == 2 && report.size == 3)
    #expect(report.problem == nil)
    let keys = [ledger.home.ledger.key, first.key, second.key]
    #expect(try await ledger.home.cosignedCheckpoint().verify(with: keys).count == 3)
    let policy = try TrustPolicy(
      "log \(keys[0])\n" + PlainLedger.policy([first, second], enough: 2))
    #expect(try await ledger.home.witnessed(by: policy).isMet)

    // What came later is not witnessed, and says so; a receipt of what is, is.
    try await ledger.append(2)
    let later = try await ledger.home.witnessed(by: policy)
    #expect(!later.isMet && later.witnessed == 3 && later.entries == 5)
    #expect(later.sentence.hasPrefix("NOT WITNESSED ENOUGH"))
    let covered = try await ledger.home.receipt(2)
    #expect(try policy.verify(SignedNote(covered.checkpoint)).checkpoint.size == 3)
    let leaf = try await ledger.home.ledger.entries([2])[0].leaf
    #expect(try covered.verify(leaf: leaf, key: keys[0]).size == 3)
    let uncovered = try await ledger.home.receipt(3)
    #expect(throws: Problem(.notTrusted, "")) {
      try policy.verify(SignedNote(uncovered.checkpoint))
    }
    #expect(try await cosign([first, second]).isEnough)
    #expect(try await ledger.home.witnessed(by: policy).isMet)
    #expect(try await ledger.home.cosignatureFaults().isEmpty)
  }

  @Test("an absent witness costs the time limit and no more, and the checkpoint says so")
  func absent() async throws {
    try await ledger.append(1)
    try ledger.name([first, second], enough: 2)
    let begin = ContinuousClock.now
    let report = try await cosign([second], milliseconds: 300)
    #expect(ContinuousClock.now - begin < .seconds(5))
    #expect(!report.isEnough && report.cosigned == 1)
    #expect(report.answers.map(\.outcome) == [.absent, .cosigned])
    #expect(report.problem == Problem(.busy, ""))
    #expect(report.contradiction == nil)
    // It comes back, and is asked from where it stands, not from where the other one does.
    try await ledger.append(4)
    #expect(try await cosign([first, second]).isEnough)
  }

  @Test("a witness that knows more than we remember is asked again from its size")
  func conflict() async throws {
    try await ledger.append(4)
    try ledger.name([first], enough: 1)
    #expect(try await cosign([first]).isEnough)
    // Another copy of the ledger asked from four to six, and what it was given is not here.
    try await ledger.append(2)
    let copy = try TemporaryFolder()
    for name in ["ledger.sqlite", "ledger.sqlite-wal", "witnesses"]
    where FileManager.default.fileExists(atPath: ledger.folder.file(name)) {
      try FileManager.default.copyItem(
        atPath: ledger.folder.file(name), toPath: copy.file(name))
    }
    let other = try LedgerHome.open(at: copy.path)
    let exchange = PlainLedger.exchange([first])
    #expect(try await other.cosign(over: exchange, milliseconds: 5000)?.isEnough == true)
    try await ledger.append(1)
    let report = try await cosign([first])
    #expect(report.isEnough && report.size == 7)
  }

  @Test("an answer that is no cosignature of the witness's key is refused, and nothing is kept")
  func strangers() async throws {
    try await ledger.append(1)
    try ledger.name([first], enough: 1)
    let stranger = try WitnessBesides("one", log: ledger.home.ledger.key)
    #expect(try await cosign([stranger]).answers.map(\.outcome) == [.refused])
    for body in ["", "— x y\n", "nonsense"] {
      let report = try await ledger.home.cosign(
        over: HTTPExchange { _ in .init(status: 200, body: Array(body.utf8)) }, milliseconds: 1000)
      #expect(report?.answers.map(\.outcome) == [.refused])
    }
    for status in [301, 400, 403, 404, 409, 500] {
      let report = try await ledger.home.cosign(
        over: HTTPExchange { _ in .init(status: status) }, milliseconds: 1000)
      #expect(report?.answers.map(\.outcome) == [.refused], "\(status)")
    }
    #expect(try await ledger.home.cosignedCheckpoint().signatures.count == 1)
  }

  @Test("a history written anew with the stolen log key is contradicted, with the proof kept")
  func fork() async throws {
    try await ledger.append(5)
    try ledger.name([first], enough: 1)
    #expect(try await cosign([first]).isEnough)
    let forged = try PlainLedger(key: ledger.key)
    try await forged.append(8, saying: "something else")
    try forged.name([first], enough: 1)
    let report = try #require(
      try await forged.home.cosign(over: PlainLedger.exchange([first]), milliseconds: 5000))
    #expect(report.contradictions.count == 1 && !report.isEnough)
    #expect(report.lines[0].hasPrefix("CONTRADICTION"))
    #expect(report.lines[0].contains("5 entries"))
    #expect(report.problem == Problem(.ledgerDamaged, ""))
    let folder = forged.folder.file("contradictions")
    let kept = try FileManager.default.contentsOfDirectory(atPath: folder)
    let note = try SignedNote(
      bytes: Array(try #require(FileManager.default.contents(atPath: "\(folder)/\(kept[0])"))))
    #expect(try note.verify(with: [forged.home.ledger.key, first.key]).count == 2)
  }

  @Test("a ledger that was set back is contradicted by whoever saw it longer")
  func setBack() async throws {
    try await ledger.append(2)
    let copy = try TemporaryFolder()
    for name in try FileManager.default.contentsOfDirectory(atPath: ledger.folder.path)
    where name.hasPrefix("ledger.sqlite") {
      try FileManager.default.copyItem(
        atPath: ledger.folder.file(name), toPath: copy.file(name))
    }
    try await ledger.append(3)
    try ledger.name([first], enough: 1)
    #expect(try await cosign([first]).isEnough)
    try FileManager.default.copyItem(
      atPath: ledger.folder.file("witnesses"), toPath: copy.file("witnesses"))
    let restored = try LedgerHome.open(at: copy.path)
    let report = try #require(
      try await restored.cosign(over: PlainLedger.exchange([first]), milliseconds: 5000))
    #expect(report.contradictions.first?.detail.contains("set back") == true)
  }

  @Test("a cosignature that was altered in the store is found")
  func altered() async throws {
    try await ledger.append(2)
    try ledger.name([first], enough: 1)
    #expect(try await cosign([first]).isEnough)
    let kept = try await ledger.home.ledger.read { try $0.cosignatures(size: 2) }[0]
    var bytes = kept.signature
    bytes[20] ^= 1
    let wrong = try SignedNote.Signature(name: kept.name, keyID: kept.keyID, signature: bytes)
    try await ledger.home.ledger.keep(cosignatures: [wrong], size: 2)
    #expect(try await ledger.home.cosignatureFaults().count == 1)
    await #expect(throws: Problem(.notFound, "")) {
      try await ledger.home.ledger.keep(cosignatures: [kept], size: 77)
    }
  }
}
