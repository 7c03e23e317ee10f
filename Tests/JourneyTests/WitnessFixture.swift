import Attestation
import Blobs
import Foundation
import Journey
import Ledger
import LedgerSQLite
import Model
import TestKit

/// A witness that answers in this process, as `Ledger` decides, without a network.
struct WitnessBesides: Sendable {
  actor Store: WitnessStore {
    private(set) var held: WitnessState?

    func state(origin: String) -> WitnessState? { held }

    func replace(_ expected: WitnessState?, with new: WitnessState) -> Bool {
      held = new
      return true
    }
  }

  let url: String
  let key: NoteKey
  let store = Store()
  private let witness: Witness

  init(_ name: String, log: NoteKey) throws {
    url = "http://\(name).example"
    let cosigner = try Cosigner(
      name: "\(name).example/w", signer: PrivateKey.generate().signer)
    key = cosigner.key
    witness = Witness(cosigner: cosigner, logs: [WitnessedLog(key: log)], store: store)
  }

  func answer(_ request: HTTPExchange.Request) async throws -> HTTPExchange.Response {
    if request.method == .get {
      guard let held = await store.held else { return .init(status: 404) }
      return .init(status: 200, contentType: "text/plain", body: Array(held.note.description.utf8))
    }
    let answer = try await witness.answer(
      request.body, at: Instant(milliseconds: 1_700_000_000_000))
    return .init(
      status: answer.status, contentType: answer.contentType, body: Array(answer.body.utf8))
  }
}

/// A ledger's folder whose entries say nothing: for what is about checkpoints alone.
struct PlainLedger {
  let folder: TemporaryFolder
  let key: PrivateKey
  let home: LedgerHome

  init(key: PrivateKey = .generate()) throws {
    folder = try TemporaryFolder()
    self.key = key
    let ledger = try SQLiteLedger.create(
      at: folder.file("ledger.sqlite"), origin: "ledger.example/a", logKey: key.publicKey,
      blobs: FileBlobStore(folder: folder.file("blobs")))
    try ledger.close()
    home = try LedgerHome.open(at: folder.path)
  }

  /// Appends so many entries, each with a checkpoint of its own.
  func append(_ count: Int, saying text: String = "nothing") async throws {
    for _ in 0..<count {
      let draft = EntryDraft(
        kind: .step, envelope: Array(text.utf8), subjects: [], actor: "m", role: .pipeline,
        time: Instant(milliseconds: 1_700_000_000_000))
      _ = try await home.ledger.append([draft], logSigner: key.signer)
    }
  }

  /// Writes the file that names the witnesses, of which so many are enough.
  func name(_ witnesses: [WitnessBesides], enough: Int) throws {
    try Data(Self.policy(witnesses, enough: enough).utf8)
      .write(to: URL(fileURLWithPath: folder.file("witnesses")))
  }

  static func policy(_ witnesses: [WitnessBesides], enough: Int) -> String {
    witnesses.enumerated().map { "witness w\($0) \($1.key) \($1.url)/\n" }.joined()
      + "group enough \(enough) \(witnesses.indices.map { "w\($0)" }.joined(separator: " "))\n"
      + "quorum enough\n"
  }

  /// Asks by a way on which only these witnesses are there.
  static func exchange(_ witnesses: [WitnessBesides]) -> HTTPExchange {
    HTTPExchange { request in
      guard let witness = witnesses.first(where: { request.url.hasPrefix("\($0.url)/") }) else {
        try await Task.sleep(for: .milliseconds(request.timeoutMilliseconds))
        throw Problem(.inputOutput, "there was no answer in time", at: request.url)
      }
      return try await witness.answer(request)
    }
  }
}
