/// Cosignatures and timestamps that are kept beside checkpoints.
public struct CheckpointAdditions: Sendable {
  /// Cosignatures, by the checkpoint's size.
  public private(set) var cosignatures: [Int64: [SignedNote.Signature]] = [:]
  /// Timestamps, by the checkpoint's size.
  public private(set) var timestamps: [Int64: [CheckpointTimestamp]] = [:]

  /// None.
  public init() {}

  /// All that a store keeps beside the checkpoints of these sizes.
  ///
  /// - Throws: what the store throws.
  public init(_ reader: any LedgerReader, sizes: ClosedRange<Int64>) throws {
    for size in try Self.sizes(in: sizes, reader.cosignedSizes) {
      cosignatures[size] = try reader.cosignatures(size: size)
    }
    for size in try Self.sizes(in: sizes, reader.timestampedSizes) {
      timestamps[size] = try reader.timestamps(size: size)
    }
  }

  /// Those that the other has not, or has otherwise.
  public func subtracting(_ other: CheckpointAdditions) -> CheckpointAdditions {
    var left = CheckpointAdditions()
    for (size, notes) in cosignatures {
      let known = other.cosignatures[size] ?? []
      let new = notes.filter { !known.contains($0) }
      if !new.isEmpty { left.cosignatures[size] = new }
    }
    for (size, stamps) in timestamps {
      let known = other.timestamps[size] ?? []
      let new = stamps.filter { !known.contains($0) }
      if !new.isEmpty { left.timestamps[size] = new }
    }
    return left
  }

  private static func sizes(
    in range: ClosedRange<Int64>, _ list: (_ upTo: Int64, _ limit: Int) throws -> [Int64]
  ) throws -> [Int64] {
    try list(range.upperBound, range.count).filter { $0 >= range.lowerBound }
  }
}
