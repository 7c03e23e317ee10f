public import Model
import Reading

/// How many people of a role must approve, and what their yes means.
public struct ApprovalRule: Hashable, Sendable, Codable {
  /// The role that must approve.
  public let role: Role
  /// How many people of it, each counted once and for one role.
  public let count: Int
  /// What the yes means, such as `reviewed for clinical safety`; `nil` for no more than a yes.
  public let meaning: String?
  /// How many days an approval counts; `nil` means as long as nothing that it is bound to changes.
  public let maximumAgeDays: Int?

  /// The days that may be said.
  static let ages = 1...3_650
  /// The longest meaning, in bytes.
  static let meaningLimit = 200

  /// So many people of a role.
  public init(role: Role, count: Int, meaning: String? = nil, maximumAgeDays: Int? = nil) {
    self.role = role
    self.count = count
    self.meaning = meaning
    self.maximumAgeDays = maximumAgeDays
  }

  /// Reads one of a policy's approvals.
  init(_ node: YAMLNode) throws {
    let fields = try FieldReader(
      node, "an approval", known: ["role", "count", "meaning", "maximum-age-days"])
    self.init(
      role: Role(rawValue: try fields.requiredString("role")),
      count: try fields.integer("count", in: Policy.counts) ?? 1,
      meaning: try fields.string("meaning"),
      maximumAgeDays: try fields.integer("maximum-age-days", in: Self.ages))
    if let fault { throw ReadingError(fault, at: node.position) }
  }

  /// What speaks against the rule; `nil` for nothing. A pinned policy is held to it too.
  var fault: String? {
    if !Policy.counts.contains(count) {
      return "\(count) approvals of role \"\(role.rawValue)\" cannot be asked"
    }
    if let meaning,
      meaning.utf8.count > Self.meaningLimit || meaning.allSatisfy(\.isWhitespace)
    {
      return "the meaning of an approval is a sentence of at most \(Self.meaningLimit) bytes"
    }
    if let maximumAgeDays, !Self.ages.contains(maximumAgeDays) {
      return "approvals count for \(Self.ages.lowerBound) to \(Self.ages.upperBound) days"
    }
    return nil
  }
}
