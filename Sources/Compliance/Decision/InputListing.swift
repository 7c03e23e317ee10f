import Model
import Reading

/// Lists all that a gate was given, by digest, in one order whatever order it came in.
struct InputListing {
  let input: Gate.Input

  /// The list: trust root, policy, catalogs, what serves, the calendar, what could not be recorded,
  /// then the entries by index.
  func inputs() throws -> [DecisionInput] {
    let root = DecisionInput(
      what: .trustRoot, name: input.trust.organisation, entry: nil,
      digest: try Self.digest(input.trust))
    let live = try input.live.map {
      DecisionInput(what: .live, name: $0.version, entry: nil, digest: try Self.digest($0))
    }
    let calendar = try input.calendar.map {
      DecisionInput(what: .calendar, name: nil, entry: nil, digest: try Self.digest($0))
    }
    return [root] + input.bundle.inputs + [live, calendar].compactMap(\.self)
      + UnrecordedJudging(input.unrecorded).inputs + entries()
  }

  /// A policy and its catalogs.
  static func inputs(_ policy: PolicyReference, _ catalogs: [Catalog]) throws -> [DecisionInput] {
    let whole = DecisionInput(
      what: .policy, name: "\(policy.name) \(policy.version)", entry: nil, digest: policy.digest)
    return try [whole]
      + catalogs.map {
        DecisionInput(
          what: .catalog, name: "\($0.catalog) \($0.version)", entry: nil, digest: try digest($0))
      }
  }

  /// Each entry once; an entry that is given twice is still one input.
  private func entries() -> [DecisionInput] {
    var entries: [DecisionInput] = []
    entries.reserveCapacity(input.evidence.count + input.refused.count)
    for piece in input.evidence {
      entries.append(
        DecisionInput(
          what: .evidence, name: piece.kind.rawValue, entry: piece.index, digest: piece.envelope))
    }
    for piece in input.refused {
      entries.append(
        DecisionInput(
          what: .refused, name: piece.kind.rawValue, entry: piece.index, digest: piece.digest))
    }
    var once: [DecisionInput] = []
    once.reserveCapacity(entries.count)
    for entry in Self.ordered(entries) where once.last != entry { once.append(entry) }
    return once
  }

  /// Entries by ascending index.
  static func ordered(_ entries: [DecisionInput]) -> [DecisionInput] {
    let isOrdered = entries.indices.dropFirst().allSatisfy {
      (entries[$0 - 1].entry ?? 0) < (entries[$0].entry ?? 0)
    }
    return isOrdered ? entries : entries.sorted(by: precedes)
  }

  private static func precedes(_ left: DecisionInput, _ right: DecisionInput) -> Bool {
    let (one, other) = (left.entry ?? 0, right.entry ?? 0)
    guard one == other else { return one < other }
    return (left.what.rawValue, left.digest, left.name ?? "")
      < (right.what.rawValue, right.digest, right.name ?? "")
  }

  private static func digest(_ value: some Encodable) throws -> Digest {
    .sha256(try CanonicalJSON.write(value))
  }
}
