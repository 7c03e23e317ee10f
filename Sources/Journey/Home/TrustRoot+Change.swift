import Attestation
import Model

extension TrustRoot {
  /// Refuses a trust root that its own people could never change again: for each role that a change
  /// needs, so many who hold it must be there, with a key that may sign changes. A machine needs
  /// somebody for whom it acts.
  ///
  /// - Throws: `Problem` with `badInput`.
  func checkChangeable(at time: Instant) throws {
    if let machine = machines.first(where: { !isPresent($0.onBehalfOf, at: time) }) {
      throw Problem(
        .badInput, "\(machine.id) acts for \(machine.onBehalfOf), who is not there at \(time)",
        advice: "Name somebody else in the trust file: on-behalf-of.")
    }
    for requirement in changeApproval {
      let able = people.filter { person in
        person.roles.contains(requirement.role) && person.isPresent(at: time)
          && keys.contains {
            $0.holder == person.id
              && $0.maySign(.trustRoot, application: nil, environment: nil, at: time)
          }
      }
      guard able.count >= requirement.count else {
        throw Problem(
          .badInput,
          "nobody could change this trust root again: a change needs \(requirement.count) of role"
            + " \"\(requirement.role.rawValue)\", and \(able.count) would have a key that may sign"
            + " it",
          advice: "Give the role to somebody else first.")
      }
    }
  }
}
