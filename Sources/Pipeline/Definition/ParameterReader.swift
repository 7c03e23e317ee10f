import Reading

/// Reads what stands under `with` by the parameters that an action declares.
struct ParameterReader {
  let signature: ActionSignature

  init(_ signature: ActionSignature) { self.signature = signature }

  func read(_ fields: FieldReader, at position: Position) throws -> [String: JSONValue] {
    guard let node = fields.node("with") else {
      if let missing = signature.parameters.first(where: \.isRequired) {
        throw ReadingError(
          "the action \"\(signature.name)\" needs \"with: {\(missing.name): …}\"", at: position)
      }
      return [:]
    }
    guard !signature.parameters.isEmpty else {
      throw ReadingError(
        "the action \"\(signature.name)\" takes no parameters", at: node.position)
    }
    let inner = try FieldReader(
      node, "the parameters of \"\(signature.name)\"", known: signature.parameters.map(\.name))
    var values: [String: JSONValue] = [:]
    for parameter in signature.parameters {
      if parameter.isRequired { _ = try inner.required(parameter.name) }
      values[parameter.name] = try value(inner, parameter)
    }
    return values
  }

  private func value(_ fields: FieldReader, _ parameter: ActionParameter) throws -> JSONValue? {
    switch parameter.form {
    case .text:
      guard fields.node(parameter.name) != nil else { return nil }
      return .string(try fields.requiredString(parameter.name))
    case .choice(let words): return try fields.choice(parameter.name, of: words).map { .string($0) }
    case .integer(let range):
      return try fields.integer(parameter.name, in: range).map { .integer(Int64($0)) }
    case .flag: return try fields.bool(parameter.name).map { .bool($0) }
    case .list:
      guard fields.node(parameter.name) != nil else { return nil }
      return .array(try fields.strings(parameter.name).map { .string($0) })
    }
  }
}
