/// That a log goes on under another name, because entries that it once showed are lost for good.
///
/// Whoever holds a checkpoint of the lost entries could never follow the log again under its old
/// name: two histories would stand behind one. So the old name never signs again, and the log goes
/// on, with all the entries that are left, under a new one.
public struct RecoveryEpoch: Hashable, Sendable, Codable {
  /// Counted from one.
  public let number: Int
  /// The log's name until now.
  public let previousOrigin: String
  /// The log's name from the next checkpoint on.
  public let origin: String
  /// Entries that are left; the epoch's own entry has this index.
  public let size: Int64
  /// Root of those entries.
  public let root: Digest
  /// Number of entries that the highest checkpoint known covers: `size` up to this are lost.
  public let lostUntil: Int64
  /// That checkpoint, as it was signed: it stays the proof of what was there.
  public let highest: String
  /// Who was asked for higher checkpoints, in words.
  public let asked: [String]
  /// Why the entries are lost.
  public let reason: String

  /// States what is lost and how the log goes on.
  public init(
    number: Int, previousOrigin: String, origin: String, size: Int64, root: Digest,
    lostUntil: Int64, highest: String, asked: [String], reason: String
  ) {
    self.number = number
    self.previousOrigin = previousOrigin
    self.origin = origin
    self.size = size
    self.root = root
    self.lostUntil = lostUntil
    self.highest = highest
    self.asked = asked
    self.reason = reason
  }

  /// The name of a log's next epoch: the first name, and the epoch's number.
  public static func origin(after previous: String, number: Int) -> String {
    let ending = "/epoch-\(number - 1)"
    let first = previous.hasSuffix(ending) ? String(previous.dropLast(ending.count)) : previous
    return "\(first)/epoch-\(number)"
  }
}
