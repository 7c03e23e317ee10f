/// The rows of SQL dumps.
extension SQLFields {
  /// One line of `COPY`; false when its end is not there yet.
  static func copiedLine(
    _ bytes: UnsafeBufferPointer<UInt8>, _ place: inout Int, _ columns: [String], _ isLast: Bool,
    _ take: (Field) -> Void
  ) -> Bool {
    var end = place
    while end < bytes.count, bytes[end] != 0x0a { end += 1 }
    guard end < bytes.count || isLast else { return false }
    var index = 0
    while place <= end {
      let start = place
      while place < end, bytes[place] != 0x09 { place += 1 }
      if index < columns.count, place > start {
        take(
          Field(
            column: columns[index], value: unescaped(bytes[start..<place]), start: start,
            length: place - start))
      }
      index += 1
      place += 1
    }
    place = min(end + 1, bytes.count)
    return true
  }

  /// `COPY` writes a line's end, a tab and a backslash with a backslash before them.
  private static func unescaped(_ raw: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8] {
    guard raw.contains(0x5c) else { return Array(raw) }
    var value: [UInt8] = []
    var isEscaped = false
    for byte in raw {
      if byte == 0x5c, !isEscaped {
        isEscaped = true
        continue
      }
      value.append(
        !isEscaped ? byte : byte == 0x6e ? 0x0a : byte == 0x74 ? 0x09 : byte == 0x72 ? 0x0d : byte)
      isEscaped = false
    }
    return value
  }

  /// The next sign or value of `INSERT`: whether the statement ends; `nil` when it is cut off.
  static func insertedValue(
    _ bytes: UnsafeBufferPointer<UInt8>, _ place: inout Int, _ columns: [String],
    _ index: inout Int, _ depth: inout Int, _ isLast: Bool, _ take: (Field) -> Void
  ) -> Bool? {
    let byte = bytes[place]
    switch byte {
    case 0x3b where depth == 0:
      place += 1
      return true
    case 0x28:
      depth += 1
      if depth == 1 { index = 0 }
    case 0x29: depth = max(0, depth - 1)
    case 0x2c where depth == 1: index += 1
    case 0x27:
      let start = place + 1
      guard let (value, end) = quoted(bytes, start) ?? (isLast ? ([], bytes.count) : nil) else {
        return nil
      }
      if depth >= 1, index < columns.count {
        take(Field(column: columns[index], value: value, start: start, length: end - start))
      }
      place = min(end + 1, bytes.count)
      return false
    case 0x30...0x39 where depth == 1:
      let start = place
      while place < bytes.count, Checks.isDigit(bytes[place]) || bytes[place] == 0x2e { place += 1 }
      guard place < bytes.count || isLast else { return nil }
      if index < columns.count {
        take(
          Field(
            column: columns[index], value: Array(bytes[start..<place]), start: start,
            length: place - start))
      }
      return false
    default: break
    }
    place += 1
    return false
  }

  private static func quoted(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int
  ) -> (value: [UInt8], end: Int)? {
    var value: [UInt8] = []
    var place = start
    while place < bytes.count {
      if bytes[place] == 0x27 {
        guard place + 1 < bytes.count, bytes[place + 1] == 0x27 else { return (value, place) }
        place += 1
      } else if bytes[place] == 0x5c, place + 1 < bytes.count {
        place += 1
      }
      value.append(bytes[place])
      place += 1
    }
    return nil
  }
}
