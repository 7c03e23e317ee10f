/// How large expressions, and what they do, may become.
public struct Limits: Sendable {
  /// The longest source in bytes.
  public var sourceBytes = 100_000
  /// The most nodes of a syntax tree.
  public var nodes = 20_000
  /// The deepest nesting of a syntax tree. The default fits a stack of two MiB, debug builds too;
  /// raise it only for threads with a larger one.
  public var depth = 100
  /// The most units of work of one evaluation. A node costs one; texts, bytes, lists and matching
  /// cost by their size besides.
  public var cost = 1_000_000
  /// The most records of a trace; later ones are left out.
  public var traceRecords = 10_000

  /// The usual limits.
  public init() {}
}
