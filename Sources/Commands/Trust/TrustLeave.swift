import ArgumentParser
import Journey
import Model

/// Lets somebody leave.
struct TrustLeave: AsyncParsableCommand {
  /// What the command answers.
  private struct Answer: Encodable {
    let responsibilities: Responsibilities
    let change: TrustRoot?
  }

  static let configuration = CommandConfiguration(
    commandName: "leave",
    abstract: "Show what hangs on a person, and write the change with which they leave.",
    discussion: """
      The change takes the person's keys out: they count up to its entry and not after it, and
      approvals of theirs that no release has used are void. It needs signatures like any change.

      Example:
        pratique trust leave ana                       what would have no owner
        pratique trust leave ana --to change.json      the change, for `pratique trust sign`
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The person, by pseudonym.")
  var person: String
  @Option(name: .customLong("to"), help: "Where the change goes; without it nothing is written.")
  var output: String?

  func run() async throws {
    let home = try options.open(readOnly: output == nil)
    let now = TimeSource.system.now()
    let hanging = try await home.responsibilities(of: person, at: now)
    var change: TrustRoot?
    if let output { change = try await home.proposeLeaving(person, to: output, time: now) }
    var lines = hanging.lines
    if let output, let change {
      lines += [
        "wrote \(output): trust root version \(change.version), without the keys of \(person)",
        "Nothing has changed yet: it needs signatures, then `pratique trust apply`.",
        "Give \(person) an \"end\" in the trust file, too: the next change comes from there.",
      ]
    }
    try options.terminal.result(Answer(responsibilities: hanging, change: change), lines)
  }
}

extension Responsibilities {
  /// What hangs on the person, in words.
  var lines: [String] {
    func line(_ duty: Duty) -> String {
      "  entry \(duty.entry): \(duty.words)" + (duty.expires.map { ", until \($0)" } ?? "")
    }
    var lines: [String] = []
    if !duties.isEmpty { lines += ["needs a new owner:"] + duties.map(line) }
    if !approvals.isEmpty { lines += ["void when \(person) has left:"] + approvals.map(line) }
    lines += roles.map { "nobody else holds the role \($0.rawValue)" }
    lines += controls.flatMap(Self.owned)
    lines += machines.map { "the machine \($0) acts for \(person)" }
    lines += sponsored.map { "\(person) answers for \($0)" }
    return lines.isEmpty ? ["nothing hangs on \(person)"] : lines
  }

  /// Controls whose role has nobody left are listed; where one is left, only who that is. Where more
  /// are left, nothing has to be handed over.
  private static func owned(_ owned: OwnedControls) -> [String] {
    let count = "\(owned.controls.count) control\(owned.controls.count == 1 ? "" : "s")"
    switch owned.others.count {
    case 0:
      return ["\(count) of \(owned.role.rawValue) need a new owner:"]
        + stride(from: 0, to: owned.controls.count, by: 4).map { start in
          "  " + owned.controls[start...].prefix(4).joined(separator: ", ")
        }
    case 1: return ["\(count) of \(owned.role.rawValue) stay with \(owned.others[0]) alone"]
    default: return []
    }
  }
}
