import Reading

extension FieldReader {
  /// A span of time such as `500ms`, `10s` or `2m`, in milliseconds and within bounds.
  func timeSpan(_ key: String, in range: ClosedRange<Int64>) throws -> Int64? {
    guard let node = node(key) else { return nil }
    let text = try FieldReader.string(node)
    let units: [(suffix: String, milliseconds: Int64)] = [("ms", 1), ("s", 1000), ("m", 60_000)]
    for unit in units where text.hasSuffix(unit.suffix) {
      let digits = text.dropLast(unit.suffix.count)
      guard !digits.isEmpty, digits.utf8.count <= 9,
        digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int64(digits)
      else { continue }
      let milliseconds = count * unit.milliseconds
      guard range.contains(milliseconds) else {
        throw ReadingError(
          "\"\(key)\" must lie between \(range.lowerBound)ms and \(range.upperBound)ms",
          at: node.position)
      }
      return milliseconds
    }
    throw ReadingError(
      "\"\(text)\" is not a span of time; write it as 500ms, 10s or 2m", at: node.position)
  }
}
