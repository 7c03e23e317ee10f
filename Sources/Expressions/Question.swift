public import CEL
public import Model
public import Reading

/// An expression and the input that it is evaluated over.
public struct Question: Sendable {
  private let program: Program
  private let values: Activation

  /// Compiles an expression over an input: each member of the input is a variable.
  ///
  /// - Throws: `Problem` with `badInput`: line, column and a caret below the place.
  public init(_ expression: String, over input: JSONObject = JSONObject()) throws {
    var environment = Environment()
    environment.timeZones = ZoneNames.ofThisMachine
    var values = Activation()
    for member in input.members {
      environment.variables[member.name] = .dyn
      values.values[member.name] = PlainValue.value(member.value)
    }
    do throws(CELError) {
      program = try Program(expression, in: environment)
    } catch {
      throw Problem(error)
    }
    self.values = values
  }

  /// Its answer.
  ///
  /// - Parameter isTraced: whether the value of each part is wanted too.
  /// - Throws: `Problem` with `judgingFailed` where the evaluation fails, or a limit stops it.
  public func answer(isTraced: Bool = false) throws -> Answer {
    do throws(CELError) {
      guard isTraced else {
        return Answer(
          value: .success(try program.evaluate(values)), type: program.resultType, trace: nil)
      }
      let trace = try program.trace(values)
      return Answer(value: trace.result, type: program.resultType, trace: trace)
    } catch {
      throw Problem(error)
    }
  }

  /// Reads an input: JSON where it begins with a brace, else YAML.
  ///
  /// - Throws: `ReadingError` with line and column; also when it is no object.
  public static func input(_ bytes: [UInt8]) throws -> JSONObject {
    let first = bytes.first { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }
    let json = first == 0x7b ? try JSONReader.read(bytes) : try YAMLReader.read(bytes).json
    guard let object = json.object else {
      throw ReadingError("the input must be an object, whose members are the variables")
    }
    return object
  }
}

extension Question {
  /// What came out.
  public struct Answer: Sendable, Encodable {
    /// The value, or why there is none; without a trace always a value.
    public let value: Result<CELValue, CELError>
    /// The type that was deduced before the evaluation.
    public let type: CELType
    /// The value of each part, where it was asked for.
    public let trace: Trace?

    private enum Key: String, CodingKey {
      case value, error, type, cost, trace, expression, line, column
    }

    /// What failed; `nil` for a value.
    public var problem: Problem? {
      if case .failure(let error) = value { Problem(error) } else { nil }
    }

    /// As JSON: `value` in the typed form, or `error`; `type`; with a trace `cost` and `trace`.
    public func encode(to encoder: any Encoder) throws {
      var box = encoder.container(keyedBy: Key.self)
      switch value {
      case .success(let value): try box.encode(TypedValue.write(value), forKey: .value)
      case .failure(let error):
        try box.encode("\(error.line):\(error.column): \(error.message)", forKey: .error)
      }
      try box.encode(type.description, forKey: .type)
      guard let trace else { return }
      try box.encode(trace.cost, forKey: .cost)
      var list = box.nestedUnkeyedContainer(forKey: .trace)
      for record in trace.records {
        var part = list.nestedContainer(keyedBy: Key.self)
        try part.encode(record.expression, forKey: .expression)
        try part.encode(record.line, forKey: .line)
        try part.encode(record.column, forKey: .column)
        if let value = record.value {
          try part.encode(TypedValue.write(value), forKey: .value)
        } else {
          try part.encode(record.message, forKey: .error)
        }
      }
    }

    /// For people: each part with its value, then the value and its type.
    public var lines: [String] {
      let parts = (trace?.records ?? []).map { record in
        let value = record.value.map { LiteralText.text($0, atMost: 200) }
        return "\(record.line):\(record.column)  \(record.expression)"
          + "  →  \(value ?? "error: \(record.message)")"
      }
      guard case .success(let value) = value else { return parts }
      return parts + ["\(value.typeName): \(LiteralText.text(value))"]
    }
  }
}

extension Problem {
  /// An expression's error with its place, the line of source and a caret below the place.
  init(_ error: CELError) {
    let isCompiling = error.kind == .syntax || error.kind == .type
    let caret = error.description.split(separator: "\n", omittingEmptySubsequences: false)
      .dropFirst().map { "\n\($0)" }.joined()
    self.init(
      isCompiling ? .badInput : .judgingFailed, error.message + caret,
      at: "expression:\(error.line):\(error.column)")
  }
}
