import Model
import PHI

/// A search for PHI as the pipeline does it: its settings, its evidence, its words.
struct PHISearch {
  let setting: RunSetting
  let run: String
  let time: Instant
  let scope: String
  let paths: [String]
  let taken: String

  static let recognisers = PHIScanResult.Recognisers(
    version: PHIEdition.rules,
    lists: .sha256(PHIEdition.lists.flatMap { Array($0.utf8) + [0] }),
    listsMade: PHIEdition.listsMade, measured: "docs/phi.md#figures")

  var scan: FileScan { FileScan(setting: PHISetting(rawValue: taken), today: today) }

  /// The day on which it is asked whether an excuse holds.
  var today: String { String(time.description.prefix(10)) }

  func result(_ seen: SeenContent, _ outcome: PHIExcuses.Outcome) -> PHIScanResult {
    var totals: [String: Int] = [:]
    for kept in outcome.kept { totals[kept.kind, default: 0] += 1 }
    return PHIScanResult(
      application: setting.application.name, run: run, time: time, scope: scope, paths: paths,
      setting: taken, recognisers: Self.recognisers, files: seen.files,
      bytes: seen.bytes, count: outcome.kept.count + seen.more,
      totals: totals.sorted { $0.key < $1.key }.map { .init(kind: $0.key, count: $0.value) },
      findings: outcome.kept, excused: outcome.excused, expired: outcome.expired,
      unread: outcome.unread)
  }

  /// Why the step does not pass; `nil` when it does.
  static func problem(_ result: PHIScanResult, excuses: String) -> Problem? {
    let expired = result.expired.map {
      "the excuse for \($0.count) \($0.kind) in \($0.path) expired on \($0.expires)"
        + " (\($0.owner): \($0.reason))"
    }
    if let first = result.findings.first {
      let more = result.count > 1 ? ", and \(result.count - 1) more" : ""
      return Problem(
        .phiFound,
        ([
          "\(first.file):\(first.line) may hold PHI (\(first.kind))\(more);"
            + " \(result.totals.words)"
        ] + expired).joined(separator: "; "),
        advice: "Take it out, and out of the history; or, where it is made up, excuse it in"
          + " \(excuses), with reason, owner and expiry.")
    }
    guard let first = result.unread.first else { return nil }
    let more = result.unreadCount > 1 ? ", and \(result.unreadCount - 1) more" : ""
    return Problem(
      .phiFound,
      (["\(first.file) cannot be looked at: \(first.reason)\(more)"] + expired)
        .joined(separator: "; "),
      advice: "Nothing is said of what was not looked at. Leave it out, or excuse it in \(excuses)."
    )
  }

  /// What is told in the step's log.
  static func words(_ result: PHIScanResult) -> [String] {
    result.excused.map {
      "excused until \($0.expires) by \($0.owner): \($0.count) \($0.kind) in \($0.path): \($0.reason)"
    }
      + result.findings.map {
        "\($0.file):\($0.line):\($0.column)\($0.place.map { " \($0)" } ?? ""): \($0.kind) (\($0.rule))"
      } + result.unread.map { "\($0.file): NOT LOOKED AT: \($0.reason)" }
      + [
        "\(result.count) finding(s) in \(result.files) file(s), \(result.bytes) bytes; rules"
          + " \(result.recognisers.version), lists of \(result.recognisers.listsMade)"
      ]
  }
}
