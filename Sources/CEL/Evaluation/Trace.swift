/// Why an expression has its value: the value of every part.
public struct Trace: Sendable {
  /// One part of the expression, at one time that it was evaluated.
  public struct Record: Sendable {
    /// The part's text.
    public let expression: String
    /// The line where it begins, from 1.
    public let line: Int
    /// The column where it begins in Unicode scalars, from 1.
    public let column: Int
    /// Its value, or nil when it failed.
    public let value: CELValue?
    /// Why it failed, else empty.
    public let message: String

    init(_ traced: Traced, in text: SourceText) {
      expression = text.text(traced.range)
      (line, column) = text.position(traced.range.lowerBound)
      value = traced.value
      message = traced.message
    }
  }

  /// The value of the whole, or why there is none.
  public let result: Result<CELValue, CELError>
  /// The units of work that were used.
  public let cost: Int
  /// The parts in the order in which they were done; literals are left out.
  public let records: [Record]
}

/// Values in words for errors.
enum Shown {
  /// A short text of a value.
  static func text(_ value: CELValue) -> String {
    switch value {
    case .string(let text): "'\(text.unicodeScalars.count > 60 ? "…" : text)'"
    case .int(let number): "\(number)"
    case .uint(let number): "\(number)u"
    case .double(let number): DoubleText.shortest(number)
    case .bool(let truth): "\(truth)"
    case .null: "null"
    default: "a value of type '\(value.typeName)'"
    }
  }
}
