/// A place in a text: line and column counted from one, columns in bytes, and the byte offset.
public struct Position: Hashable, Sendable, CustomStringConvertible {
  /// Line, counted from one.
  public let line: Int
  /// Column in bytes, counted from one.
  public let column: Int

  /// A place by line and column, both counted from one.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// The place of a byte.
  public init(ofByte offset: Int, in bytes: some Collection<UInt8>) {
    var line = 1
    var column = 1
    for byte in bytes.prefix(offset) {
      if byte == 0x0a {
        line += 1
        column = 1
      } else {
        column += 1
      }
    }
    self.init(line: line, column: column)
  }

  /// `line:column`.
  public var description: String { "\(line):\(column)" }
}

/// Why an input was refused: one sentence, with its place.
public struct ReadingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was wrong and what was expected.
  public let message: String
  /// Where, when the input is a text.
  public let position: Position?
  /// Where, as a JSON pointer (RFC 6901), when the value and not the text was wrong.
  public let pointer: String?

  /// States what was wrong and where.
  public init(_ message: String, at position: Position? = nil, pointer: String? = nil) {
    self.message = message
    self.position = position
    self.pointer = pointer
  }

  /// `place: message`.
  public var description: String {
    switch (position, pointer) {
    case (let position?, _): "\(position): \(message)"
    case (nil, let pointer?): "\(pointer.isEmpty ? "/" : pointer): \(message)"
    case (nil, nil): message
    }
  }
}

/// Hard limits of a reader: input beyond them is refused, not cut.
public struct ReadingLimits: Hashable, Sendable {
  /// Greatest number of bytes.
  public var bytes: Int
  /// Greatest depth of nesting.
  public var depth: Int
  /// Greatest number of values.
  public var values: Int

  /// Limits of one's own.
  public init(bytes: Int, depth: Int, values: Int) {
    self.bytes = bytes
    self.depth = depth
    self.values = values
  }

  /// For files that people write: 1 MiB, 32 levels, 100,000 values.
  public static let configuration = ReadingLimits(bytes: 1 << 20, depth: 32, values: 100_000)
  /// For statements and envelopes: 16 MiB, 64 levels, a million values.
  public static let statement = ReadingLimits(bytes: 16 << 20, depth: 64, values: 1_000_000)
  /// For reports of tools: 1 GiB, 128 levels, 100 million values.
  public static let report = ReadingLimits(bytes: 1 << 30, depth: 128, values: 100_000_000)
  /// For what is read in parts and never held as a whole: 64 GiB, 128 levels.
  public static let stream = ReadingLimits(bytes: 64 << 30, depth: 128, values: 1 << 40)
}
