/// How one value stands to another.
enum Ordering { case less, equal, greater }

/// Comparison of numbers of different types on one line.
enum Numbers {
  /// The order of two numbers, or nil when one is not a number or is NaN.
  static func order(_ left: CELValue, _ right: CELValue) -> Ordering? {
    switch (left, right) {
    case (.int(let a), .int(let b)): return of(a, b)
    case (.uint(let a), .uint(let b)): return of(a, b)
    case (.double(let a), .double(let b)): return doubles(a, b)
    case (.int(let a), .uint(let b)): return a < 0 ? .less : of(UInt64(a), b)
    case (.uint(let a), .int(let b)): return b < 0 ? .greater : of(a, UInt64(b))
    case (.int(let a), .double(let b)): return doubles(Double(a), b)
    case (.double(let a), .int(let b)): return doubles(a, Double(b))
    case (.uint(let a), .double(let b)): return doubles(Double(a), b)
    case (.double(let a), .uint(let b)): return doubles(a, Double(b))
    default: return nil
    }
  }

  /// The order of two values of one comparable type.
  static func of<Value: Comparable>(_ left: Value, _ right: Value) -> Ordering {
    left < right ? .less : (left == right ? .equal : .greater)
  }

  private static func doubles(_ left: Double, _ right: Double) -> Ordering? {
    if left < right { return .less }
    if left > right { return .greater }
    return left == right ? .equal : nil
  }

  /// A double as an integer of 64 bits; nil outside of the open range, as the definition wants.
  static func int(_ value: Double) -> Int64? {
    guard value > -9_223_372_036_854_775_808.0, value < 9_223_372_036_854_775_808.0 else {
      return nil
    }
    return Int64(value)
  }

  /// A double as an unsigned integer of 64 bits; nil outside of the range.
  static func uint(_ value: Double) -> UInt64? {
    guard value >= 0, value < 18_446_744_073_709_551_616.0 else { return nil }
    return UInt64(value)
  }
}

/// Texts as sequences of Unicode scalars, without canonical equivalence.
enum Text {
  /// Whether two texts are the same scalars.
  static func areEqual(_ left: String, _ right: String) -> Bool {
    guard left.utf8.count == right.utf8.count else { return false }
    let same = left.utf8.withContiguousStorageIfAvailable { a in
      right.utf8.withContiguousStorageIfAvailable { b in
        a.elementsEqual(b)
      }
    }
    return (same ?? nil) ?? left.utf8.elementsEqual(right.utf8)
  }

  /// The order of two texts by scalar, which is the order of their UTF-8 bytes.
  static func order(_ left: String, _ right: String) -> Ordering {
    if left.utf8.lexicographicallyPrecedes(right.utf8) { return .less }
    return areEqual(left, right) ? .equal : .greater
  }

  /// The order of two sequences of bytes.
  static func order(_ left: [UInt8], _ right: [UInt8]) -> Ordering {
    if left.lexicographicallyPrecedes(right) { return .less }
    return left == right ? .equal : .greater
  }
}
