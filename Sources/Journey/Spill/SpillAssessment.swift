import Attestation
import Model

/// What the assessment of a spill needs (45 CFR 164.402, paragraph 2): for each of the four factors
/// what this program knows, and what a person must find out and judge. It judges nothing itself.
public struct SpillAssessment: Sendable, Encodable {
  /// One of the four factors.
  public struct Factor: Sendable, Encodable {
    /// Its name, as the fact of a `breach-assessment` statement has it.
    public let factor: String
    /// What it asks, in plain words.
    public let question: String
    /// What this program knows.
    public let known: [String]
    /// What people must find out.
    public let toFindOut: [String]
  }

  /// The spill.
  public let spill: Spill
  /// What holds until the four factors are weighed.
  public let presumption =
    "It counts as a breach unless the four factors together show a low probability that the"
    + " information was compromised. A person judges that, in writing."
  /// The four factors.
  public let factors: [Factor]
  /// From when days are counted, and how many there are at most.
  public let clock: String
  /// Copies that this program does not reach.
  public let notReached: [String]
}

extension LedgerHome {
  /// What is known of a spill, by the four factors.
  public func assessment(of spill: Spill) async throws -> SpillAssessment {
    var released: [String] = []
    for image in spill.images {
      let hex = image.path.split(separator: "/").last.map(String.init) ?? ""
      guard let digest = Digest(.sha256, hex: hex) else { continue }
      for (_, statement) in try await statements(on: digest, kinds: [.rollout]) {
        let report = try statement.predicate(as: RolloutReport.self)
        released.append(
          "the image \(digest.short) was brought to \(report.environment) at \(report.finishedAt)"
            + " (\(report.outcome.rawValue))")
      }
    }
    let trust = try await trustRoot()
    let open = (spill.files + spill.images).filter(\.isOpen)
    return SpillAssessment(
      spill: spill,
      factors: [
        .init(
          factor: "nature-of-information",
          question: "What was it, and how easily does it tell who somebody is?",
          known: [
            "\(spill.values) value(s), given as: \(spill.kinds.joined(separator: ", "))",
            "the values lay in clear text, or in forms that anybody can undo: it is unsecured",
          ],
          toFindOut: [
            "what else stood beside the values: diagnoses, results, free text",
            "how many people they are, and whether they can be told from it",
          ]),
        .init(
          factor: "who-got-it", question: "Who could use it, or was it disclosed to?",
          known: [
            "the ledger's folder is its owner's; \(open.count) of \(spill.files.count + spill.images.count)"
              + " copies could be read by other users of the machine",
            "the trust root names \(trust.people.count) people and \(trust.machines.count) machines"
              + " who work with it",
          ] + released,
          toFindOut: [
            "who has an account on the machine, and on those that the program does not reach",
            "whether whoever could see it must keep health information secret anyhow",
          ]),
        .init(
          factor: "whether-seen", question: "Was it really taken or looked at?",
          known: [
            "the first copy was there at \(spill.since); it was found at \(spill.time)",
            "reading a file leaves no trace in the ledger: this program cannot say who looked",
          ],
          toFindOut: [
            "what the machine's own records of access and the forge's, registry's and backup's say"
          ]),
        .init(
          factor: "mitigation", question: "How far was the danger lessened?",
          known: mitigation(spill),
          toFindOut: ["whether whoever received it says, believably, that nothing was kept"]),
      ],
      clock:
        "Discovered at \(spill.time), or earlier when somebody knew. Where it is a breach, people"
        + " are told without delay, and at most 60 days after that (45 CFR 164.404(b)).",
      notReached: [
        "the git repository and its clones: take it out of the history, and ask the forge to forget",
        "backups, exports, bundles and mirrors of this ledger: purge each where it lies",
        "podman's own storage, registries, and what runs from an image that had it",
        "the systems that printed or wrote it in the first place",
      ])
  }

  private func mitigation(_ spill: Spill) -> [String] {
    let found =
      "\(spill.entries.count) entries, \(spill.contents.count) contents, \(spill.files.count) files and"
      + " \(spill.images.count) images had it"
    let state =
      switch spill.state {
      case .found: "files and images are NOT all in quarantine yet"
      case .quarantined:
        "files and images are in quarantine; payloads of the ledger are still there"
      case .held: "not everything could be purged: \(spill.held.joined(separator: "; "))"
      case .purged: "all of them are purged; the erasure stands in the ledger"
      }
    return [found, state] + spill.unread.map { "NOT LOOKED AT: \($0)" }
  }
}
