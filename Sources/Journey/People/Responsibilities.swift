import Attestation
import Ledger
import LedgerSQLite
public import Model

/// What hangs on one person: to be handed over when they leave.
public struct Responsibilities: Sendable, Encodable {
  /// An entry that somebody else must take over.
  public struct Duty: Sendable, Encodable {
    /// Index of the entry.
    public let entry: Int64
    /// What it is about.
    public let kind: EvidenceKind
    /// What it is, in words.
    public let words: String
    /// Until when it counts; `nil` for one without an end.
    public let expires: Instant?
  }

  /// Pseudonym of the person.
  public let person: String
  /// Waivers, words on scope and statements in force that they own or signed.
  public let duties: [Duty]
  /// Approvals of theirs after which the release has not entered the environment: they count no more
  /// once the person has left.
  public let approvals: [Duty]
  /// Roles that nobody else holds.
  public let roles: [Role]
  /// Controls of the policies in force for which a role of theirs answers, role by role.
  public let controls: [OwnedControls]
  /// Machines that act for the person.
  public let machines: [String]
  /// People for whom they answer as a sponsor.
  public let sponsored: [String]
}

extension LedgerHome {
  /// What hangs on a person now.
  ///
  /// - Throws: `Problem` with `notFound` for somebody whom the trust root does not name.
  public func responsibilities(of person: String, at now: Instant) async throws -> Responsibilities
  {
    let history = try await trustHistory()
    guard let root = history.current?.root,
      let known = root.people.first(where: { $0.id == person })
    else {
      throw Problem(
        .notFound, "nobody in the trust root has the id \"\(person)\"",
        advice: "See who is: pratique trust show")
    }
    let others = Set(
      root.people.filter { $0.id != person && $0.isPresent(at: now) }.flatMap(\.roles))
    return Responsibilities(
      person: person, duties: try await duties(of: person, at: now, history),
      approvals: try await approvalsInFlight(of: person, history),
      roles: known.roles.filter { !others.contains($0) },
      controls: try await ownedControls(of: known, root, at: now),
      machines: root.machines.filter { $0.onBehalfOf == person }.map(\.id),
      sponsored: root.people.filter { $0.sponsor == person && $0.isPresent(at: now) }.map(\.id))
  }

  private func duties(
    of person: String, at now: Instant, _ history: TrustHistory
  ) async throws -> [Responsibilities.Duty] {
    var duties: [Responsibilities.Duty] = []
    var withdrawn: Set<String> = []
    // The newest first, so that a withdrawal is met before what it ends.
    for (entry, statement) in try await words(.waiver, history).reversed() {
      let waiver = try statement.predicate(as: Waiver.self)
      let name = "\(waiver.application)/\(waiver.environment)/\(waiver.waiver)"
      guard waiver.action == .granted else {
        withdrawn.insert(name)
        continue
      }
      guard waiver.owner == person || waiver.person == person, !withdrawn.contains(name),
        waiver.expires.map({ now < $0 }) ?? true
      else { continue }
      duties.append(
        .init(
          entry: entry, kind: .waiver,
          words: "waiver \(waiver.waiver) of \(waiver.control) for \(waiver.application) in"
            + " \(waiver.environment)", expires: waiver.expires))
    }
    for (entry, statement) in try await words(.scopeStatement, history) {
      let scope = try statement.predicate(as: ScopeStatement.self)
      guard scope.person == person, scope.verdict == .outOfScope,
        scope.expires.map({ now < $0 }) ?? true
      else { continue }
      duties.append(
        .init(
          entry: entry, kind: .scopeStatement,
          words: "out of scope: \(scope.controls.joined(separator: ", "))",
          expires: scope.expires))
    }
    for (entry, statement) in try await words(.personStatement, history) {
      let word = try statement.predicate(as: PersonStatement.self)
      guard word.person == person, now < word.expires else { continue }
      duties.append(
        .init(
          entry: entry, kind: .personStatement,
          words: "statement \"\(word.topic)\" of \(word.application ?? "the organisation")",
          expires: word.expires))
    }
    return duties.sorted { $0.entry < $1.entry }
  }

  private func approvalsInFlight(
    of person: String, _ history: TrustHistory
  ) async throws -> [Responsibilities.Duty] {
    var found: [Responsibilities.Duty] = []
    for (entry, statement) in try await words(.approval, history) {
      let approval = try statement.predicate(as: Approval.self)
      guard approval.person == person, approval.verdict == .approved else { continue }
      let images = statement.subjects.prefix(1).flatMap(\.digests)
      let rollouts = try await words(.rollout, history, subjects: images, after: entry)
      let hasEntered = try rollouts.contains { _, statement in
        let rollout = try statement.predicate(as: RolloutReport.self)
        return rollout.environment == approval.environment && rollout.outcome == .released
      }
      guard !hasEntered else { continue }
      found.append(
        .init(
          entry: entry, kind: .approval,
          words: "approval as \(approval.role.rawValue) of \(approval.application) for"
            + " \(approval.environment)", expires: nil))
    }
    return found
  }

  /// All admitted entries of a kind, by ascending index. What was not admitted counts for nothing.
  private func words(
    _ kind: EvidenceKind, _ history: TrustHistory, subjects: [Digest]? = nil, after: Int64 = -1
  ) async throws -> [(Int64, Statement)] {
    let indices = try await ledger.read { snapshot in
      guard let subjects else { return try snapshot.indices(kind: kind) }
      return try snapshot.indices(subjects: subjects)
    }.filter { $0 > after }
    var words: [(Int64, Statement)] = []
    for start in stride(from: 0, to: indices.count, by: 64) {
      let page = Array(indices[start..<min(start + 64, indices.count)])
      for entry in try await ledger.entries(page) {
        guard let leaf = try? Leaf(bytes: entry.leaf), leaf.kind == kind,
          let statement = try? EntryReader.statement(entry, leaf: leaf, history: history)
        else { continue }
        words.append((entry.index, statement))
      }
    }
    return words
  }
}
