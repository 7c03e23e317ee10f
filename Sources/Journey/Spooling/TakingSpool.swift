import Attestation
import Blobs
import Foundation
import Ledger
public import Model

extension LedgerHome {
  /// Takes evidence that was signed elsewhere and handed on in a folder of spool files, with the
  /// contents that it names, and records it.
  ///
  /// Every signature is checked before anything comes near the ledger's own spool. Of the folder's
  /// contents those are taken whose digests signed statements name. The folder stays as it is; what
  /// was recorded once is not recorded again.
  ///
  /// - Returns: what was recorded.
  /// - Throws: `Problem` with `notFound`, `notTrusted` or `badInput`; then nothing was taken.
  public func takeSpool(from folder: String, time: TimeSource) async throws -> [SpooledEvidence] {
    guard FileManager.default.fileExists(atPath: folder) else {
      throw Problem(.notFound, "there is no such folder", at: folder)
    }
    let other = Spool(path: folder, key: ledger.key)
    let names = try other.names()
    guard !names.isEmpty else {
      throw Problem(.notFound, "the folder holds no evidence that waits to be recorded", at: folder)
    }
    let size = try await ledger.read { try $0.size() }
    let trust = try await trustHistory()
    var named: Set<Digest> = []
    for name in names {
      guard let file = try other.read(name) else { continue }
      do {
        for draft in file.drafts {
          let draft = try draft.draft(trust: trust, index: size, now: time.now())
          named.formUnion(Self.digests(in: try Envelope(json: draft.envelope).payload))
        }
      } catch let problem as Problem {
        throw Problem(
          problem.code, "the file is not taken: \(problem.message)", at: "\(folder)/\(name)",
          advice: problem.advice)
      }
    }
    let contents = FileBlobStore(folder: "\(folder)/blobs")
    if FileManager.default.fileExists(atPath: contents.folder) {
      for digest in try await contents.digests() where named.contains(digest) {
        if let bytes = try await contents.get(digest) {
          _ = try await keep(report: bytes, at: "blobs/\(digest.hex)")
        }
      }
    }
    // Recorded by the same way as what this ledger could not record itself.
    try spool.take(from: other)
    return try await flushSpool(time: time)
  }

  /// The SHA-256 digests that a text names, written `sha256:` and 64 characters.
  private static func digests(in bytes: [UInt8]) -> Set<Digest> {
    let mark = Array("sha256:".utf8)
    var found: Set<Digest> = []
    var place = 0
    while place + mark.count + 64 <= bytes.count {
      if bytes[place] == mark[0], bytes[place..<place + mark.count].elementsEqual(mark) {
        let start = place + mark.count
        let hex = String(decoding: bytes[start..<start + 64], as: UTF8.self)
        if let digest = Digest(.sha256, hex: hex) { found.insert(digest) }
      }
      place += 1
    }
    return found
  }
}
