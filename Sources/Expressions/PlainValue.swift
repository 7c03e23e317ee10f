public import CEL
public import Reading

/// JSON and YAML as values of the language.
public enum PlainValue {
  /// The value: integers as `int`, other numbers as `double`, objects as maps with text keys.
  public static func value(_ json: JSONValue) -> CELValue {
    switch json {
    case .null: .null
    case .bool(let truth): .bool(truth)
    case .integer(let number): .int(number)
    case .number(let number): .double(number)
    case .string(let text): .string(text)
    case .array(let elements): .list(elements.map(value))
    case .object(let object): .map(CELMap(object.members.map { ($0.name, value($0.value)) }))
    }
  }
}
