/// What went wrong with an expression, and where.
public struct CELError: Error, Sendable, Equatable {
  /// The stages and limits that errors come from.
  public enum Kind: String, Sendable {
    /// The text is not an expression.
    case syntax
    /// The expression does not fit the declarations.
    case type
    /// The evaluation failed.
    case evaluation
    /// The cost budget is used up.
    case budget
    /// Text, tree or value is too large or nested too deeply.
    case depth
  }

  /// The stage or limit.
  public let kind: Kind
  /// The reason in words.
  public let message: String
  /// The line, from 1.
  public let line: Int
  /// The column in Unicode scalars, from 1.
  public let column: Int
  /// The text of that line.
  public let sourceLine: String

  /// The message with its place, the line of source and a caret below the place.
  public var description: String {
    // Tabs stay, so that the caret stands below its place in a terminal.
    let lead = sourceLine.unicodeScalars.prefix(column - 1).map { $0 == "\t" ? "\t" : " " }
    return "\(line):\(column): \(message)\n | \(sourceLine)\n | \(lead.joined())^"
  }
}

extension CELError: CustomStringConvertible {}

/// An error inside: the place is an offset into the source's bytes, or -1 when not yet known.
struct Fault: Error {
  let kind: CELError.Kind
  let message: String
  var offset: Int

  init(_ kind: CELError.Kind, _ message: String, at offset: Int = -1) {
    self.kind = kind
    self.message = message
    self.offset = offset
  }

  /// An evaluation error.
  init(_ message: String) { self.init(.evaluation, message) }

  static let budget = Fault(.budget, "the cost budget is used up")
  static let noOverload = Fault("no such overload")

  /// The same error with a place, unless it has one.
  func at(_ place: Int) -> Fault {
    var fault = self
    if fault.offset < 0 { fault.offset = place }
    return fault
  }

  /// Whether `&&` and `||` may take the other side instead: limits always stop.
  var isAbsorbable: Bool { kind == .evaluation || kind == .type }
}

/// The text of an expression as bytes.
struct SourceText: Sendable {
  let bytes: [UInt8]

  init(_ text: String) { bytes = Array(text.utf8) }

  /// Line and column (from 1, in scalars) of an offset.
  func position(_ offset: Int) -> (line: Int, column: Int) {
    let end = min(max(offset, 0), bytes.count)
    var line = 1
    var column = 1
    for byte in bytes[..<end] {
      if byte == 0x0A {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return (line, column)
  }

  /// The public error of a fault.
  func error(_ fault: Fault) -> CELError {
    let end = min(max(fault.offset, 0), bytes.count)
    let place = position(end)
    let start = bytes[..<end].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let stop = bytes[end...].firstIndex(of: 0x0A) ?? bytes.count
    let text = String(decoding: bytes[start..<stop], as: UTF8.self)
    return CELError(
      kind: fault.kind, message: fault.message, line: place.line, column: place.column,
      sourceLine: text)
  }

  /// The text between two offsets.
  func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
  }
}
