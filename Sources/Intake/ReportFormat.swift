import Reading

/// The formats of reports that this room reads.
public enum ReportFormat: String, Sendable, Codable, CaseIterable {
  /// JUnit XML, in the dialects of the common test runners.
  case junit
  /// SARIF 2.1.0.
  case sarif
  /// Trivy's own JSON, schema version 2.
  case trivy
  /// CycloneDX JSON, 1.4 to 1.7.
  case cyclonedx

  /// The format that a JSON document has by the members that only this format has.
  static func recognise(_ document: JSONValue) -> ReportFormat? {
    if document["bomFormat"] != nil { return .cyclonedx }
    if document["runs"] != nil { return .sarif }
    if document["SchemaVersion"] != nil, document["ArtifactType"] ?? document["Results"] != nil {
      return .trivy
    }
    return nil
  }

  /// Whether the content begins as XML does.
  static func isXML(_ bytes: [UInt8]) -> Bool {
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    if bytes.starts(with: [0xfe, 0xff]) || bytes.starts(with: [0xff, 0xfe]) { return true }
    let first = bytes.dropFirst(bytes.starts(with: mark) ? 3 : 0).first {
      !XMLSpace.contains($0)
    }
    return first == 0x3c
  }

  private static let XMLSpace: Set<UInt8> = [0x20, 0x0a, 0x0d, 0x09]
}
