import Reading

/// The line protocol of `pratique phi serve --stdio`: a JSON object a line, `{"id", "text"}`, is
/// answered by one line, `{"id", "findings": [{"type", "start", "end", …}]}`; places are UTF-8
/// bytes of the text.
public enum LineProtocol {
  /// Longest line that is taken, in bytes.
  public static let lineLimit = 64 << 20

  /// The answer to one line, without the line's end.
  ///
  /// - Parameter setting: how the text is taken; `clinical` for text of unknown origin.
  /// - Throws: `ReadingError` for a line that is no such object.
  public static func answer(_ line: [UInt8], setting: PHISetting = .clinical) throws -> [UInt8] {
    var limits = ReadingLimits.statement
    limits.bytes = lineLimit
    let question = try JSONReader.read(line, limits: limits)
    guard let id = question["id"], let text = question["text"]?.string else {
      throw ReadingError("a line must be an object with \"id\" and \"text\"")
    }
    let findings = PHIScanner.findings(in: Array(text.utf8), setting: setting)
    var answer = JSONObject()
    answer["id"] = id
    answer["findings"] = .array(findings.map(Self.value))
    return try CanonicalJSON.write(JSONValue.object(answer))
  }

  private static func value(_ finding: PHIFinding) -> JSONValue {
    .object([
      "type": .string(finding.type.rawValue), "start": .integer(Int64(finding.start)),
      "end": .integer(Int64(finding.end)), "confidence": .integer(Int64(finding.confidence)),
      "rule": .string(finding.rule.rawValue),
    ])
  }
}
