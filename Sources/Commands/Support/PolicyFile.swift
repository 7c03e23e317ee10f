import Journey
import Ledger
import Model

/// The trust policy of whoever asks, from a file.
enum PolicyFile {
  /// A value as JSON, and beside its members what a policy says.
  struct Output<Value: Encodable>: Encodable {
    let value: Value
    let policy: WitnessedState?

    private enum Name: String, CodingKey { case policy }

    func encode(to encoder: any Encoder) throws {
      try value.encode(to: encoder)
      var container = encoder.container(keyedBy: Name.self)
      try container.encodeIfPresent(policy, forKey: .policy)
    }
  }

  static func read(_ path: String?) throws -> TrustPolicy? {
    try path.map { try TrustPolicy(bytes: InputFile.read($0), file: $0) }
  }

  static func judge(_ path: String?, _ home: LedgerHome) async throws -> WitnessedState? {
    guard let policy = try read(path) else { return nil }
    return try await home.witnessed(by: policy)
  }

  static func problem(_ state: WitnessedState?) -> Problem? {
    guard let state, !state.isMet else { return nil }
    return Problem(
      .notTrusted, state.sentence,
      advice: "Ask the ledger's holder to run: pratique ledger cosign")
  }
}
