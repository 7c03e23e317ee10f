import Reading

/// Findings that are excused, each with a reason and a last day. An entry names where and what
/// kind, never the value.
public struct AllowList: Sendable, Hashable {
  /// One excuse.
  public struct Entry: Sendable, Hashable {
    /// The file's path, or its end from a folder's name on.
    public let path: String
    /// The kind that is excused; `nil` for all.
    public let type: PHIKind?
    /// The place that is excused, such as a JSON pointer; `nil` for all.
    public let place: String?
    /// Why it is no PHI, or may stand there.
    public let reason: String
    /// The last day on which it holds, `YYYY-MM-DD`.
    public let expires: String
    /// Who answers for it; `nil` where nobody is named.
    public let owner: String?

    /// Whether it speaks of a file. A path that ends with a slash stands for all files below it.
    public func covers(_ file: String) -> Bool {
      path.hasSuffix("/") ? file.hasPrefix(path) : file == path
    }
  }

  /// The excuses, in their order.
  public let entries: [Entry]

  /// Excuses nothing.
  public init() { entries = [] }

  /// Reads an allow-list in YAML: `allow:` with a list of `path`, `reason`, `expires`, and
  /// perhaps `type`, `place` and `owner`.
  ///
  /// - Throws: `ReadingError` with the place of what is not as it must be.
  public init(yaml bytes: [UInt8]) throws {
    let node = try YAMLReader.read(bytes)
    let fields = try FieldReader(node, "an allow-list", known: ["allow"])
    entries = try fields.list("allow").map { node in
      let fields = try FieldReader(
        node, "an excuse", known: ["path", "type", "place", "reason", "expires", "owner"])
      let expires = try fields.requiredString("expires")
      guard Self.isDay(expires) else {
        throw ReadingError(
          "expected \"expires\" as a day, YYYY-MM-DD", at: try fields.required("expires").position)
      }
      return Entry(
        path: try fields.requiredString("path"),
        type: try fields.choice("type", of: PHIKind.allCases.map(\.rawValue))
          .flatMap(PHIKind.init(rawValue:)),
        place: try fields.string("place"), reason: try fields.requiredString("reason"),
        expires: expires, owner: try fields.string("owner"))
    }
  }

  private static func isDay(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == 0x2d, bytes[7] == 0x2d else { return false }
    return bytes.enumerated().allSatisfy { $0 == 4 || $0 == 7 || Checks.isDigit($1) }
  }

  /// The first entry that covers a finding and has not expired.
  public func excuse(_ hit: PHIHit, on today: String) -> Entry? {
    entries.first { entry in
      today <= entry.expires && (entry.type == nil || entry.type == hit.finding.type)
        && (entry.place == nil || entry.place == hit.place)
        && (entry.covers(hit.file) || hit.file.hasSuffix("/" + entry.path)
          || entry.path.hasSuffix("/") && hit.file.contains("/" + entry.path))
    }
  }
}
