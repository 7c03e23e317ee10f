public import Ledger
import Model
import Timestamps

extension LedgerHome {
  /// The latest kept timestamps, each verified anew by the roots that are configured now.
  ///
  /// - Returns: what was verified, latest checkpoint first, and what is wrong with the others.
  public func shownTimestamps(
    limit: Int
  ) async throws -> (timestamps: [ShownTimestamp], faults: [LedgerFault]) {
    let authorities = try TimestampAuthority.read(ledger: path)
    var (shown, faults): ([ShownTimestamp], [LedgerFault]) = ([], [])
    for kept in try await timestamps(limit: limit) {
      do {
        guard let authority = authorities.first(where: { $0.name == kept.authority }) else {
          throw Problem(.notTrusted, "its authority is not configured, so it was not checked")
        }
        let verified = try await verified(kept, by: authority)
        shown.append(
          ShownTimestamp(size: kept.size, authority: kept.authority, verified: verified))
      } catch let problem as Problem {
        let message =
          "the timestamp of the checkpoint of \(kept.size) by \(kept.authority): \(problem.message)"
        faults.append(LedgerFault(index: nil, message: message))
      }
    }
    return (shown, faults)
  }

  /// Checks a kept timestamp against the checkpoint that it is kept beside.
  func verified(
    _ kept: CheckpointTimestamp, by authority: TimestampAuthority
  ) async throws -> VerifiedTimestamp {
    let text = try await ledger.read { try $0.cosignedCheckpoint(size: kept.size)?.text }
    guard let text else {
      throw Problem(.notFound, "there is no checkpoint of \(kept.size) entries")
    }
    return try await TimestampToken(der: kept.token).verify(
      stamps: Array(text.utf8), roots: authority.roots, certificates: kept.certificates,
      revocationLists: kept.revocationLists)
  }

  /// The kept timestamps, latest checkpoint first.
  func timestamps(limit: Int) async throws -> [CheckpointTimestamp] {
    try await ledger.read { reader in
      try reader.timestampedSizes(upTo: .max, limit: limit).flatMap {
        try reader.timestamps(size: $0)
      }
    }
  }

  /// The checkpoint whose text has this SHA-256, looked for from the last one backwards.
  func checkpoint(imprint: Digest) async throws -> SignedNote {
    var last = try await ledger.read { try $0.size() }
    while last >= 0 {
      let (first, end) = (max(0, last - 999), last)
      let found = try await ledger.read { reader in
        try reader.checkpoints(sizes: first...end).lazy
          .compactMap { try? SignedNote($0.note) }
          .first { Digest.sha256($0.text.utf8) == imprint }
      }
      if let found { return found }
      last = first - 1
    }
    throw Problem(.notFound, "the timestamp query is about no checkpoint of this ledger")
  }
}

extension LedgerHome {
  /// Writes every kept timestamp for other people's programs: what was stamped, the token, and the
  /// certificates and revocation lists that were kept with it.
  ///
  /// - Parameter write: takes a file's bytes and its name.
  func exportTimestamps(_ write: (_ bytes: [UInt8], _ name: String) throws -> Void) async throws {
    for kept in try await timestamps(limit: .max) {
      let note = try await ledger.read { try $0.cosignedCheckpoint(size: kept.size) }
      guard let note else { continue }
      let name = "checkpoint-\(kept.size)"
      try write(Array(note.text.utf8), "\(name).text")
      try write(kept.token, "\(name).\(kept.authority).tst")
      if !kept.certificates.isEmpty {
        try write(Array(kept.certificates.utf8), "\(name).\(kept.authority).certificates.pem")
      }
      if !kept.revocationLists.isEmpty {
        try write(Array(kept.revocationLists.utf8), "\(name).\(kept.authority).crl.pem")
      }
    }
  }
}
