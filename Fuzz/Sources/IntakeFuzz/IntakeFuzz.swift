import Intake
import Model

/// What libFuzzer calls: the bytes are read as a report of whatever kind they are, as a whole and in
/// parts. A refusal is right; a crash, an endless loop, or two answers that differ are not.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  // The first byte chooses a declared format, or none, so that readers are reached whose kind an
  // input does not show.
  let formats = ReportFormat.allCases
  let choice = Int(bytes.first ?? 0)
  let format = formats.indices.contains(choice) ? formats[choice] : nil
  let report = Array(bytes.dropFirst())
  let whole = answer(ReportInput(report), format)
  var rest = report[...]
  do {
    let parts = try ReportInput {
      defer { rest = rest.dropFirst(7) }
      return Array(rest.prefix(7))
    }
    let other = answer(parts, format)
    precondition(whole == other, "in parts it says something else")
  } catch {
    preconditionFailure("the input itself cannot fail")
  }
  return 0
}

private func answer(_ input: consuming ReportInput, _ format: ReportFormat?) -> IntakeReport? {
  try? IntakeReader.read(input, source: "fuzz", format: format).report
}
