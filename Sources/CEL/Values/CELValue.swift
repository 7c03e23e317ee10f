/// A value of the Common Expression Language.
///
/// Equality with `==` is CEL's own: numbers compare across `int`, `uint` and `double`, strings by
/// their Unicode scalars, and `NaN` is unequal to itself.
public enum CELValue: Sendable {
  /// The null value.
  case null
  /// A truth value.
  case bool(Bool)
  /// A signed integer of 64 bits.
  case int(Int64)
  /// An unsigned integer of 64 bits.
  case uint(UInt64)
  /// An IEEE 754 number of 64 bits.
  case double(Double)
  /// A text, a sequence of Unicode scalars.
  case string(String)
  /// A sequence of bytes.
  case bytes([UInt8])
  /// An ordered list.
  case list([CELValue])
  /// A map, in the order in which its entries were given.
  case map(CELMap)
  /// A moment.
  case timestamp(CELTimestamp)
  /// A length of time.
  case duration(CELDuration)
  /// A type as a value, such as `int`.
  case type(String)
  /// An optional value; `nil` is `optional.none()`.
  indirect case optional(CELValue?)

  /// The name that `type()` gives, such as `int` or `google.protobuf.Timestamp`.
  public var typeName: String {
    switch self {
    case .null: "null_type"
    case .bool: "bool"
    case .int: "int"
    case .uint: "uint"
    case .double: "double"
    case .string: "string"
    case .bytes: "bytes"
    case .list: "list"
    case .map: "map"
    case .timestamp: TypeName.timestamp
    case .duration: TypeName.duration
    case .type: "type"
    case .optional: "optional_type"
    }
  }

  /// Whether this is the zero of its type, as `optional.ofNonZeroValue` asks.
  var isZero: Bool {
    switch self {
    case .null: true
    case .bool(let value): !value
    case .int(let value): value == 0
    case .uint(let value): value == 0
    case .double(let value): value == 0
    case .string(let value): value.isEmpty
    case .bytes(let value): value.isEmpty
    case .list(let value): value.isEmpty
    case .map(let value): value.isEmpty
    case .timestamp(let value): value.seconds == 0 && value.nanoseconds == 0
    case .duration(let value): value.nanoseconds == 0
    case .type: false
    case .optional(let value): value == nil
    }
  }
}

/// Names of types that are longer than a word.
enum TypeName {
  static let timestamp = "google.protobuf.Timestamp"
  static let duration = "google.protobuf.Duration"
}

extension CELValue: Equatable {
  /// CEL's equality, without a budget: for tests and callers, not for expressions.
  public static func == (left: CELValue, right: CELValue) -> Bool {
    var budget = Int.max
    return (try? Equality.areEqual(left, right, budget: &budget, depth: 0)) ?? false
  }
}

/// Deep equality, counted, so that values that share parts cannot make it endless.
enum Equality {
  /// How deep values may nest that are compared.
  static let maximumDepth = 250

  /// Whether two values are equal; throws when the budget or the depth is used up.
  static func areEqual(
    _ left: CELValue, _ right: CELValue, budget: inout Int, depth: Int
  ) throws(Fault) -> Bool {
    switch (left, right) {
    case (.int(let a), .int(let b)): return a == b
    case (.string(let a), .string(let b)):
      budget -= min(a.utf8.count, b.utf8.count) / 16
      return Text.areEqual(a, b)
    case (.bool(let a), .bool(let b)): return a == b
    case (.null, .null): return true
    case (.bytes(let a), .bytes(let b)):
      budget -= min(a.count, b.count) / 16
      return a == b
    case (.timestamp(let a), .timestamp(let b)): return a == b
    case (.duration(let a), .duration(let b)): return a == b
    case (.type(let a), .type(let b)): return Text.areEqual(a, b)
    case (.int, _), (.uint, _), (.double, _): return Numbers.order(left, right) == .equal
    case (.optional(let a), .optional(let b)):
      guard let a, let b else { return a == nil && b == nil }
      return try nested(a, b, budget: &budget, depth: depth)
    case (.list(let a), .list(let b)):
      guard a.count == b.count else { return false }
      for (one, other) in zip(a, b) {
        guard try nested(one, other, budget: &budget, depth: depth) else { return false }
      }
      return true
    case (.map(let a), .map(let b)):
      guard a.count == b.count else { return false }
      for entry in a.entries {
        guard let other = b.value(entry.key) else { return false }
        guard try nested(entry.value, other, budget: &budget, depth: depth) else { return false }
      }
      return true
    default: return false
    }
  }

  private static func nested(
    _ left: CELValue, _ right: CELValue, budget: inout Int, depth: Int
  ) throws(Fault) -> Bool {
    budget -= 1
    guard budget >= 0 else { throw Fault.budget }
    guard depth < maximumDepth else { throw Fault(.depth, "value is nested too deeply to compare") }
    return try areEqual(left, right, budget: &budget, depth: depth + 1)
  }
}
