import Attestation
import Model
import Reading

/// A machine of a trust file that has a key of its own, elsewhere: as a rule that of a CI system,
/// which signs what its jobs did. It can append to no ledger: it does not hold the log key.
struct TrustFileMachine {
  let id: String
  let onBehalfOf: String
  let keys: [TrustFilePerson.Key]

  /// Kinds that such a machine may sign: what jobs and their reports say. Neither releases nor
  /// decisions nor rollouts.
  static let kinds: [EvidenceKind] = [
    .step, .testResult, .vulnerabilityScan, .staticAnalysis, .inventory, .coverage,
    .exploitability, .infrastructurePlan,
  ]

  /// Reads a machine; paths of keys go through `resolve`.
  init(_ node: YAMLNode, resolve: (String) -> String) throws {
    let fields = try FieldReader(node, "a machine", known: ["id", "on-behalf-of", "keys"])
    id = try TrustFile.identifier(fields.required("id"))
    onBehalfOf = try fields.requiredString("on-behalf-of")
    keys = try fields.list("keys").map {
      try TrustFilePerson.key($0, allowed: Self.kinds, resolve: resolve)
    }
    guard !keys.isEmpty else {
      throw ReadingError("the machine \"\(id)\" needs a key of its own", at: node.position)
    }
  }

  func trustKeys(from: Instant, known: [Digest: Instant]) -> [TrustRoot.Key] {
    keys.map { $0.trustKey(of: id, usual: Self.kinds, from: from, known: known) }
  }
}
