import Attestation
import Blobs
import Foundation
public import Ledger
import LedgerSQLite
public import Model
public import Reading

/// An entry as people look at it.
public struct ShownEntry: Sendable, Encodable {
  /// Index in the ledger.
  public let index: Int64
  /// The evidence's kind.
  public let kind: EvidenceKind
  /// Pseudonym of the actor.
  public let actor: String
  /// The role in which the actor acted.
  public let role: Role
  /// When it was recorded.
  public let time: Instant
  /// The leaf's text.
  public let leaf: String
  /// The statement; `nil` when it was not asked for, or the payload was erased.
  public let statement: JSONValue?
  /// By whom and why the payload was erased.
  public var erased: ErasureNote?
}

extension LedgerHome {
  /// One entry with its statement.
  ///
  /// - Throws: `Problem` with `notFound`.
  public func entry(_ index: Int64) async throws -> ShownEntry {
    let entry = try await ledger.entries([index])[0]
    let leaf = try Leaf(bytes: entry.leaf)
    var statement: JSONValue?
    if case .present = entry.payload {
      statement = try JSONReader.read(EntryReader.envelope(entry, leaf: leaf).payload)
    }
    var shown = shown(index, leaf, statement)
    if case .erased = entry.payload {
      shown.erased = try await erasureNote(of: index, leaf: leaf)
    }
    return shown
  }

  /// The latest entries, of a kind or of all, oldest first.
  public func entries(kind: EvidenceKind?, limit: Int) async throws -> [ShownEntry] {
    try await ledger.read { snapshot in
      let indices =
        try kind.map { Array(try snapshot.indices(kind: $0).suffix(limit)) }
        ?? Array(max(0, try snapshot.size() - Int64(limit))..<(try snapshot.size()))
      return try indices.map { index in
        guard let bytes = try snapshot.leaf(index) else {
          throw Problem(.ledgerDamaged, "entry \(index) is missing")
        }
        return shown(index, try Leaf(bytes: bytes), nil)
      }
    }
  }

  private func shown(_ index: Int64, _ leaf: Leaf, _ statement: JSONValue?) -> ShownEntry {
    ShownEntry(
      index: index, kind: leaf.kind, actor: leaf.actor, role: leaf.role, time: leaf.time,
      leaf: String(decoding: leaf.bytes, as: UTF8.self), statement: statement)
  }

  /// Where the recorder's clock went back: each entry whose time is before the one before it.
  func clockJumps(last count: Int64) async throws -> [(index: Int64, milliseconds: Int64)] {
    try await ledger.read { reader in
      let size = try reader.size()
      var jumps: [(index: Int64, milliseconds: Int64)] = []
      var before: Instant?
      for index in max(0, size - count)..<size {
        guard let bytes = try reader.leaf(index) else { continue }
        let time = try Leaf(bytes: bytes).time
        if let before, time < before { jumps.append((index, before.milliseconds(since: time))) }
        before = time
      }
      return jumps
    }
  }

  /// The proof that an entry is in the ledger, by its last checkpoint.
  ///
  /// - Throws: `Problem` with `notFound`.
  public func receipt(_ index: Int64) async throws -> Receipt {
    try await ledger.read { snapshot in
      let size = try snapshot.size()
      guard index >= 0, index < size, let note = try snapshot.checkpoint() else {
        throw Problem(.notFound, "there is no entry \(index); the ledger has \(size)")
      }
      return Receipt(
        index: index, proof: try snapshot.proofs.inclusion(of: index, in: size), checkpoint: note)
    }
  }

  /// What speaks against a checkpoint that somebody else kept: nothing, when it is a beginning of
  /// this ledger.
  public func faults(against note: String) async throws -> [String] {
    let kept = try await ledger.histories().keys.checkpoint(note)
    return try await ledger.read { snapshot in
      let size = try snapshot.size()
      guard kept.size <= size else {
        return ["the kept checkpoint covers \(kept.size) entries, the ledger has only \(size)"]
      }
      return try snapshot.proofs.root(size: kept.size) == kept.root
        ? [] : ["the ledger's first \(kept.size) entries are not those of the kept checkpoint"]
    }
  }

  /// Writes everything that an outsider needs as plain files; the folder is there whole or not at
  /// all.
  ///
  /// - Returns: the number of entries.
  public func export(to folder: String) async throws -> Int64 {
    guard !FileManager.default.fileExists(atPath: folder) else {
      throw Problem(.badInput, "there is something already", at: folder)
    }
    let part = "\(folder).\(UUID().uuidString).part"
    try Self.makeFolder(part, mode: 0o755)
    do {
      let size = try await exportFiles(part)
      guard rename(part, folder) == 0 else {
        throw Problem(.inputOutput, "the folder cannot be put in its place", at: folder)
      }
      return size
    } catch {
      try? FileManager.default.removeItem(atPath: part)
      throw error
    }
  }

  private func exportFiles(_ part: String) async throws -> Int64 {
    let (size, note) = try await ledger.read { (try $0.size(), try $0.checkpoint()) }
    func write(_ bytes: [UInt8], _ name: String) throws {
      let isWritten = FileManager.default.createFile(
        atPath: "\(part)/\(name)", contents: Data(bytes))
      guard isWritten else {
        throw Problem(.inputOutput, "the file cannot be written", at: "\(part)/\(name)")
      }
    }
    try write(Array((note ?? "").utf8), "checkpoint")
    try write(Array("\(ledger.key.description)\n".utf8), "log.vkey")
    // What leads from that key to the one in force: the checkpoint under which each change lies.
    for period in try await ledger.histories(size: size).keys.periods.dropFirst() {
      guard let handover = try await ledger.read({ try $0.checkpoint(size: period.firstSize) })
      else { continue }
      try write(Array(handover.utf8), "\(period.firstSize).checkpoint")
    }
    let root = try await trustRoot()
    for key in root.keys {
      guard let der = Base64.decode(key.publicKey) else { continue }
      let pem = try PublicKey(subjectPublicKeyInfo: der).pem
      try write(Array(pem.utf8), "\(key.holder)-\(key.id.short).pub.pem")
    }
    for index in 0..<size {
      let entry = try await ledger.entries([index])[0]
      let leaf = try Leaf(bytes: entry.leaf)
      try write(entry.leaf, "\(index).leaf")
      if case .present(let envelope, let salt) = entry.payload {
        _ = try EntryReader.bytes(entry, leaf: leaf)
        try write(envelope, "\(index).dsse.json")
        try write(Array("\(Hexadecimal.encode(salt))\n".utf8), "\(index).salt")
      } else if case .erased = entry.payload,
        let note = try await erasureNote(of: index, leaf: leaf)
      {
        try write(Array("the payload was \(note.words)\n".utf8), "\(index).erased")
      }
      let proof = try await ledger.read { try $0.proofs.inclusion(of: index, in: size) }
      let receipt = Receipt(index: index, proof: proof, checkpoint: note ?? "")
      try write(Array(receipt.description.utf8), "\(index).tlog-proof")
    }
    return size
  }
}

extension LedgerHome {
  /// The statements of these kinds on a subject, in the ledger's order.
  func statements(
    on subject: Digest, kinds: Set<EvidenceKind>
  ) async throws -> [(kind: EvidenceKind, statement: Statement)] {
    let indices = try await ledger.read { snapshot in
      try snapshot.indices(subjects: [subject]).filter { index in
        try snapshot.leaf(index).map { kinds.contains(try Leaf(bytes: $0).kind) } ?? false
      }
    }
    let history = try await trustHistory()
    return try await ledger.entries(indices).compactMap { entry in
      // What was erased says nothing any more: a run that goes on does such a step again.
      if case .erased = entry.payload { return nil }
      let leaf = try Leaf(bytes: entry.leaf)
      return (leaf.kind, try EntryReader.statement(entry, leaf: leaf, history: history))
    }
  }
}
