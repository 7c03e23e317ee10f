import Attestation
import Compliance
import Ledger
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
  /// by asking the gate again.
  public func verify(
    _ release: Release,
    progress: @Sendable (_ checked: Int64, _ all: Int64) -> Void = { _, _ in }
  ) async throws -> ReleaseVerification {
    var checks: [ReleaseVerification.Check] = []
    func add(_ name: String, _ body: () async throws -> String) async {
      do {
        checks.append(.init(name: name, holds: true, detail: try await body()))
      } catch {
        let detail = (error as? Problem)?.message ?? "\(error)"
        checks.append(.init(name: name, holds: false, detail: detail))
      }
    }
    await add("ledger") {
      let report = try await ledger.verify(progress: progress)
      guard let fault = report.faults.first else {
        return "\(report.entries) entries lead to the root \(report.root)"
      }
      throw Problem(.ledgerDamaged, fault.message)
    }
    await add("evidence") {
      let found = try await evidence(on: release)
      let words = "\(found.evidence.count) pieces, each signed by a key of the trust root"
      let refused = found.refused.map { "entry \($0.index) does not count: \($0.reason)" }
      // What was answered anew after an entry that does not count rests on it no more.
      let open = found.refused.first { refused in
        !found.evidence.contains { $0.kind == refused.kind && $0.index > refused.index }
      }
      guard open == nil else {
        throw Problem(.notTrusted, refused.joined(separator: "; "))
      }
      return (refused + [words]).joined(separator: "; ")
    }
    await add("image") {
      let layout = try image(of: release)
      return "every blob of \(layout.manifest) is what its name says"
    }
    for (index, decision) in try await decisions(on: release) {
      await add("decision #\(index)") {
        guard try await replay(decision) == decision else {
          throw Problem(.notTrusted, "the gate answers otherwise when it is asked again")
        }
        return "\(decision.environment): \(decision.outcome.rawValue); the gate, asked again about"
          + " the first \(decision.ledger.size) entries, says the same"
      }
    }
    return ReleaseVerification(release: release, checks: checks)
  }

  /// All decisions about a release with their entries, oldest first.
  public func decisions(on release: Release) async throws -> [(index: Int64, decision: Decision)] {
    let found = try await evidence(on: release)
    return try found.evidence.filter { $0.kind == .decision }.map {
      ($0.index, try $0.statement.predicate(as: VerificationSummary.self).decision)
    }.filter { $0.1.release == release }
  }
}
