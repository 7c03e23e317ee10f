import Attestation
import Compliance
public import Ledger
import LedgerSQLite
public import Model

/// What was checked about a release, and what was found.
public struct ReleaseVerification: Sendable, Encodable {
  /// One thing that was checked.
  public struct Check: Sendable, Encodable {
    /// What was checked.
    public let name: String
    /// Whether it holds.
    public let holds: Bool
    /// Whether it can't be shown any more, because evidence was erased: that is not holding, and
    /// not failing either.
    public let isErased: Bool
    /// What was found, in one sentence.
    public let detail: String
  }

  /// The release.
  public let release: Release
  /// What was checked, in order.
  public let checks: [Check]

  /// Whether everything holds.
  public var holds: Bool { checks.allSatisfy(\.holds) }
}

extension LedgerHome {
  /// Checks a release: the whole ledger, the evidence on it, the image's bytes, and every decision
  /// by asking the gate again; and, where a trust policy is given, that enough witnesses cosigned a
  /// checkpoint that covers all of it.
  public func verify(
    _ release: Release, policy: TrustPolicy? = nil,
    progress: @Sendable (_ checked: Int64, _ all: Int64) -> Void = { _, _ in }
  ) async throws -> ReleaseVerification {
    var checks: [ReleaseVerification.Check] = []
    func add(_ name: String, _ body: () async throws -> String) async {
      do {
        let detail = try await body()
        checks.append(.init(name: name, holds: true, isErased: false, detail: detail))
      } catch let erased as ErasedEvidence {
        checks.append(.init(name: name, holds: false, isErased: true, detail: erased.message))
      } catch {
        let detail = (error as? Problem)?.message ?? "\(error)"
        checks.append(.init(name: name, holds: false, isErased: false, detail: detail))
      }
    }
    await add("ledger") {
      let report = try await verifyLedger(progress: progress)
      guard let fault = report.faults.first else {
        return "\(report.entries) entries lead to the root \(report.root)"
      }
      throw Problem(.ledgerDamaged, fault.message)
    }
    await add("evidence") {
      let found = try await evidence(on: release)
      let erased = Set(found.erased.map(\.entry))
      let counted = found.refused.filter { !erased.contains($0.index) }
      var words = counted.map { "entry \($0.index) does not count: \($0.reason)" }
      // What was answered anew after an entry that does not count rests on it no more.
      let open = counted.first { refused in
        !found.evidence.contains { $0.kind == refused.kind && $0.index > refused.index }
      }
      guard open == nil else {
        throw Problem(.notTrusted, words.joined(separator: "; "))
      }
      words.append("\(found.evidence.count) pieces, each signed by a key of the trust root")
      guard !found.erased.isEmpty else { return words.joined(separator: "; ") }
      words.append(Self.words(found.erased))
      throw ErasedEvidence(message: words.joined(separator: "; "))
    }
    if let policy {
      await add("witnesses") {
        let last = try await evidence(on: release).evidence.map(\.index).max()
        let state = try await witnessed(by: policy)
        guard let last, let covered = state.witnessed, covered > last else {
          throw Problem(.notTrusted, state.sentence)
        }
        return "enough cosigned the first \(covered) entries, and the last about this release is"
          + " \(last)"
      }
    }
    if release.containerImage != nil {
      await add("image") {
        let layout = try image(of: release)
        return "every blob of \(layout.manifest) is what its name says"
      }
    }
    for (index, decision) in try await decisions(on: release) {
      await add("decision #\(index)") {
        let found = try await evidence(on: release, size: decision.ledger.size)
        let gone = found.erased.filter { $0.erasure >= decision.ledger.size }
        guard try await replay(decision) == decision else {
          guard gone.isEmpty else {
            throw ErasedEvidence(
              message: "\(decision.environment): \(decision.outcome.rawValue), signed and in its"
                + " place; it cannot be asked again, since evidence that it rested on was erased"
                + " afterwards: \(Self.words(gone))")
          }
          throw Problem(.notTrusted, "the gate answers otherwise when it is asked again")
        }
        return "\(decision.environment): \(decision.outcome.rawValue); the gate, asked again about"
          + " the first \(decision.ledger.size) entries, says the same"
          + (gone.isEmpty
            ? "" : ", without \(gone.count) that it did not rest on and that are erased")
      }
    }
    return ReleaseVerification(release: release, checks: checks)
  }

  private static func words(_ notes: [ErasureNote]) -> String {
    let shown = notes.prefix(5).map { "entry \($0.entry) was \($0.words)" }
    return shown.joined(separator: "; ")
      + (notes.count > 5 ? "; and \(notes.count - 5) more" : "")
  }

  /// All decisions about a release with their entries, oldest first.
  public func decisions(on release: Release) async throws -> [(index: Int64, decision: Decision)] {
    let found = try await evidence(on: release)
    return try found.evidence.filter { $0.kind == .decision }.map {
      ($0.index, try $0.statement.predicate(as: VerificationSummary.self).decision)
    }.filter { $0.1.release == release }
  }
}

/// Something cannot be shown any more, since evidence was erased.
private struct ErasedEvidence: Error {
  let message: String
}
