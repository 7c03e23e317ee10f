/// A finding in a file: where the file is, and where in it.
public struct PHIHit: Hashable, Sendable, Encodable {
  /// The file's path as it was named; `-` for standard input.
  public let file: String
  /// JSON pointer, HL7 path, DICOM tag, or the name inside an archive; `nil` for plain text.
  public let place: String?
  /// What was found, and why.
  public let finding: PHIFinding

  private enum CodingKeys: String, CodingKey {
    case file, place, type, start, end, line, column, confidence, rule, mark
  }

  /// One flat object.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(file, forKey: .file)
    try container.encodeIfPresent(place, forKey: .place)
    try container.encode(finding.type, forKey: .type)
    try container.encode(finding.start, forKey: .start)
    try container.encode(finding.end, forKey: .end)
    try container.encode(finding.line, forKey: .line)
    try container.encode(finding.column, forKey: .column)
    try container.encode(finding.confidence, forKey: .confidence)
    try container.encode(finding.rule, forKey: .rule)
    try container.encodeIfPresent(finding.mark, forKey: .mark)
  }
}

/// A file that was not looked at whole, and why.
public struct PHIRefusal: Hashable, Sendable, Encodable {
  /// The file's path.
  public let file: String
  /// Why, in words.
  public let reason: String

  /// States a refusal.
  public init(file: String, reason: String) {
    self.file = file
    self.reason = reason
  }
}

/// What a scan found.
public struct PHIReport: Sendable, Encodable {
  /// Files that were looked at.
  public internal(set) var files = 0
  /// Their bytes.
  public internal(set) var bytes = 0
  /// What was found, in the order of the files.
  public internal(set) var findings: [PHIHit] = []
  /// Findings that were counted and not kept: of one file, 100,000 are.
  public internal(set) var more = 0
  /// What an allow-list excused.
  public internal(set) var excused: [PHIExcused] = []
  /// What could not be looked at.
  public internal(set) var refused: [PHIRefusal] = []
}

/// A finding that an entry of an allow-list covers.
public struct PHIExcused: Hashable, Sendable, Encodable {
  /// The finding.
  public let hit: PHIHit
  /// The entry's reason.
  public let reason: String
  /// The entry's last day.
  public let expires: String
}
