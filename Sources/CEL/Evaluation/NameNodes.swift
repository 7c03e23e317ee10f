/// A value that is known.
struct ConstantNode: Node {
  let value: CELValue
  func evaluate(_ frame: inout Frame) throws(Fault) -> CELValue { value }
}

/// An error that is known, such as an unknown function of an unchecked expression.
struct FaultNode: Node {
  let fault: Fault
  func evaluate(_ frame: inout Frame) throws(Fault) -> CELValue { throw fault }
}

/// A name that a macro bound.
struct LocalNode: Node {
  let slot: Int
  func evaluate(_ frame: inout Frame) throws(Fault) -> CELValue { frame.slots[slot] }
}

/// A name that `cel.bind` bound.
struct BoundNode: Node {
  let slot: Int

  func evaluate(_ frame: inout Frame) throws(Fault) -> CELValue {
    if !frame.failures.isEmpty, let failure = frame.failures[slot] { throw failure }
    return frame.slots[slot]
  }
}

/// A declared variable.
struct VariableNode: Node {
  let number: Int
  let name: String
  let offset: Int

  func evaluate(_ frame: inout Frame) throws(Fault) -> CELValue {
    if let value = frame.variables[number] { return value }
    guard let value = frame.activation.values[name] else {
      throw Fault(.evaluation, "no value for '\(name)'", at: offset)
    }
    frame.variables[number] = value
    return value
  }
}

/// A name with points of an unchecked expression: what it means is seen at evaluation.
struct AttributeNode: Node {
  /// A variable's name and the fields that are then left.
  struct Candidate {
    let name: String
    let fields: [String]
  }

  let candidates: [Candidate]
  let shown: String
  let offset: Int

  func evaluate(_ frame: inout Frame) throws(Fault) -> CELValue {
    try frame.charge(1)
    for candidate in candidates {
      var value: CELValue
      if let found = frame.activation.values[candidate.name] {
        value = found
      } else if Library.typeNames[candidate.name] != nil {
        value = .type(candidate.name)
      } else {
        continue
      }
      for field in candidate.fields {
        guard
          let next = try Fields.select(
            .string(field), of: value, name: field, offset)
        else {
          throw Fault(.evaluation, "no such key: '\(field)'", at: offset)
        }
        value = next
      }
      return value
    }
    throw Fault(.evaluation, "undeclared name '\(shown)'", at: offset)
  }
}

/// A field, `has()` and `.?`.
struct FieldNode: Node {
  let operand: any Node
  let field: String
  let key: MapKey
  let isTest: Bool
  let isOptional: Bool
  let offset: Int

  func evaluate(_ frame: inout Frame) throws(Fault) -> CELValue {
    try frame.charge(1)
    let value = try operand.evaluate(&frame)
    if case .map(let map) = value, !isOptional {
      let found = map.value(key)
      if isTest { return .bool(found != nil) }
      if let found { return found }
      throw Fault(.evaluation, "no such key: '\(field)'", at: offset)
    }
    if case .optional(let inside) = value {
      guard let inside else { return isTest ? .bool(false) : .optional(nil) }
      let found = try Fields.select(key, of: inside, name: field, offset)
      return isTest ? .bool(found != nil) : Fields.optional(found)
    }
    let found = try Fields.select(key, of: value, name: field, offset)
    return isTest ? .bool(found != nil) : Fields.optional(found)
  }
}

/// Rules of fields.
enum Fields {
  /// The field of a map, or nil when it is absent; throws when the value is no map.
  static func select(
    _ key: MapKey, of value: CELValue, name: String, _ offset: Int
  ) throws(Fault) -> CELValue? {
    guard case .map(let map) = value else {
      throw Fault(
        .evaluation, "type '\(value.typeName)' does not support selection of '\(name)'", at: offset)
    }
    return map.value(key)
  }

  /// An optional of what was found; an optional stays one.
  static func optional(_ found: CELValue?) -> CELValue {
    guard let found else { return .optional(nil) }
    if case .optional = found { return found }
    return .optional(found)
  }
}

/// `[i]` and `[?i]`.
struct IndexNode: Node {
  let operand: any Node
  let index: any Node
  let isOptional: Bool
  let offset: Int

  func evaluate(_ frame: inout Frame) throws(Fault) -> CELValue {
    try frame.charge(1)
    let value = try operand.evaluate(&frame)
    let key = try index.evaluate(&frame)
    try frame.charge(reading: key)
    if case .optional(let inside) = value {
      guard let inside else { return .optional(nil) }
      return Fields.optional(try find(key, in: inside).value)
    }
    let found = try find(key, in: value)
    if isOptional { return Fields.optional(found.value) }
    guard let element = found.value else {
      throw Fault(.evaluation, found.message, at: offset)
    }
    return element
  }

  private func find(
    _ key: CELValue, in value: CELValue
  ) throws(Fault) -> (value: CELValue?, message: String) {
    switch value {
    case .map(let map):
      if let found = map.value(key) { return (found, "") }
      return (nil, "no such key: \(Shown.text(key))")
    case .list(let list):
      guard let place = Self.place(key) else {
        throw Fault(.evaluation, "a list's index cannot be \(Shown.text(key))", at: offset)
      }
      if place >= 0, place < list.count { return (list[Int(place)], "") }
      return (nil, "index out of range: \(place)")
    default:
      throw Fault(.evaluation, "no such overload: '\(value.typeName)' has no index", at: offset)
    }
  }

  private static func place(_ key: CELValue) -> Int64? {
    switch key {
    case .int(let number): number
    case .uint(let number): Int64(exactly: number)
    case .double(let number): Int64(exactly: number)
    default: nil
    }
  }
}
