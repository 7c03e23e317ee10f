/// Reads one JSON text (RFC 8259) as a tree, strictly: no duplicate names, no lone surrogates, no
/// invalid UTF-8, no numbers that a 64-bit integer or a finite double cannot hold, nothing after
/// the value.
public enum JSONReader {
  /// Reads the whole of `bytes` as one value.
  ///
  /// - Throws: `ReadingError` with line and column.
  public static func read(_ bytes: [UInt8], limits: ReadingLimits = .statement) throws -> JSONValue
  {
    try JSONDocument.read(bytes, limits: limits).root.value
  }
}
