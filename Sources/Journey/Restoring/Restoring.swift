import Blobs
import Foundation
import Ledger
public import Model

/// A checkpoint that somebody outside of the ledger's folder showed.
public struct ShownCheckpoint: Sendable {
  /// Who showed it: a witness, a file, a mirror.
  public let name: String
  /// The signed note; `nil` when they hold none of this ledger.
  public let note: String?

  /// States what somebody showed.
  public init(name: String, note: String?) {
    self.name = name
    self.note = note
  }
}

/// How far a restoration came.
public struct RestoreReport: Sendable, Encodable {
  /// Entries that the ledger has now.
  public let size: Int64
  /// Entries that were brought back from mirrors now.
  public let refilled: Int64
  /// Entries that the highest checkpoint known covers.
  public let highest: Int64
  /// Who was asked, and what they answered.
  public let asked: [String]
  /// Whether everything is there that the ledger ever showed to those asked, and it is open for
  /// appending again.
  public let isComplete: Bool
}

extension LedgerHome {
  /// Makes this ledger open for reading only until a restoration has ended.
  ///
  /// - Throws: `Problem` with `inputOutput`.
  public func beginRestoring(time: Instant) async throws {
    if try RestoringFile.read(in: path) != nil { return }
    let size = try await ledger.read { try $0.size() }
    try RestoringFile(since: time, size: size).write(in: path)
  }

  /// Asks everybody named for the highest checkpoint that the ledger ever showed, refills what
  /// mirrors still have, and opens the ledger for appending when nothing is missing.
  ///
  /// It can be called again with others to ask; what was learnt stays.
  ///
  /// - Parameters:
  ///   - shown: what witnesses and files showed; at least one of these or a mirror.
  ///   - mirrors: folders with mirrors, or other copies, of this ledger.
  ///   - progress: is told the entries that are there, and how many there will be.
  /// - Throws: `Problem` with `badInput` when nobody was asked or no restoration was begun,
  ///   `notTrusted` for a checkpoint that the log did not sign, `ledgerDamaged` when there are two
  ///   histories: then the ledger stays closed.
  public func restore(
    asking shown: [ShownCheckpoint], mirrors: [String],
    progress: @Sendable (_ done: Int64, _ all: Int64) -> Void
  ) async throws -> RestoreReport {
    guard var state = try RestoringFile.read(in: path) else {
      throw Problem(.badInput, "no restoration of this ledger was begun", at: path)
    }
    guard !shown.isEmpty || !mirrors.isEmpty || !state.asked.isEmpty else {
      throw Problem(
        .badInput, "nobody was asked what the ledger has shown", at: path,
        advice: "Name a mirror, or a file with a checkpoint that somebody kept.")
    }
    let copies = try mirrors.map { try LedgerHome.open(at: $0, readOnly: true) }
    defer { for copy in copies { try? copy.ledger.close() } }
    var all = shown
    if let note = state.highest { all.append(ShownCheckpoint(name: "earlier", note: note)) }
    if let note = highest.note() { all.append(ShownCheckpoint(name: "this machine", note: note)) }
    for (copy, name) in zip(copies, mirrors) {
      guard copy.ledger.key == ledger.key else {
        throw Problem(.badInput, "it is a copy of \"\(copy.ledger.key.name)\"", at: name)
      }
      all.append(
        ShownCheckpoint(name: name, note: try await copy.ledger.read { try $0.checkpoint() }))
    }
    let before = try await ledger.read { try $0.size() }
    var known = try await heads(all, copies: copies)
    try await compare(known)
    try await refill(from: copies, progress: progress)
    if let own = try await ownHead() { known.append(("the ledger", own.0, own.1)) }
    try await compare(known)

    let size = try await ledger.read { try $0.size() }
    let top = known.max { $0.checkpoint.size < $1.checkpoint.size }
    for (name, checkpoint, _) in known where name != "the ledger" && name != "earlier" {
      let line = "\(name): a checkpoint of \(checkpoint.size) entries"
      if !state.asked.contains(line) { state.asked.append(line) }
    }
    for name in all.filter({ $0.note == nil }).map(\.name) {
      state.asked.append("\(name): none")
    }
    state.highest = top?.note
    let isComplete = (top?.checkpoint.size ?? 0) <= size
    if isComplete {
      await keepHighest()
      try RestoringFile.remove(in: path)
    } else {
      try state.write(in: path)
    }
    return RestoreReport(
      size: size, refilled: size - before, highest: top?.checkpoint.size ?? size,
      asked: state.asked, isComplete: isComplete)
  }

  typealias Head = (name: String, checkpoint: Checkpoint, note: String)

  /// The checkpoints that were shown, each signed by a key of the log; a mirror that has more
  /// entries may know a later key.
  private func heads(_ shown: [ShownCheckpoint], copies: [LedgerHome]) async throws -> [Head] {
    var heads: [Head] = []
    for one in shown {
      guard let note = one.note else { continue }
      var found: Checkpoint?
      var failure: (any Error)?
      for home in [self] + copies where found == nil {
        do { found = try await home.checkpoint(signed: note) } catch { failure = error }
      }
      guard let found else {
        throw Problem(
          .notTrusted,
          "the checkpoint that it shows is not this ledger's:"
            + " \((failure as? Problem)?.message ?? "it cannot be read")", at: one.name)
      }
      heads.append((one.name, found, note))
    }
    return heads
  }

  private func ownHead() async throws -> (Checkpoint, String)? {
    guard let note = try await ledger.read({ try $0.checkpoint() }) else { return nil }
    return (try await checkpoint(signed: note), note)
  }

  /// Reads a checkpoint that a key of this ledger must have signed.
  func checkpoint(signed note: String) async throws -> Checkpoint {
    try await ledger.histories().keys.checkpoint(note)
  }

  /// What is here must be what was shown, as far as it goes.
  private func compare(_ heads: [Head]) async throws {
    for (name, checkpoint, _) in heads {
      let root = try await ledger.read { reader -> TreeHash? in
        try checkpoint.size <= reader.size() ? reader.proofs.root(size: checkpoint.size) : nil
      }
      if let root, root != checkpoint.root {
        throw Problem(
          .ledgerDamaged,
          "its checkpoint of \(checkpoint.size) entries is of another history than this ledger",
          at: name, advice: "Keep both. Whoever holds the log's key has signed two histories.")
      }
    }
  }

  /// Brings back what copies have and this ledger has not, the longest first.
  private func refill(
    from copies: [LedgerHome], progress: @Sendable (Int64, Int64) -> Void
  ) async throws {
    var sized: [(size: Int64, home: LedgerHome)] = []
    for copy in copies { sized.append((try await copy.ledger.read { try $0.size() }, copy)) }
    for (size, copy) in sized.sorted(by: { $0.size > $1.size }) {
      guard try await ledger.read({ try $0.size() }) < size else { continue }
      _ = try await ledger.copy(from: copy.ledger, progress: progress)
      for digest in try await copy.blobs.digests() {
        if try await blobs.get(digest) != nil { continue }
        if let bytes = try await copy.blobs.get(digest) { _ = try await blobs.put(bytes) }
      }
    }
  }
}
