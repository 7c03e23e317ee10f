import Attestation
import Blobs
public import Model

extension LedgerHome {
  /// Writes a change of trust with which a person leaves: their keys are in it no more, so that they
  /// end at its entry, and their word ends with the time of the change.
  ///
  /// - Returns: the trust root that the change would bring, signed by nobody but the machine yet.
  /// - Throws: `Problem` with `notFound` for somebody who is not named or has left, `badInput` when
  ///   something would hang in the air: a machine that acts for them, somebody whom they sponsor, or
  ///   a trust root that nobody could change again.
  public func proposeLeaving(
    _ person: String, to path: String, time: Instant
  ) async throws -> TrustRoot {
    let current = try await trustRoot()
    let hanging = try await responsibilities(of: person, at: time)
    let left = current.people.first { $0.id == person }?.end.map { $0 <= time } ?? false
    guard !left || current.keys.contains(where: { $0.holder == person }) else {
      throw Problem(.notFound, "\(person) has left already")
    }
    guard hanging.machines.isEmpty else {
      throw Problem(
        .badInput, "\(hanging.machines.joined(separator: ", ")) acts for \(person)",
        advice: "Name somebody else in the trust file first: on-behalf-of.")
    }
    guard hanging.sponsored.isEmpty else {
      throw Problem(
        .badInput, "\(person) answers for \(hanging.sponsored.joined(separator: ", "))",
        advice: "Name another sponsor in the trust file first.")
    }
    let root = current.leaving(person, at: time)
    try root.checkChangeable(at: time)
    guard let machine = current.machines.first else {
      throw Problem(.notTrusted, "the trust root names no machine")
    }
    let envelope = try Envelope(
      signing: TrustEntry.statement(root).json(), by: [signer(machine: machine.id)])
    try DurableFile.write(envelope.json(), to: path, mode: 0o644)
    return root
  }
}

extension TrustRoot {
  /// The next version, which one person has left. They stay named, so that who somebody was can be
  /// read in the version in force.
  fileprivate func leaving(_ person: String, at time: Instant) -> TrustRoot {
    TrustRoot(
      organisation: organisation, version: version + 1,
      people: people.map {
        guard $0.id == person else { return $0 }
        return Person(
          id: $0.id, roles: $0.roles, employer: $0.employer, sponsor: $0.sponsor,
          start: $0.start.map { min($0, time) }, end: [$0.end, time].compactMap(\.self).min())
      }, machines: machines, keys: keys.filter { $0.holder != person },
      changeApproval: changeApproval, policies: policies,
      applicationPolicies: applicationPolicies, recovery: recovery)
  }
}
