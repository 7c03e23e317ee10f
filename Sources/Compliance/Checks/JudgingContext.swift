import Attestation
import CEL
import Model
import Reading

/// What checks are judged by beside the evidence: one for a decision.
struct JudgingContext {
  let release: Release
  let environment: String
  let policy: PolicyReference
  let acceptsExampleFeeds: Bool
  let parameters: [Catalog.Parameter]
  let trust: TrustRoot
  let time: Instant

  /// The same as variables of expressions.
  func activation() throws -> Activation {
    let trust = try Shape.kinds[.trustRoot]?.value(JSONValue(encoding: trust)) ?? .null
    return [
      "release": .map(release.fields), "environment": .string(environment),
      "policy": .map(
        CELMap([
          ("name", .string(policy.name)), ("version", .string(policy.version)),
          ("digest", .string(policy.digest.description)),
          ("acceptsExampleFeeds", .bool(acceptsExampleFeeds)),
          ("parameters", .map(CELMap(parameters.map { ($0.name, $0.value.value) }))),
        ])),
      "trust": trust, "time": CELValue(time),
    ]
  }

  /// An entry as expressions see it.
  func entry(_ piece: AdmittedEvidence) -> CELValue {
    let subjects = piece.statement.subjects
    let isOfCommit = subjects.contains { release.commit?.isSame(as: $0) ?? false }
    return .map(
      CELMap(
        Self.entryFields,
        [
          .int(piece.index), .string(piece.signer), .string(piece.kind.rawValue),
          CELValue(piece.time), .bool(isOfCommit),
          .bool(subjects.contains(where: release.delivers)),
          .list(subjects.map(CELValue.init(subject:))),
        ]))
  }

  private static let entryFields = CELFields([
    "index", "signer", "kind", "time", "ofCommit", "ofImage", "subjects",
  ])

  /// Whether an instant lies more than so many days back.
  func isOlder(_ instant: Instant, thanDays days: Int) -> Bool {
    instant < time.advanced(byMilliseconds: -Int64(days) * 86_400_000)
  }
}

extension Release {
  /// The commit as texts, empty for a release without one, so that no comparison is undefined.
  fileprivate var fields: CELMap {
    func texts(_ digests: [Digest]) -> CELValue { .list(digests.map { .string($0.description) }) }
    let commit = commit?.digests.first { $0.algorithm == .gitCommit }?.hex
    let image =
      containerImage?.digests.first { $0.algorithm == .sha256 } ?? containerImage?.digests.first
    return CELMap([
      ("application", .string(application)), ("version", .string(version)),
      ("origin", .string(origin.rawValue)), ("commit", .string(commit ?? "")),
      ("image", .string(image?.description ?? "")),
      ("imageDigests", texts(delivered.flatMap(\.digests))),
      ("digests", texts(digests)),
    ])
  }
}

extension CELValue {
  /// A moment; null where CEL knows none so far from now.
  init(_ instant: Instant) {
    let (seconds, rest) = instant.milliseconds.quotientAndRemainder(dividingBy: 1000)
    let whole = rest < 0 ? seconds - 1 : seconds
    let timestamp = CELTimestamp(
      seconds: whole, nanoseconds: Int(rest < 0 ? rest + 1000 : rest) * 1_000_000)
    self = timestamp.map(CELValue.timestamp) ?? .null
  }

  fileprivate init(subject: Subject) {
    self = .map(
      CELMap([
        ("name", .string(subject.name)),
        (
          "digest",
          .map(CELMap(subject.digests.map { ($0.algorithm.rawValue, .string($0.hex)) }))
        ),
      ]))
  }
}

extension JudgingContext {
  /// The greatest age that a check allows; `nil` for any age.
  func days(_ age: Catalog.Age?) -> Int? {
    switch age {
    case nil: return nil
    case .days(let days): return days
    case .parameter(let name):
      // The reader has made sure that there is such a parameter; without it nothing is young.
      return parameters.first { $0.name.isSame(as: name) }?.value.days ?? 0
    }
  }
}

extension Catalog.Parameter.Value {
  fileprivate var days: Int { if case .integer(let days) = self { Int(clamping: days) } else { 0 } }
}
