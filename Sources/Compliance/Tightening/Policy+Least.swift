import Model
import Reading

extension Policy {
  /// The path of the organisation's policy that a policy file says it tightens, relative to its own
  /// folder; `nil` where it says nothing of one.
  ///
  /// - Throws: `Problem` with `badInput`, file, line and column.
  public static func leastPolicy(_ bytes: [UInt8], file: String) throws -> String? {
    try Problem.locating(file) {
      guard case .mapping(let entries) = try YAMLReader.read(bytes).content else { return nil }
      return try entries.first { $0.key.isSame(as: "least") }.map {
        try FieldReader.string($0.value)
      }
    }
  }
}
