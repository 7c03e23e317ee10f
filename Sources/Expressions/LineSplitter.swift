/// Cuts a stream of bytes into lines and holds no more of one than a limit.
public struct LineSplitter: Sendable {
  private let length: Int
  private var line: [UInt8] = []

  /// A splitter for lines of at most so many bytes; of a longer one a byte more than that is kept,
  /// so that its reader sees that it is too long.
  public init(length: Int) { self.length = length }

  /// The lines that end within these bytes, without their ends.
  public mutating func lines(_ bytes: some Sequence<UInt8>) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    for byte in bytes {
      if byte == 0x0a {
        lines.append(taken())
      } else if line.count <= length {
        line.append(byte)
      }
    }
    return lines
  }

  /// What stands after the last line's end; `nil` for nothing.
  public mutating func rest() -> [UInt8]? { line.isEmpty ? nil : taken() }

  private mutating func taken() -> [UInt8] {
    defer { line.removeAll(keepingCapacity: line.count < 1 << 16) }
    return line.last == 0x0d ? line.dropLast() : line
  }
}
