import Model
import Reading

/// Lists all that a gate was given, by digest, in one order whatever order it came in.
struct InputListing {
  let input: Gate.Input
  let policy: PolicyReference

  /// The list: trust root, policy, catalogs, what serves, then the entries by index.
  func inputs() throws -> [DecisionInput] {
    let catalogs = try input.bundle.catalogs.map {
      DecisionInput(
        what: .catalog, name: "\($0.catalog) \($0.version)", entry: nil, digest: try Self.digest($0))
    }
    let live = try input.live.map {
      DecisionInput(what: .live, name: $0.version, entry: nil, digest: try Self.digest($0))
    }
    let root = DecisionInput(
      what: .trustRoot, name: input.trust.organisation, entry: nil,
      digest: try Self.digest(input.trust))
    let whole = DecisionInput(
      what: .policy, name: "\(policy.name) \(policy.version)", entry: nil, digest: policy.digest)
    return [root, whole] + catalogs + [live].compactMap(\.self) + entries()
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
