public import Model

/// A decision as a SLSA verification summary (VSA v1), the whole decision in a field of this
/// program's own.
public struct VerificationSummary: Hashable, Sendable, Codable {
  /// Who verified.
  public struct Verifier: Hashable, Sendable, Codable {
    /// A URI that names the verifier.
    public let id: String
  }

  /// A thing by digest.
  public struct Resource: Hashable, Sendable, Codable {
    /// A URI, where there is one.
    public let uri: String?
    /// Algorithm to hexadecimal value.
    public let digest: [String: String]
  }

  private enum CodingKeys: String, CodingKey {
    case verifier, timeVerified, resourceUri, policy, inputAttestations, verificationResult
    case verifiedLevels, slsaVersion
    case decision = "urn:pratique:decision:v1"
  }

  /// Who verified.
  public let verifier: Verifier
  /// RFC 3339.
  public let timeVerified: Instant
  /// What was verified, for which environment.
  public let resourceUri: String
  /// The policy by name, version and digest.
  public let policy: Resource
  /// All entries that were taken, admitted or not, by envelope digest; of one whose envelope is gone,
  /// by its leaf's.
  public let inputAttestations: [Resource]
  /// `PASSED` or `FAILED`; waiting for approval is not passed, and neither is a release for which
  /// somebody broke the glass, or whose gate only reports.
  public let verificationResult: String
  /// No SLSA level is claimed; `FAILED` where the result is.
  public let verifiedLevels: [String]
  /// The version of SLSA's form.
  public let slsaVersion: String
  /// The decision with all its reasons.
  public let decision: Decision

  /// States a decision.
  public init(_ decision: Decision, verifier: String) {
    // Where somebody opened the gate, or it only reports, the release goes and has not passed.
    let isPassed =
      decision.outcome == .allowed
      && !decision.bypasses.contains { $0.kind == .breakGlass || $0.kind == .observation }
    self.verifier = Verifier(id: verifier)
    timeVerified = decision.time
    resourceUri =
      "urn:pratique:\(decision.release.application):\(decision.environment)"
    policy = Resource(
      uri: "urn:pratique:policy:\(decision.policy.name):\(decision.policy.version)",
      digest: ["sha256": decision.policy.digest.hex])
    inputAttestations = decision.inputs.filter { $0.what == .evidence || $0.what == .refused }
      .map { input in
        Resource(
          uri: input.entry.map { "urn:pratique:entry:\($0)" }, digest: ["sha256": input.digest.hex])
      }
    verificationResult = isPassed ? "PASSED" : "FAILED"
    verifiedLevels = isPassed ? [] : ["FAILED"]
    slsaVersion = "1.0"
    self.decision = decision
  }
}
