import Model
import PHI

/// What a search saw, in a form that can be kept: where and what sort, never a value.
struct SeenContent: Codable, Sendable {
  var files = 0
  var bytes: Int64 = 0
  /// Findings beyond those that are kept.
  var more = 0
  var found: [PHIScanResult.Place] = []
  var unread: [PHIScanResult.Unread] = []

  init() {}

  /// - Parameter name: how a file and a place in it are called, from what the search calls them.
  init(_ report: PHIReport, name: (String, String?) -> (file: String, place: String?)) {
    files = report.files
    bytes = Int64(report.bytes)
    more = report.more
    found = report.findings.map { hit in
      let (file, place) = name(hit.file, hit.place)
      return .init(
        file: file, place: place, line: hit.finding.line, column: hit.finding.column,
        kind: hit.finding.type.rawValue, rule: hit.finding.rule.rawValue,
        confidence: hit.finding.confidence)
    }
    unread = report.refused.map { .init(file: name($0.file, nil).file, reason: $0.reason) }
  }

  mutating func add(_ other: SeenContent) {
    files += other.files
    bytes += other.bytes
    more += other.more
    found += other.found
    unread += other.unread
  }
}
