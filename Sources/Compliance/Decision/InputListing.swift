import Model
import Reading

/// Lists all that a gate was given, by digest, in one order whatever order it came in.
struct InputListing {
  let input: Gate.Input

  /// The list: trust root, policy, catalogs, what serves, the calendar, then the entries by index.
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
    return [root] + input.bundle.inputs + [live, calendar].compactMap(\.self) + entries()
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
    let admitted = input.evidence.map {
      DecisionInput(
        what: .evidence, name: $0.kind.rawValue, entry: $0.index, digest: $0.envelope)
    }
    let refused = input.refused.map {
      DecisionInput(what: .refused, name: $0.kind.rawValue, entry: $0.index, digest: $0.digest)
    }
    return Self.ordered(Array(Set(admitted + refused)))
  }

  /// Entries by ascending index.
  static func ordered(_ entries: [DecisionInput]) -> [DecisionInput] {
    entries.sorted {
      ($0.entry ?? 0, $0.what.rawValue, $0.digest) < ($1.entry ?? 0, $1.what.rawValue, $1.digest)
    }
  }

  private static func digest(_ value: some Encodable) throws -> Digest {
    .sha256(try CanonicalJSON.write(value))
  }
}
