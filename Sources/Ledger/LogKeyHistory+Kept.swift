public import Model

/// What a checkpoint that somebody kept is to a log that may have gone on under another name.
public enum KeptCheckpoint: Sendable {
  /// It is of the log as it goes on: its root must be the ledger's.
  case ofLog(Checkpoint)
  /// It is of an earlier name, and covers entries that the recovery epoch calls lost: the ledger's
  /// root at that size is another one, and that is no second history.
  case ofLost(Checkpoint, RecoveryEpoch)

  /// The checkpoint.
  public var checkpoint: Checkpoint {
    switch self {
    case .ofLog(let checkpoint), .ofLost(let checkpoint, _): checkpoint
    }
  }
}

extension LogKeyHistory {
  /// The names that the log has had, each once, the one that it has now last.
  public var origins: [String] {
    var origins: [String] = []
    for period in periods where !origins.contains(where: { LineText.same($0, period.key.name) }) {
      origins.append(period.key.name)
    }
    return origins
  }

  /// Reads a signed checkpoint that somebody kept, under whatever name the log had then.
  ///
  /// - Throws: `Problem` with `badInput` (form) or `notTrusted`.
  public func kept(_ note: String) throws -> KeptCheckpoint {
    do { return .ofLog(try checkpoint(note)) } catch {
      guard let signed = try? SignedNote(note), let old = try? Checkpoint(body: signed.text),
        let epoch = periods.compactMap(\.epoch).first(where: {
          LineText.same($0.previousOrigin, old.origin) && old.size > $0.size
        }),
        (try? signed.verify(
          with: periods.map(\.key).filter { LineText.same($0.name, old.origin) })) != nil
      else { throw error }
      return .ofLost(old, epoch)
    }
  }
}
