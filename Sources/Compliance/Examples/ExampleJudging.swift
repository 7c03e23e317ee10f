import Attestation
import CEL
import Model
import Reading

/// Runs the examples of one check.
struct ExampleJudging {
  let program: CheckProgram
  let examples: [CatalogExample]

  /// What is wrong with the check or its examples; empty when each example came to what it says, and
  /// each condition was false in one of the bad ones.
  func faults() -> [String] {
    var faults: [String] = []
    var failed: Set<String> = []
    for example in examples {
      do {
        if let fault = try fault(example, failed: &failed) {
          faults.append("\(example.place): \(fault)")
        }
      } catch let problem as Problem {
        faults.append("\(example.place): \(problem.message)")
      } catch {
        faults.append("\(example.place): \(error)")
      }
    }
    if !examples.contains(where: { $0.state == .met }) { faults.append("it has no good example") }
    guard examples.contains(where: { $0.state != .met }) else {
      return faults + ["it has no bad example: nothing shows that it can fail"]
    }
    for condition in program.each + program.together where !failed.contains(condition.name) {
      faults.append(
        "no bad example makes \"\(condition.name)\" false: \(condition.program.source)")
    }
    return faults
  }

  /// Why an example does not come to what it says; `nil` where it does.
  private func fault(_ example: CatalogExample, failed: inout Set<String>) throws -> String? {
    let trust = try self.trust(example)
    let evidence = try example.pieces.enumerated().map { place, piece in
      try admitted(piece, index: Int64(place), trust: trust)
    }
    let judging = try CheckJudging(
      evidence: try GateEvidence(
        evidence, on: try Self.release(), size: Int64(evidence.count),
        trust: try trust.decode(TrustRoot.self)),
      context: JudgingContext(
        release: try Self.release(), environment: example.environment,
        policy: PolicyReference(
          name: ExampleFilling.name, version: "1", digest: Self.digest("b")),
        acceptsExampleFeeds: example.acceptsExampleFeeds, parameters: example.parameters,
        trust: try trust.decode(TrustRoot.self), time: ExampleFilling.now))
    let (result, failing) = try judging.judged(program)
    if example.state != .met { failed.formUnion(failing.map(\.name)) }
    guard result.state == example.state else {
      return "it is \(result.state.rawValue) instead of \(example.state.rawValue): \(result.reason)"
    }
    if let words = example.because, !result.reason.contains(words) {
      return "its reason has no \"\(words)\": \(result.reason)"
    }
    return nil
  }

  /// The trust root: the example's own, else its latest piece of that kind, else one that knows the
  /// people who speak in the example.
  private func trust(_ example: CatalogExample) throws -> JSONValue {
    let shape = Shape.kinds[.trustRoot] ?? .any
    let last = example.pieces.last { $0.kind == .trustRoot }
    if let given = example.trust ?? last?.predicate {
      return try fill(shape, given, time: Self.time(last?.ageDays ?? 1))
    }
    let people = example.pieces.filter { $0.kind == .personStatement }.map { piece in
      JSONValue.object([
        "id": .string(Self.person(piece)),
        "roles": .array([.string(piece.predicate["role"]?.string ?? ExampleFilling.name)]),
      ])
    }
    return try fill(
      shape, .object(["people": .array(Array(Set(people)))]), time: Self.time(1))
  }

  private func admitted(
    _ piece: CatalogExample.Piece, index: Int64, trust: JSONValue
  ) throws -> AdmittedEvidence {
    let time = Self.time(piece.ageDays)
    let predicate =
      piece.kind == .trustRoot
      ? trust : try fill(Shape.kinds[piece.kind] ?? .any, piece.predicate, time: time)
    let statement = try Statement(
      subjects: Self.subjects(piece.subject), predicateType: piece.kind.predicateType,
      predicate: predicate)
    let signer =
      piece.signer ?? (piece.kind == .personStatement ? Self.person(piece) : "pipeline")
    return AdmittedEvidence(
      // Two pieces may state the same; in a ledger their runs would tell them apart.
      statement: statement, kind: piece.kind, signer: signer, index: index,
      envelope: .sha256(Array("\(index)".utf8)), time: time)
  }

  private func fill(_ shape: Shape, _ given: JSONValue, time: Instant) throws -> JSONValue {
    do throws(ExampleFilling.Fault) {
      return try ExampleFilling(time: time).value(shape, given)
    } catch {
      throw Problem(.badInput, error.message)
    }
  }

  private static func person(_ piece: CatalogExample.Piece) -> String {
    piece.predicate["person"]?.string ?? ExampleFilling.name
  }

  private static func time(_ days: Int) -> Instant {
    ExampleFilling.now.advanced(byMilliseconds: -Int64(days) * 86_400_000)
  }

  private static func digest(_ digit: String) -> Digest {
    Digest("sha256:" + String(repeating: digit, count: 64)) ?? .sha256([])
  }

  private static func commit(_ digit: String) -> Subject {
    Subject(
      name: "commit",
      digest: Digest(.gitCommit, hex: String(repeating: digit, count: 40)) ?? .sha256([]))
  }

  private static func release() throws -> Release {
    Release(
      application: ExampleFilling.name, version: "1.0.0", origin: .built, commit: commit("c"),
      image: Subject(name: ExampleFilling.name, digest: digest("a")), imageConfig: digest("d"))
  }

  private static func subjects(_ word: String) -> [Subject] {
    let image = Subject(name: ExampleFilling.name, digest: digest("a"))
    return switch word {
    case "commit": [commit("c")]
    case "image": [image]
    case "other-commit": [commit("e")]
    case "other-image": [Subject(name: ExampleFilling.name, digest: digest("e"))]
    case "organisation": [.organisation(ExampleFilling.name)]
    case "application": [.application(ExampleFilling.name)]
    default: [commit("c"), image]
    }
  }
}

extension CatalogExample {
  /// Where it stands in the file.
  fileprivate var place: String { "\(state == .met ? "good" : "bad") example at \(position)" }
}
