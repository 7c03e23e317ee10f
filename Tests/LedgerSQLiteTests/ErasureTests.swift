import Attestation
import Foundation
import GRDB
import Ledger
import LedgerSQLite
import Model
import TestKit
import Testing

@Suite("Erasing from SQLite")
struct ErasureTests {
  /// A ledger with the marker in the payloads of all entries that it returns, among others.
  private static func marked(
    _ marker: String, count: Int, seed: UInt64
  ) async throws -> (SampleLedger, marked: [Int64]) {
    let sample = try await SampleLedger(kinds: [.trustRoot, .step, .erasure])
    var random = Seeded(seed: seed)
    var marked: [Int64] = []
    for number in 1...count {
      let isMarked = Bool.random(using: &random)
      // Around SQLite's own limits: within a page, over one, over many.
      let length = [10, 900, 3_000, 4_000, 9_000][Int.random(in: 0..<5, using: &random)]
      let text = isMarked ? Self.repeated(marker, length) : String(repeating: "y", count: length)
      let index = try await sample.append([sample.draft(.step, ["n": "\(number)", "text": text])])
      if isMarked { marked += index }
    }
    return (sample, marked)
  }

  private static func repeated(_ marker: String, _ length: Int) -> String {
    // Whatever its place in a group of three, base64 shows the marker in one of three forms.
    String(repeating: "\(marker) ", count: max(3, length / (marker.count + 1)))
  }

  /// The forms in which a text may stand in base64.
  private static func forms(_ text: String) -> [Data] {
    (0..<3).map { offset in
      let padded = Array(repeating: UInt8(0x20), count: offset) + Array(text.utf8)
      let encoded = Array(Data(padded).base64EncodedString().utf8)
      // Only what depends on the text alone.
      return Data(encoded[4..<(encoded.count - 4)])
    } + [Data(text.utf8)]
  }

  private static func draft(_ sample: SampleLedger, _ indices: [Int64]) async throws -> EntryDraft {
    let entries = try await sample.ledger.read { reader in
      try indices.map { index in
        let leaf = try Leaf(bytes: reader.row(index).leaf)
        return Erasure.Entry(index: index, kind: leaf.kind, envelope: leaf.envelope)
      }
    }
    return try sample.draft(
      .erasure,
      Erasure(
        entries: entries, basis: .spill, reason: "test", requestedBy: nil, person: "runner",
        role: .pipeline, time: sample.time))
  }

  @discardableResult
  private static func erase(
    _ sample: SampleLedger, _ indices: [Int64], remnants: [Remnant] = []
  ) async throws -> Int64 {
    let size = try await sample.ledger.read { try $0.size() }
    return try await sample.ledger.erase(
      draft(sample, indices), payloads: indices, remnants: remnants,
      logSigner: LogSigner(sample.logKey.signer), ifSize: size)
  }

  /// The files of the store that hold any of these bytes, read by another process: to open them
  /// here would take SQLite's locks away.
  private static func files(_ sample: SampleLedger, holding needles: [Data]) async throws
    -> [String]
  {
    var found: [String] = []
    for suffix in ["", "-wal", "-shm"] {
      let path = "\(sample.path)\(suffix)"
      guard FileManager.default.fileExists(atPath: path) else { continue }
      let copy = sample.folder.file("copy")
      let program = Program("cp", directory: sample.folder.path, outputIn: sample.folder.path)
      try await program.check([path, copy])
      let data = try Data(contentsOf: URL(fileURLWithPath: copy))
      if needles.contains(where: { data.range(of: $0) != nil }) { found.append("ledger\(suffix)") }
    }
    return found
  }

  @Test("nothing of a payload or its salt is left in any file", arguments: [1, 2, 3] as [UInt64])
  func nothingIsLeft(seed: UInt64) async throws {
    let marker = "Marker-4711-Patient"
    let (sample, marked) = try await Self.marked(marker, count: 60, seed: seed)
    let salts = try await sample.ledger.read { reader in
      try marked.map { index in
        guard case .inline(_, let salt) = try reader.row(index).payload else { return Data() }
        return Data(salt)
      }
    }
    let needles = Self.forms(marker) + salts
    #expect(try await !Self.files(sample, holding: needles).isEmpty, "the test looks wrongly")
    // Some by some, so that pages are merged and freed in between.
    var random = Seeded(seed: seed)
    var rest = marked.shuffled(using: &random)
    while !rest.isEmpty {
      try await Self.erase(sample, rest.prefix(7).sorted())
      rest.removeFirst(min(7, rest.count))
      _ = try await sample.append([sample.draft(.step, ["n": "between"])])
    }
    try await sample.ledger.scrub()
    #expect(try await Self.files(sample, holding: needles) == [])
    // Others are untouched, and the ledger says so.
    #expect(try await Self.files(sample, holding: Self.forms("yyyyyyyyyyyyyyyy")) != [])
  }

  @Test("root, proofs and checkpoints are the same bytes after as before")
  func proofsStay() async throws {
    let (sample, marked) = try await Self.marked("marker", count: 40, seed: 9)
    func state(_ size: Int64) async throws -> [String] {
      try await sample.ledger.read { reader in
        var lines: [String] = []
        for end in 1...size {
          lines.append(try reader.proofs.root(size: end).description)
          lines.append(try reader.checkpoint(size: end) ?? "none")
          lines.append("\(try reader.proofs.consistency(from: end, to: size))")
        }
        for index in 0..<size {
          lines.append("\(try reader.proofs.inclusion(of: index, in: size))")
          lines.append("\(try reader.row(index).leaf)")
        }
        return lines
      }
    }
    let size = try await sample.ledger.read { try $0.size() }
    let before = try await state(size)
    for index in marked { try await Self.erase(sample, [index]) }
    try await sample.ledger.scrub()
    #expect(try await state(size) == before)
    for entry in try await sample.ledger.entries(marked) {
      guard case .erased = entry.payload else {
        Issue.record("entry \(entry.index) still has a payload")
        continue
      }
    }
  }

  @Test("an erasure that cannot be is refused whole: another size, a payload that is gone")
  func refused() async throws {
    let (sample, marked) = try await Self.marked("marker", count: 20, seed: 4)
    let size = try await sample.ledger.read { try $0.size() }
    let draft = try await Self.draft(sample, marked)
    await #expect(throws: Problem(.busy, "")) {
      try await sample.ledger.erase(
        draft, payloads: marked, remnants: [], logSigner: LogSigner(sample.logKey.signer),
        ifSize: size - 1)
    }
    try await Self.erase(sample, [marked[0]])
    await #expect(throws: Problem(.busy, "")) { try await Self.erase(sample, marked) }
    let now = try await sample.ledger.read { try $0.size() }
    #expect(now == size + 1)
    for entry in try await sample.ledger.entries(Array(marked.dropFirst())) {
      guard case .present = entry.payload else {
        Issue.record("entry \(entry.index) lost its payload to an erasure that was refused")
        continue
      }
    }
  }

  @Test("verify takes a missing payload only where an erasure names it, its digest and its kind")
  func verified() async throws {
    let (sample, marked) = try await Self.marked("marker", count: 12, seed: 8)
    try await Self.erase(sample, [marked[0]])
    let sound = try await sample.ledger.verify()
    #expect(sound.isSound && sound.erased == 1, "\(sound.faults)")

    let queue = try DatabaseQueue(path: sample.path)
    try await queue.writeWithoutTransaction { db in
      try db.execute(sql: "DELETE FROM payload WHERE entry = ?", arguments: [marked[1]])
    }
    try queue.close()
    let missing = try await sample.ledger.verify()
    #expect(missing.faults.contains { $0.index == marked[1] && $0.message.contains("no erasure") })

    // An erasure that says it of another payload, or of what never goes, does not mend it.
    for (index, kind, words) in [
      (marked[1], EvidenceKind.step, "with another digest or kind"),
      (0, .trustRoot, "which is never erased"),
    ] {
      let wrong = Erasure(
        entries: [.init(index: index, kind: kind, envelope: .sha256([1]))], basis: .spill,
        reason: "r", requestedBy: nil, person: "runner", role: .pipeline, time: sample.time)
      _ = try await sample.append([sample.draft(.erasure, wrong)])
      let faults = try await sample.ledger.verify().faults
      #expect(faults.contains { $0.message.contains(words) }, "\(faults)")
      #expect(faults.contains { $0.index == marked[1] }, "\(faults)")
    }
  }

  @Test("what is left to do is written down with the erasure, and forgotten when it is done")
  func remnants() async throws {
    let (sample, marked) = try await Self.marked("marker", count: 10, seed: 5)
    let content = Remnant(.content, name: Digest.sha256([1]).description, erasure: 0)
    let index = try await Self.erase(sample, [marked[0]], remnants: [content])
    let reopened = try SQLiteLedger.open(at: sample.path, blobs: sample.blobs)
    let left = try await reopened.remnants()
    #expect(left.map(\.sort) == [.content, .pages])
    #expect(left.allSatisfy { $0.erasure == index })
    try await reopened.forget([left[0]])
    #expect(try await sample.ledger.remnants().map(\.sort) == [.pages])
    try reopened.close()
  }

  @Test(
    "while another connection reads the state before, scrubbing says so and nothing is forgotten")
  func reader() async throws {
    let marker = "Marker-4711-Patient"
    let (sample, marked) = try await Self.marked(marker, count: 10, seed: 6)
    let other = try DatabasePool(path: sample.path)
    try await other.write { _ in }
    let snapshot = try other.makeSnapshot()
    _ = try await snapshot.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM payload") }
    try await Self.erase(sample, marked)
    await #expect(throws: Problem(.busy, "")) { try await sample.ledger.scrub() }
    #expect(try await sample.ledger.remnants().map(\.sort) == [.pages])
    try snapshot.close()
    try await sample.ledger.scrub()
    #expect(try await Self.files(sample, holding: Self.forms(marker)) == [])
    try other.close()
  }
}
