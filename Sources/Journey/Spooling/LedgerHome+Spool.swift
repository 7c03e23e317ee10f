import Attestation
import Blobs
import Compliance
import Foundation
import Ledger
public import Model
import Reading

/// Evidence in the spool of a ledger.
public struct SpooledEvidence: Sendable, Encodable {
  /// The file's name.
  public let file: String
  /// The kinds of evidence in it.
  public let kinds: [EvidenceKind]
  /// When it was to be recorded.
  public let time: Instant?
  /// Why it was not.
  public let reason: String
  /// The entries that it became; empty as long as it waits.
  public internal(set) var entries: [Int64] = []
}

extension LedgerHome {
  var spool: Spool { Spool(path: "\(path)/spool", key: ledger.key) }

  /// What waits in the spool of a ledger's folder, oldest first; the store need not be there.
  ///
  /// - Throws: `Problem` with `notFound` for no folder, `badInput` for a file that cannot be read.
  public static func spooled(at path: String) throws -> [SpooledEvidence] {
    guard FileManager.default.fileExists(atPath: path) else {
      throw Problem(.notFound, "there is no ledger", at: path)
    }
    let spool = Spool(path: "\(path)/spool", key: nil)
    return try spool.names().compactMap { name in
      try spool.read(name).map { spooled(name, $0) }
    }
  }

  private static func spooled(_ name: String, _ file: SpoolFile) -> SpooledEvidence {
    SpooledEvidence(
      file: name, kinds: file.drafts.map(\.kind), time: file.drafts.first?.time,
      reason: file.reason)
  }

  /// Records what waits in the spool, file by file, and takes each away when it is durable. What was
  /// recorded after all, when nobody could tell, is found by its entry id and not recorded twice.
  ///
  /// - Returns: what was recorded.
  /// - Throws: `Problem` with `notTrusted` or `badInput` for a file that is not taken; those before
  ///   it are recorded, it and those after it stay.
  public func flushSpool(time: TimeSource) async throws -> [SpooledEvidence] {
    let spool = spool
    let names = try spool.names()
    guard !names.isEmpty else { return [] }
    let signer = try await writingSigner()
    var flushed: [SpooledEvidence] = []
    for name in names {
      guard let file = try spool.read(name) else { continue }
      let drafts: [EntryDraft]
      do {
        let size = try await ledger.read { try $0.size() }
        let trust = try await trustHistory()
        drafts = try file.drafts.map { try $0.draft(trust: trust, index: size, now: time.now()) }
      } catch let problem as Problem where [.notTrusted, .badInput].contains(problem.code) {
        throw Problem(
          problem.code, "evidence in the spool cannot be recorded: \(problem.message)",
          at: "\(spool.path)/\(name)",
          advice:
            "Nothing else is recorded before it: find out how it came there, and move the file"
            + " away when it shall not count.")
      }
      var one = Self.spooled(name, file)
      one.entries = try await Settlement().append {
        try await ledger.append(drafts, logSigner: signer)
      }
      try spool.remove(name)
      flushed.append(one)
    }
    await keepHighest()
    return flushed
  }

  /// Keeps in the spool what the store did not take.
  ///
  /// - Returns: what went wrong, and where what was to be recorded is now.
  func keepUnrecorded(_ drafts: [EntryDraft], after problem: Problem) -> Problem {
    do {
      guard
        let file = try spool.keep(
          drafts, reason: problem.message, checkpoint: highest.note())
      else { return problem }
      return Problem(
        problem.code,
        "\(problem.message); \(drafts.count) signed piece(s) of evidence are NOT recorded, and kept"
          + " in \(file)", at: problem.location,
        advice: "When the store is back: pratique ledger spool flush")
    } catch {
      return Problem(
        problem.code,
        "\(problem.message); \(drafts.count) signed piece(s) of evidence are NOT recorded, and could"
          + " not be kept in the spool either: \((error as? Problem)?.message ?? "\(error)")",
        at: problem.location, advice: problem.advice)
    }
  }

  /// What waits in the spool, for a gate: each piece by its kind and digest, and a file that cannot be
  /// read as a whole.
  ///
  /// - Throws: `Problem` with `inputOutput` for a spool that cannot be looked at, `badInput` for one
  ///   with too many files.
  func unrecorded() throws -> [UnrecordedEvidence] {
    let spool = spool
    return try spool.names().flatMap { name -> [UnrecordedEvidence] in
      guard
        let bytes = try DurableFile.read("\(spool.path)/\(name)", limit: SpoolFile.limits.bytes)
      else { return [] }
      guard let file = try? spool.read(name) else {
        return [UnrecordedEvidence(kind: Self.unreadable, digest: .sha256(bytes))]
      }
      return file.drafts.map {
        UnrecordedEvidence(kind: $0.kind, digest: .sha256(Base64.decode($0.envelope) ?? []))
      }
    }
  }

  /// What a decision calls a file of the spool that cannot be read.
  private static let unreadable = EvidenceKind(rawValue: "unreadable-spool-file")

  /// Refuses to go on while signed evidence waits to be recorded: what a gate does not see could
  /// speak against the release.
  ///
  /// - Throws: `Problem` with `busy`.
  func refuseSpooled() throws {
    let count = try spool.names().count
    guard count > 0 else { return }
    throw Problem(
      .busy, "signed evidence waits in the spool and is not recorded: \(count) file(s)",
      at: spool.path, advice: "Record it first: pratique ledger spool flush")
  }
}
