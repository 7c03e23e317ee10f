import ArgumentParser
import Foundation
import Model
import PHI
import Reading

/// Looks for PHI in files.
struct PHIScan: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan", abstract: "Look for PHI in files, folders, or what is piped in.",
    discussion: """
      Findings say where, what kind and why; they never carry the value. Ends with 23 when
      something was found, with 0 when nothing was.

      Examples:
        pratique phi scan src fixtures
        podman logs portal | pratique phi scan --as clinical -
      """)

  @Argument(help: "Files and folders; - for standard input.")
  var paths: [String]
  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      "How text is taken: clinical, source, or auto.",
      discussion: "clinical: each identifier counts. source: one counts where a label or a check"
        + " digit ties it to a person. auto: each text is taken for what it is."))
  var taken = "auto"
  @Option(help: "A file that excuses findings, each with a reason and a last day.")
  var allow: String?
  @Option(help: "Leave out what is less sure, 1 to 100.")
  var confidence = 1
  @Option(
    help: ArgumentHelp(
      "A file with a key: findings of the same value get the same mark.",
      discussion: "At least 16 bytes. The mark is a keyed hash; who has the key can try values."))
  var markKey: String?
  @Flag(help: "Print the result as JSON.")
  var json = false

  func validate() throws {
    guard ["auto", "clinical", "source"].contains(taken) else {
      throw ValidationError("--as takes clinical, source or auto")
    }
    guard (1...100).contains(confidence) else {
      throw ValidationError("--confidence takes 1 to 100")
    }
  }

  func run() async throws {
    let terminal = Terminal(isJSON: json)
    let scan = FileScan(
      setting: PHISetting(rawValue: taken), leastConfidence: confidence,
      allowList: try allowList(), marker: try marker(),
      today: String(TimeSource.system.now().description.prefix(10)))
    for path in paths where path != "-" && !FileManager.default.fileExists(atPath: path) {
      throw Problem(.notFound, "\(path) does not exist")
    }
    let report: PHIReport
    if paths == ["-"] {
      report = scan.scan(FileHandle.standardInput, name: "-")
    } else {
      let progress = EntryProgress("looked at", terminal: terminal)
      defer { progress.end() }
      let paths = paths
      report = try await Interruption.cancelling {
        try await scan.scan(paths: paths) { progress.tell(Int64($0), of: Int64($1)) }
      }
    }
    try terminal.result(report, PHIText.lines(report))
    if !report.refused.isEmpty, report.findings.isEmpty {
      throw Problem(
        .badInput, "\(report.refused.count) file(s) could not be looked at; nothing is said of them"
      )
    }
    guard report.findings.isEmpty, report.more == 0 else {
      throw Problem(
        .phiFound, "\(report.findings.count + report.more) finding(s) that may be PHI",
        advice: "Take them out, or excuse what is none in a file for --allow.")
    }
  }

  private func marker() throws -> PHIMarker? {
    guard let markKey else { return nil }
    guard let bytes = FileManager.default.contents(atPath: markKey) else {
      throw Problem(.notFound, "the key \(markKey) cannot be read")
    }
    guard let marker = PHIMarker(key: bytes) else {
      throw Problem(
        .badInput, "the key has fewer than \(PHIMarker.leastKey) bytes", at: markKey,
        advice: "Make one with: head -c 32 /dev/urandom > \(markKey)")
    }
    return marker
  }

  private func allowList() throws -> AllowList {
    guard let allow else { return AllowList() }
    guard let bytes = FileManager.default.contents(atPath: allow) else {
      throw Problem(.notFound, "the allow-list \(allow) cannot be read")
    }
    do {
      return try AllowList(yaml: [UInt8](bytes))
    } catch let error as ReadingError {
      throw Problem(.badInput, "\(error)", at: allow)
    }
  }
}

/// A report in lines for people.
enum PHIText {
  static func lines(_ report: PHIReport) -> [String] {
    var lines = report.findings.map { "\(place($0)): \($0.finding.type.meaning) (\(why($0)))" }
    lines += report.excused.map {
      "\(place($0.hit)): excused until \($0.expires): \($0.reason)"
    }
    lines += report.refused.map { "\($0.file): NOT LOOKED AT: \($0.reason)" }
    if report.more > 0 { lines.append("and \(report.more) more, which are not listed") }
    let count = report.findings.count + report.more
    lines.append(
      "\(count == 0 ? "no finding" : "\(count) finding\(count == 1 ? "" : "s")") in"
        + " \(report.files) file\(report.files == 1 ? "" : "s"), \(report.bytes) bytes")
    return lines
  }

  private static func place(_ hit: PHIHit) -> String {
    "\(hit.file):\(hit.finding.line):\(hit.finding.column)" + (hit.place.map { " \($0)" } ?? "")
  }

  private static func why(_ hit: PHIHit) -> String {
    "\(hit.finding.rule.rawValue), \(hit.finding.confidence)"
  }
}
