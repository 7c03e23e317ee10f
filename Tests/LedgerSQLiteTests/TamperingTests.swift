import Attestation
import Blobs
import Foundation
import GRDB
import Model
import TestKit
import Testing

@testable import Ledger
@testable import LedgerSQLite

/// Whoever can write to the store changes it, one thing at a time; what finds it is said.
@Suite("Tampering with the store", .serialized)
struct TamperingSerialTests {
  @Test("each byte of each stored column, and of each value that is none")
  func everyByte() async throws {
    let sample = try await TamperedLedger()
    #expect(await sample.verify() == nil)
    var random = Seeded(seed: 20)
    var found = 0
    var throughVerify = 0
    for cell in try await sample.back.read({ try Cell.all($0) }) {
      for other in cell.alterations(&random) {
        let isFound = try await sample.back.writeWithoutTransaction { db in
          try cell.with(other, db) { try sample.isFound(db) }
        }
        guard let isFound else { continue }
        found += 1
        // The whole way through `verify`, for all that one page does not show, and for samples.
        guard !isFound || found % 400 == 0 else { continue }
        throughVerify += 1
        try await sample.back.writeWithoutTransaction { try cell.set(other, $0) }
        let words = await sample.verify()
        #expect(words != nil, "\(cell.name): \(other) is not found")
        try await sample.back.writeWithoutTransaction { try cell.restore($0, from: other) }
      }
    }
    print("tampering: \(found) changed values found, \(throughVerify) of them by a whole verify")
    #expect(found > 10_000)
    #expect(await sample.verify() == nil, "it is not as it was")
  }

  @Test("each row taken away, rows that change places, rows that were never appended")
  func rows() async throws {
    let sample = try await TamperedLedger()
    var sorts: [String: Int] = [:]
    for change in try await sample.back.read({ try RowChange.all($0) }) {
      try await sample.back.writeWithoutTransaction { try $0.execute(sql: change.sql) }
      let words = await sample.verify()
      #expect(words != nil, "\(change.sql) is not found")
      sorts[change.sort, default: 0] += 1
      try await sample.back.writeWithoutTransaction { try $0.execute(sql: change.undo) }
    }
    print("tampering: rows found: \(sorts.sorted { $0.key < $1.key })")
    #expect(await sample.verify() == nil, "it is not as it was")
    #expect(sorts["deleted", default: 0] > 60 && sorts["swapped", default: 0] > 30)
  }

  @Test("each byte of a blob's file; the file gone, or another in its place")
  func blobs() async throws {
    let sample = try await TamperedLedger()
    let store = sample.folder.file("blobs")
    let names = try FileManager.default.subpathsOfDirectory(atPath: store).filter {
      $0.utf8.count > 40
    }
    try #require(names.count == 1)
    let path = "\(store)/\(names[0])"
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let digest = try #require(
      Digest("sha256:" + names[0].replacingOccurrences(of: "/", with: "").prefix(64)))
    let whole = try #require(try await sample.blobs.get(digest))
    let content = try await TamperedLedger.content(sample.ledger)
    var random = Seeded(seed: 21)
    var same = 0
    for place in bytes.indices {
      var changed = bytes
      changed[place] ^= UInt8.random(in: 1...255, using: &random)
      try changed.write(to: URL(fileURLWithPath: path))
      // What the blob store itself refuses, verify reports: looked at for samples.
      let read = try? await sample.blobs.get(digest)
      if read == whole, await sample.verify() == nil {
        same += 1
        #expect(try await TamperedLedger.content(sample.ledger) == content)
      } else if place % 50 == 0 {
        #expect(await sample.verify() != nil)
      }
    }
    print("tampering: a blob's \(bytes.count) bytes, \(same) of which say nothing")
    try Data("other".utf8).write(to: URL(fileURLWithPath: path))
    #expect(await sample.verify() != nil)
    try FileManager.default.removeItem(atPath: path)
    #expect(await sample.verify() != nil)
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(await sample.verify() == nil)
  }

  /// `PRATIQUE_FLIPS` asks for another number of places.
  @Test("other bytes of the database file: reported, or what is exported is the same")
  func fileBytes() async throws {
    let sample = try await TamperedLedger()
    let content = try await TamperedLedger.content(sample.ledger)
    try await sample.back.writeWithoutTransaction { db in
      _ = try Row.fetchAll(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
    }
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: sample.path)))
    var random = Seeded(seed: 22)
    let wanted =
      ProcessInfo.processInfo.environment["PRATIQUE_FLIPS"].flatMap { Int($0) } ?? 200
    // The file's own header, the headers of pages, and any place.
    let headers = (0..<100).map { $0 }
    let pages = stride(from: 0, to: bytes.count, by: 4_096).flatMap { page in
      (0..<2).map { _ in page + Int.random(in: 0..<12, using: &random) }
    }
    let places =
      headers + pages + (0..<wanted).map { _ in Int.random(in: 0..<bytes.count, using: &random) }
    let folder = try TemporaryFolder()
    var reported = 0
    for (number, place) in places.enumerated() {
      var changed = bytes
      changed[place] ^= UInt8.random(in: 1...255, using: &random)
      let path = folder.file("\(number).sqlite")
      try Data(changed).write(to: URL(fileURLWithPath: path))
      var words: String?
      do {
        let ledger = try SQLiteLedger.open(at: path, blobs: sample.blobs, readOnly: true)
        words = await TamperedLedger.verify(ledger)
        if words == nil {
          #expect(try await TamperedLedger.content(ledger) == content, "byte \(place)")
        }
        try ledger.close()
      } catch let problem as Problem { words = problem.message }
      if words != nil { reported += 1 }
      for end in ["", "-wal", "-shm"] {
        try? FileManager.default.removeItem(atPath: path + end)
      }
    }
    print(
      "tampering: \(places.count) bytes of the file, \(reported) reported, the rest say nothing")
    #expect(reported > places.count / 4)
  }

  @Test("what verify alone cannot find, whoever holds a checkpoint, a receipt or a witness does")
  func whatOthersHold() async throws {
    let author = try Author()
    let ledger = try await author.write(second: "second", upTo: 7)
    let held = try await Held(ledger)
    #expect(try await held.complaints(about: ledger) == [])

    // Write history anew, and sign it with the log's own key.
    let forger = try author.anew()
    let other = try await forger.write(second: "another", upTo: 7)
    #expect(await TamperedLedger.verify(other) == nil)
    #expect(try await held.complaints(about: other) == ["checkpoint", "receipt", "witness"])

    // Cut off the newest entries, everything that belongs to them included.
    try ledger.close()
    let back = try DatabaseQueue(path: author.path)
    try await back.writeWithoutTransaction { db in
      try db.execute(
        sql: """
          PRAGMA foreign_keys = OFF;
          DELETE FROM entry WHERE "index" >= 6; DELETE FROM payload WHERE entry >= 6;
          DELETE FROM node WHERE (place + 1) << level > 6; DELETE FROM checkpoint WHERE size > 6;
          DELETE FROM entry_index WHERE entry >= 6; DELETE FROM subject_index WHERE entry >= 6;
          """)
    }
    let cut = try SQLiteLedger.open(
      at: author.path, blobs: FileBlobStore(folder: author.folder.file("blobs")), readOnly: true)
    #expect(await TamperedLedger.verify(cut) == nil)
    #expect(try await held.complaints(about: cut) == ["checkpoint", "receipt", "witness"])
    print(
      "tampering: entries cut off, history written anew with the stolen key: not found by verify,"
        + " found by a checkpoint, a receipt and a witness")
    withExtendedLifetime((author, forger)) {}
  }
}

/// What somebody else holds of a ledger.
private struct Held {
  let checkpoint: String
  let leaf: [UInt8]
  let receipt: Receipt
  let witnessed: WitnessState
  let key: NoteKey

  init(_ ledger: SQLiteLedger) async throws {
    key = ledger.key
    (checkpoint, leaf, receipt) = try await ledger.read { reader in
      let size = try reader.size()
      let last = size - 1
      let note = try #require(try reader.checkpoint())
      return (
        note, try reader.row(last - 1).leaf,
        Receipt(
          index: last - 1, proof: try reader.proofs.inclusion(of: last - 1, in: size),
          checkpoint: note)
      )
    }
    witnessed = try WitnessState(note: SignedNote(checkpoint))
  }

  /// Which of them speak against a ledger that claims to be the same.
  func complaints(about ledger: SQLiteLedger) async throws -> [String] {
    var complaints: [String] = []
    let kept = try Checkpoint(note: checkpoint, key: key)
    func isBeginning(_ kept: Checkpoint) async throws -> Bool {
      try await ledger.read { reader in
        try reader.size() >= kept.size && reader.proofs.root(size: kept.size) == kept.root
      }
    }
    if try await !isBeginning(kept) { complaints.append("checkpoint") }
    // A receipt holds by itself, and the ledger no longer leads to what it shows.
    if try await !isBeginning(receipt.verify(leaf: leaf, key: key)) { complaints.append("receipt") }
    let request = try await ledger.read { reader in
      let size = try reader.size()
      let note = try SignedNote(try #require(try reader.checkpoint()))
      return try WitnessRequest(
        oldSize: min(kept.size, size),
        proof: kept.size < size ? reader.proofs.consistency(from: kept.size, to: size) : [],
        note: note)
    }
    switch WitnessRules.decide(request, state: witnessed, logs: [WitnessedLog(key: key)]) {
    case .refuse: complaints.append("witness")
    case .cosign: break
    }
    return complaints
  }
}
