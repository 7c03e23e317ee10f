import Reading

/// A kind of report in lines of text.
struct TextKind: Sendable {
  let format: ReportFormat
  let read: @Sendable ([UInt8]) throws -> IntakeReader.Parsed

  static let all: [TextKind] = [
    TextKind(format: .lcov, read: LCOVReader.read),
    TextKind(format: .spdxTagValue, read: SPDXTagReader.read),
  ]

  /// The kind whose tags the first lines have, and by which.
  static func recognise(_ bytes: [UInt8]) -> (TextKind, String)? {
    let head = bytes.prefix(4096).split(whereSeparator: { $0 == 0x0a || $0 == 0x0d })
    for line in head {
      let first = line.first { $0 != 0x20 && $0 != 0x09 }
      guard let first, first != 0x23 else { continue }
      if line.starts(with: "TN:".utf8) || line.starts(with: "SF:".utf8) {
        return (all[0], "it begins with \"TN:\" or \"SF:\", as LCOV's tracefiles")
      }
      if line.starts(with: "SPDXVersion:".utf8) {
        return (all[1], "it begins with \"SPDXVersion:\"")
      }
      return nil
    }
    return nil
  }
}
