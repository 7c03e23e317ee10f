import Foundation
import Intake
import Model

/// Reads reports as `pratique collect --explain` does and prints seconds, findings, tests and the
/// greatest resident memory: one line of JSON for each.
struct Line: Encodable {
  let file: String
  let bytes: Int
  let seconds: Double
  let processorSeconds: Double
  let format: String
  let findings: Int
  let tests: Int
  let residentBytes: Int
}

func residentPeak() -> Int {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
  return (line.split(separator: " ").compactMap { Int($0) }.first ?? 0) * 1024
}

for path in CommandLine.arguments.dropFirst() {
  guard let file = FileHandle(forReadingAtPath: path) else {
    FileHandle.standardError.write(Data("\(path) cannot be read\n".utf8))
    exit(1)
  }
  let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
  let clock = ContinuousClock()
  let begun = Foundation.clock()
  var findings = 0
  var tests = 0
  var format = ""
  let took = try clock.measure {
    let input = try ReportInput(expectedBytes: size) {
      try file.read(upToCount: 1 << 20).map { Array($0) } ?? []
    }
    let report = try IntakeReader.read(input, source: path).report
    format = report.format.rawValue
    findings = report.findingReport?.rows.count ?? 0
    if case .tests(let rows) = report.content { tests = rows.totals.all }
  }
  let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
  let line = Line(
    file: String(path.split(separator: "/").last ?? ""), bytes: size, seconds: seconds,
    processorSeconds: Double(Foundation.clock() - begun) / Double(CLOCKS_PER_SEC), format: format,
    findings: findings, tests: tests, residentBytes: residentPeak())
  print(String(decoding: try JSONEncoder().encode(line), as: UTF8.self))
}
