import ArgumentParser
import Foundation
import Journey
import Model

/// Deals with values that got through all the same.
struct PHISpill: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spill",
    abstract: "Find every copy of values that should not be here, quarantine and purge them.",
    discussion: """
      Takes the values from standard input, one a line; never as arguments, which other users can
      see. They are written nowhere. Copies are looked for in the ledger's entries and contents, in
      runs, spool and images. Files and images go into quarantine; with --purge, payloads are erased
      (a legal hold is heeded, and told) and the quarantine is removed. What the assessment of 45 CFR
      164.402 needs is printed. Interrupted, it goes on with --id.

      Examples:
        pratique phi spill --kind record-number --look <values.txt
        pratique phi spill --kind record-number --reason "a test printed a patient's number" \\
            --purge --key ~/.ssh/id_ed25519 <values.txt
        pratique phi spill --id 20261123-113000-123-4f2a9c --reason "goes on" --purge --key …
      """)

  @OptionGroup var options: GlobalOptions
  @Option(help: "What sort of identifier the values are; may be given several times.")
  var kind: [String] = []
  @Option(help: "Goes on with a spill that was found before; reads no values.")
  var id: String?
  @Option(help: "What happened; it stays in the ledger for ever, so name nobody.")
  var reason: String?
  @Flag(help: "Only look: move nothing, record nothing.")
  var look = false
  @Flag(help: "Erase payloads and quarantine too.")
  var purge = false
  @OptionGroup var acting: SpillActing

  func validate() throws {
    guard look || reason != nil, look || acting.isGiven else {
      throw ValidationError("Give --reason and --key, or only look with --look.")
    }
    guard id == nil || !look else { throw ValidationError("--id goes on; --look only looks.") }
    guard id != nil || !kind.isEmpty else {
      throw ValidationError("Say with --kind what sort of identifier the values are.")
    }
  }

  func run() async throws {
    let home = try options.open(readOnly: look)
    let terminal = options.terminal
    let person = look ? nil : try acting.person()
    if let person { try await home.checkMayRecordSpill(person, time: .system) }
    var spill: Spill
    if let id {
      spill = try home.spill(id)
      try home.quarantine(&spill)
    } else {
      spill = try await home.findSpill(
        try Self.values(), kinds: kind, time: .system, onlyLooks: look,
        progress: { terminal.note("looks at \($0)") })
    }
    if let person, !spill.isEmpty, let reason {
      if purge { try await home.purge(&spill, reason: reason, by: person, time: .system) }
      let entry = try await home.record(spill, reason: reason, by: person, time: .system)
      terminal.note("recorded as entry \(entry.index)")
    }
    let assessment = try await home.assessment(of: spill)
    try terminal.result(assessment, Self.lines(assessment, looks: look))
    if spill.state == .held {
      throw Problem(
        .gateRefused, "not everything may be purged: \(spill.held.joined(separator: "; "))",
        advice: "When the hold is lifted: pratique phi spill --id \(spill.id) --purge")
    }
    guard spill.isEmpty || !look else {
      throw Problem(.phiFound, "copies were found, and are still where they were")
    }
  }

  private static func values() throws -> [[UInt8]] {
    let bytes = try FileHandle.standardInput.read(upToCount: 1 << 20) ?? Data()
    return bytes.split { $0 == 0x0a || $0 == 0x0d }.map { line in
      Array(line.drop { $0 == 0x20 }.reversed().drop { $0 == 0x20 }.reversed())
    }.filter { !$0.isEmpty }
  }

  static func lines(_ assessment: SpillAssessment, looks: Bool) -> [String] {
    let spill = assessment.spill
    guard !spill.isEmpty else {
      return ["no copy of \(spill.values) value(s) was found"]
        + spill.unread.map { "NOT LOOKED AT: \($0)" }
    }
    var lines =
      looks ? ["found; nothing was moved"] : ["spill \(spill.id): \(spill.state.rawValue)"]
    lines += spill.entries.map { "  entry \($0.index) of kind \($0.kind.rawValue), \($0.time)" }
    lines += spill.contents.map { "  content \($0)" }
    lines += (spill.files + spill.images).map { "  \($0.path)" }
    lines += ["", assessment.presumption]
    for factor in assessment.factors {
      lines += ["", factor.question]
      lines += factor.known.map { "  known: \($0)" } + factor.toFindOut.map { "  find out: \($0)" }
    }
    return lines + ["", assessment.clock, "", "Not reached from here:"]
      + assessment.notReached.map { "  \($0)" }
  }
}

/// Who deals with a spill; nobody is asked for where it is only looked.
struct SpillActing: ParsableArguments {
  @Option(help: "Your private key: a file, or a pkcs11: URI.")
  var key: String?
  @Option(help: "The role in which you act; without it, the first that you hold.")
  var role: String?

  var isGiven: Bool { key != nil }

  func person() throws -> ActingPerson {
    guard let key else { throw ValidationError("Name your key with --key.") }
    return ActingPerson(
      signer: try KeyRing(secrets: Passphrases.source(file: nil)).personalSigner(key),
      role: role.map(Role.init(rawValue:)))
  }
}
