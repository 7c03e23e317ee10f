import Foundation
import PHI

/// Looks for PHI as `pratique phi scan` and `phi serve` do, and prints what it took: one line of JSON.
///
///     PHIBench texts FILE.jsonl   each line's text, as clinical text
///     PHIBench file PATH          one file, whatever its form; - for standard input
///     PHIBench tree PATH…         files on all cores that the process may use
struct Line: Encodable {
  var bytes = 0
  var findings = 0
  var seconds = 0.0
  var processorSeconds = 0.0
  var residentBytes = 0
}

func residentPeak() -> Int {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
  return (line.split(separator: " ").compactMap { Int($0) }.first ?? 0) * 1024
}

func texts(_ path: String) throws -> [[UInt8]] {
  struct Document: Decodable { let text: String }
  return try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: 0x0a).map {
    [UInt8](try JSONDecoder().decode(Document.self, from: $0).text.utf8)
  }
}

let words = Array(CommandLine.arguments.dropFirst())
guard words.count >= 2 else {
  FileHandle.standardError.write(Data("PHIBench texts|file|tree PATH\n".utf8))
  exit(64)
}
var line = Line()
let documents = words[0] == "texts" ? try texts(words[1]) : []
// The dictionaries are made on first use.
_ = PHIScanner.findings(in: Array("begin".utf8), setting: .clinical)
let clock = ContinuousClock()
let begun = Foundation.clock()
let scan = FileScan(today: "2026-01-01")
let start = clock.now
switch words[0] {
case "texts":
  for document in documents {
    line.bytes += document.count
    line.findings += PHIScanner.findings(in: document, setting: .clinical).count
  }
case "file":
  let report: PHIReport
  if words[1] == "-" {
    report = scan.scan(FileHandle.standardInput, name: "-")
  } else {
    report = try await scan.scan(paths: [words[1]])
  }
  line.bytes = report.bytes
  line.findings = report.findings.count + report.more
default:
  let report = try await scan.scan(paths: Array(words.dropFirst()))
  line.bytes = report.bytes
  line.findings = report.findings.count + report.more
}
let took = clock.now - start
line.seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
line.processorSeconds = Double(Foundation.clock() - begun) / Double(CLOCKS_PER_SEC)
line.residentBytes = residentPeak()
print(String(decoding: try JSONEncoder().encode(line), as: UTF8.self))
