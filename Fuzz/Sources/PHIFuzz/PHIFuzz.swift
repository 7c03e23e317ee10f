import PHI

/// What libFuzzer calls: the bytes are looked at as a file of whatever form they are, and as text, as
/// a whole and in pieces. A refusal is right; a crash, an endless loop, or two answers that differ
/// are not.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let settings: [PHISetting?] = [nil, .clinical, .source]
  let setting = settings[Int(bytes.first ?? 0) % 3]
  let content = Array(bytes.dropFirst())
  let report = FileScan(setting: setting, today: "2026-11-23").scan(content, name: "fuzz")
  for hit in report.findings {
    precondition(hit.finding.start <= hit.finding.end, "a find ends before it begins")
  }
  let whole = PHIScanner.findings(in: content, setting: setting)
  var pieces: [PHIFinding] = []
  withoutActuallyEscaping({ pieces.append($0) }) { tell in
    var scanner = PHIScanner(setting: setting, tell: tell)
    var rest = content[...]
    while !rest.isEmpty {
      scanner.add(rest.prefix(7))
      rest = rest.dropFirst(7)
    }
    scanner.end()
  }
  precondition(whole == pieces, "in pieces it says something else")
  return 0
}
