import Attestation
import Ledger
import Model

extension LedgerHome {
  /// Answers what changed in a period, who approved it and what was tested.
  ///
  /// The index says which entries are asked for; what they say is read from their payloads, each held
  /// against its leaf, its signature verified by the trust root that stood before it. That the index
  /// leaves nothing out is what `ledger verify` shows.
  ///
  /// - Throws: `Problem` with `ledgerDamaged` when the ledger itself cannot be used.
  public func audit(_ request: AuditRequest) async throws -> AuditAnswer {
    let (note, index) = try await ledger.read { reader in
      (try reader.checkpoint(), try AuditIndex(request, reader))
    }
    guard let note else {
      throw Problem(.ledgerDamaged, "the ledger has no checkpoint", at: path)
    }
    // By the key that signs this size, which need not be the one that the log was founded with.
    let histories = try await ledger.histories(
      size: Checkpoint(body: SignedNote(note).text).size)
    guard let position = try histories.keys.checkpoint(note).position else {
      throw Problem(.ledgerDamaged, "the ledger has no checkpoint", at: path)
    }
    let reader = AuditReader(
      ledger: ledger, registry: registry, request: request, history: histories.trust)
    let releases = try await reader.read(index.releases)
    let unreleased = try await reader.read(index.unreleased)
    return AuditAnswer(
      request: request, ledger: position, checkpoint: note, releases: releases.changes,
      unreleased: unreleased.changes, notes: releases.notes + unreleased.notes)
  }
}

/// Reads the payloads of groups of entries, several groups at a time.
private struct AuditReader: Sendable {
  let ledger: any LedgerStore
  let registry: Registry
  let request: AuditRequest
  let history: TrustHistory

  func read(
    _ groups: [AuditIndex.Group]
  ) async throws -> (changes: [AuditedChange], notes: [String]) {
    typealias Read = (place: Int, change: AuditedChange, notes: [String])
    var all = try await withThrowingTaskGroup(of: Read.self, returning: [Read].self) { tasks in
      var done: [Read] = []
      for (place, group) in groups.enumerated() {
        if place >= 8, let read = try await tasks.next() { done.append(read) }
        tasks.addTask {
          let (change, notes) = try await self.change(group)
          return (place, change, notes)
        }
      }
      for try await read in tasks { done.append(read) }
      return done
    }
    all.sort { $0.place < $1.place }
    return (all.map(\.change), all.flatMap(\.notes))
  }

  private func change(_ group: AuditIndex.Group) async throws -> (AuditedChange, [String]) {
    var change = AuditedChange(subjects: group.subjects)
    var notes: [String] = []
    change.isOutOfOrder = zip(group.entries, group.entries.dropFirst()).contains {
      $0.leaf.time > $1.leaf.time
    }
    let read = group.entries.filter { AuditedChange.isRead($0.leaf.kind) }
    for (_, leaf) in group.entries where !AuditedChange.isRead(leaf.kind) {
      change.further[leaf.kind.rawValue, default: 0] += 1
    }
    for (entry, (_, leaf)) in zip(try await ledger.entries(read.map(\.index)), read) {
      do {
        let statement = try EntryReader.statement(entry, leaf: leaf, history: history)
        guard isAsked(EntryFacts(statement), leaf) else { continue }
        try change.take(
          statement, leaf.kind,
          .init(
            index: entry.index, actor: leaf.actor, name: registry.name(of: leaf.actor),
            role: leaf.role, time: leaf.time))
      } catch {
        notes.append(
          "entry \(entry.index) of kind \(leaf.kind.rawValue) is not in the answer: \(error)")
      }
    }
    return (change, notes)
  }

  /// Whether a fact belongs to the answer: what speaks of another application or environment does
  /// not, though it is on the same subjects.
  private func isAsked(_ facts: EntryFacts, _ leaf: Leaf) -> Bool {
    func isSame(_ fact: String?, _ asked: String?) -> Bool {
      guard let fact, let asked else { return true }
      return fact.utf8.elementsEqual(asked.utf8)
    }
    return isSame(facts.application, request.application)
      && isSame(facts.environment, request.environment)
  }
}

extension AuditedChange {
  /// Whether entries of a kind are read, and not only counted.
  static func isRead(_ kind: EvidenceKind) -> Bool {
    switch kind {
    case .release, .sourceCheck, .testResult, .vulnerabilityScan, .staticAnalysis, .approval,
      .decision, .rollout, .run:
      true
    default: false
    }
  }

  /// Takes a fact to its like.
  fileprivate mutating func take(
    _ statement: Statement, _ kind: EvidenceKind, _ entry: Place
  ) throws {
    switch kind {
    case .release: release = Fact(value: try statement.predicate(as: Release.self), entry: entry)
    case .sourceCheck:
      sources.append(Fact(value: try statement.predicate(as: Source.self), entry: entry))
    case .testResult:
      let result = try statement.predicate(as: TestPart.self)
      tests.append(
        Fact(
          value: Tests(
            suite: result.suite, totals: result.totals,
            failed: Array(result.failedTests.prefix(20))), entry: entry))
    case .vulnerabilityScan, .staticAnalysis:
      let result = try statement.predicate(as: ScanPart.self)
      scans.append(
        Fact(
          value: Scan(scope: result.scope, tool: result.source.tool, totals: result.totals),
          entry: entry))
    case .approval:
      approvals.append(Fact(value: try statement.predicate(as: Approval.self), entry: entry))
    case .decision:
      let summary = try statement.predicate(as: DecisionPart.self)
      decisions.append(Fact(value: summary.decision, entry: entry))
    case .run: runs.append(Fact(value: try statement.predicate(as: Run.self), entry: entry))
    case .rollout:
      rollouts.append(Fact(value: try statement.predicate(as: Rollout.self), entry: entry))
    default: further[kind.rawValue, default: 0] += 1
    }
  }

  /// A test report without the names of the tests that passed.
  private struct TestPart: Decodable {
    let suite: String
    let totals: TestTotals
    let failedTests: [String]

    enum CodingKeys: String, CodingKey {
      case failedTests
      case suite = "urn:pratique:suite"
      case totals = "urn:pratique:totals"
    }
  }

  /// A scan without its findings.
  private struct ScanPart: Decodable {
    let scope: String
    let totals: FindingTotals
    let source: Tool

    struct Tool: Decodable { let tool: String }
  }

  /// A decision without the evidence that it names.
  private struct DecisionPart: Decodable {
    let decision: Decision

    enum CodingKeys: String, CodingKey { case decision = "urn:pratique:decision:v1" }
  }
}
