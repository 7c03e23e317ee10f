import CEL

/// Shapes as types that the checker of expressions knows.
extension Shape {
  /// The type of a value, and the objects that it consists of.
  ///
  /// - Parameters:
  ///   - name: what an object is called in messages, such as `evidence.source`.
  ///   - objects: takes the declared objects.
  func type(_ name: String, objects: inout [String: [String: CELType]]) -> CELType {
    switch self {
    case .any: return .dyn
    case .string, .name, .digest, .commit, .instant, .words: return .string
    case .bool: return .bool
    case .number: return .double
    case .integer: return .int
    case .list(let shape): return .list(shape.type("\(name)[]", objects: &objects))
    case .map(let shape): return .map(.string, shape.type("\(name){}", objects: &objects))
    case .fields(let fields):
      var types: [String: CELType] = [:]
      for field in fields.all {
        types[field.name] = field.shape.type("\(name).\(field.name)", objects: &objects)
      }
      objects[name] = types
      return .object(name)
    }
  }
}
