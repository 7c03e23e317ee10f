import Ledger
public import Model
public import Timestamps

/// A timestamp of a checkpoint that was verified, as people look at it.
public struct ShownTimestamp: Sendable, Encodable {
  /// Size of the checkpoint.
  public let size: Int64
  /// The authority's name in the configuration.
  public let authority: String
  /// What was verified.
  public let verified: VerifiedTimestamp

  /// In one line.
  public var line: String {
    let accuracy = verified.accuracyMilliseconds.map { ", within \($0) ms" } ?? ""
    let revocation =
      verified.revocation == .notRevoked
      ? "not revoked by the kept lists" : "revocation not known from kept lists"
    return "the checkpoint of \(size) entries was there at \(verified.time)\(accuracy), says"
      + " \(authority) (\(verified.authority)); \(revocation)"
  }
}

extension LedgerHome {
  /// Asks the configured authorities that have a URL to stamp the last checkpoint, and keeps what
  /// they send, verified, with the revocation lists of this moment.
  ///
  /// - Parameter authority: only the one of this name.
  /// - Throws: `Problem` with `notFound` when there is no such authority, `inputOutput` when one
  ///   gives no answer, `notTrusted` for an answer that does not verify; then it was not kept.
  public func timestamp(
    authority: String?, over exchange: HTTPExchange, milliseconds: Int64
  ) async throws -> [ShownTimestamp] {
    let checkpoint = try await lastCheckpoint()
    let asked = try authorities(authority).filter { authority != nil || $0.url != nil }
    guard !asked.isEmpty else {
      throw Problem(
        .notFound, "no configured time-stamping authority has a url",
        at: "\(path)/timestamping.yaml",
        advice: "Ask through files: pratique ledger timestamp --query FILE")
    }
    var shown: [ShownTimestamp] = []
    for authority in asked {
      guard let url = authority.url else {
        throw Problem(
          .badInput, "the authority \"\(authority.name)\" has no url",
          advice: "Ask through files: pratique ledger timestamp --query FILE")
      }
      let query = TimestampQuery(about: Array(checkpoint.text.utf8))
      let answer = try await exchange.send(
        .post(
          url, contentType: TimestampQuery.contentType, body: query.der,
          timeoutMilliseconds: milliseconds, answerLimit: TimestampToken.limit))
      guard answer.status == 200, answer.contentType == TimestampQuery.answerType else {
        throw Problem(
          .inputOutput,
          "the authority answered with status \(answer.status),"
            + " \(answer.contentType ?? "no content type")", at: url)
      }
      let token = try TimestampToken(response: answer.body, to: query)
      let lists = try await authority.currentLists(over: exchange, milliseconds: milliseconds)
      shown.append(try await keep(token, of: checkpoint, from: authority, lists))
    }
    return shown
  }

  /// A question about the last checkpoint, for an authority that is asked through files.
  public func timestampQuery() async throws -> TimestampQuery {
    TimestampQuery(about: Array(try await lastCheckpoint().text.utf8))
  }

  /// Takes an authority's answer to a question that was written before, and keeps it.
  ///
  /// - Parameter authority: who answered; may be left out where only one is configured.
  /// - Throws: `Problem` with `notFound` when the question is about no checkpoint of this ledger,
  ///   `notTrusted` for an answer that does not verify.
  public func takeTimestamp(
    response: [UInt8], to query: TimestampQuery, authority: String?, over exchange: HTTPExchange,
    milliseconds: Int64
  ) async throws -> ShownTimestamp {
    let candidates = try authorities(authority)
    guard candidates.count == 1 else {
      throw Problem(
        .badInput, "\(candidates.count) authorities are configured",
        advice: "Say with --authority who answered.")
    }
    let token = try TimestampToken(response: response, to: query)
    let checkpoint = try await checkpoint(imprint: query.imprint)
    let lists = try await candidates[0].currentLists(over: exchange, milliseconds: milliseconds)
    return try await keep(token, of: checkpoint, from: candidates[0], lists)
  }

  /// Fetches revocation lists anew for kept timestamps of which it is not yet known whether their
  /// certificates were good: a list that was issued before the stamp cannot say.
  ///
  /// - Returns: the timestamps that are known to be good now and were not before.
  public func refreshRevocation(
    over exchange: HTTPExchange, milliseconds: Int64
  ) async throws -> [ShownTimestamp] {
    var shown: [ShownTimestamp] = []
    var lists: [String: String] = [:]
    for kept in try await timestamps(limit: 1000) {
      guard let authority = try authorities(nil).first(where: { $0.name == kept.authority }),
        try await verified(kept, by: authority).revocation == .unknown
      else { continue }
      let now: String
      if let known = lists[authority.name] {
        now = known
      } else {
        now = try await authority.currentLists(over: exchange, milliseconds: milliseconds)
        lists[authority.name] = now
      }
      let fresh = CheckpointTimestamp(
        size: kept.size, authority: kept.authority, token: kept.token,
        certificates: kept.certificates, revocationLists: now)
      let verified = try await verified(fresh, by: authority)
      guard verified.revocation == .notRevoked else { continue }
      try await ledger.keep(fresh)
      shown.append(
        ShownTimestamp(size: kept.size, authority: kept.authority, verified: verified))
    }
    return shown
  }

  private func authorities(_ name: String?) throws -> [TimestampAuthority] {
    let all = try TimestampAuthority.read(ledger: path)
    guard let name else { return all }
    guard let one = all.first(where: { $0.name == name }) else {
      throw Problem(
        .notFound, "no time-stamping authority \"\(name)\" is configured",
        at: "\(path)/timestamping.yaml")
    }
    return [one]
  }

  private func keep(
    _ token: TimestampToken, of checkpoint: SignedNote, from authority: TimestampAuthority,
    _ lists: String
  ) async throws -> ShownTimestamp {
    let kept = CheckpointTimestamp(
      size: try Checkpoint(body: checkpoint.text).size, authority: authority.name,
      token: token.der, certificates: authority.certificates, revocationLists: lists)
    let verified = try await verified(kept, by: authority)
    try await ledger.keep(kept)
    return ShownTimestamp(size: kept.size, authority: kept.authority, verified: verified)
  }

  private func lastCheckpoint() async throws -> SignedNote {
    let note = try await cosignedCheckpoint()
    _ = try note.verify(with: try await logKeys())
    return note
  }
}
