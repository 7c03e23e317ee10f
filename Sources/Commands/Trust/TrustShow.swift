import ArgumentParser
import Attestation
import Journey
import Ledger
import Model

/// Shows the trust root in force.
struct TrustShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show the trust root in force.")

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let home = try options.open(readOnly: true)
    let histories = try await home.ledger.histories()
    guard let version = histories.trust.current else {
      throw Problem(.notTrusted, "the ledger has no trust root", at: home.path)
    }
    let root = version.root
    var lines = [
      "\(root.organisation), trust root version \(root.version), entry \(version.index)"
        + (version.isRecovery ? ", brought into force by the RECOVERY KEYS" : "")
    ]
    lines += root.people.map {
      "person  \($0.id) (\(home.registry.name(of: $0.id))):"
        + " \($0.roles.map(\.rawValue).joined(separator: ", "))" + Self.words($0)
    }
    lines += root.machines.map { "machine \($0.id), for \($0.onBehalfOf)" }
    for vendor in root.vendors ?? [] {
      lines += vendor.keys.map { key in
        "vendor  \(vendor.id), key \(key.id.short): "
          + key.signs.map(\.rawValue).joined(separator: ", ")
          + (key.applications.map { " of \($0.joined(separator: ", "))" } ?? "")
          + (key.validTo.map { ", until \($0)" } ?? "")
      }
    }
    lines += root.keys.map { key in
      "key     \(key.id.short) of \(key.holder): "
        + key.kinds.map(\.rawValue).joined(separator: ", ") + Self.words(key)
    }
    lines += histories.keys.periods.map { period in
      "log key \(period.key.description), from size \(period.firstSize) on"
        + (period.change.map { ": \($0.reason.rawValue)" } ?? "")
    }
    lines += root.policies.map { policy in
      let own = (root.applicationPolicies ?? []).filter { $0.policy == policy.digest }
      return "policy  \(policy.name) \(policy.version) \(policy.digest)"
        + (own.isEmpty ? "" : ", for \(own.map(\.application).joined(separator: ", "))")
    }
    lines +=
      try root.recovery.map { recovery in
        try ["recovery needs \(recovery.threshold) of these \(recovery.keys.count) keys:"]
          + recovery.publicKeys().map { "        \($0.id.short)" }
      } ?? ["no recovery keys: a lost or stolen log key cannot be replaced"]
    try options.terminal.result(root, lines)
  }

  private static func words(_ person: TrustRoot.Person) -> String {
    (person.employer.map { "; of \($0)" } ?? "") + (person.sponsor.map { "; \($0) answers" } ?? "")
      + (person.start.map { "; from \($0)" } ?? "") + (person.end.map { "; until \($0)" } ?? "")
  }

  private static func words(_ key: TrustRoot.Key) -> String {
    (key.applications.map { "; for \($0.joined(separator: ", "))" } ?? "")
      + (key.environments.map { "; in \($0.joined(separator: ", "))" } ?? "")
      + (key.validTo.map { "; until \($0)" } ?? "")
  }
}
