/// A list literal.
struct ListNode: Node {
  let elements: [(node: any Node, isOptional: Bool)]
  let offset: Int

  func evaluate(_ frame: inout Frame) throws(Fault) -> CELValue {
    try frame.charge(1 + elements.count)
    var list: [CELValue] = []
    list.reserveCapacity(elements.count)
    for element in elements {
      let value = try element.node.evaluate(&frame)
      if !element.isOptional {
        list.append(value)
      } else if case .optional(let inside) = value {
        if let inside { list.append(inside) }
      } else {
        throw Fault(.evaluation, "no such overload: '?' wants an optional", at: offset)
      }
    }
    return .list(list)
  }
}

/// A map literal.
struct MapNode: Node {
  /// One entry.
  struct Entry: Sendable {
    let key: any Node
    let value: any Node
    let isOptional: Bool
    let offset: Int
  }

  let entries: [Entry]

  func evaluate(_ frame: inout Frame) throws(Fault) -> CELValue {
    try frame.charge(1 + 2 * entries.count)
    var map = CELMap()
    for entry in entries {
      let key = try entry.key.evaluate(&frame)
      try frame.charge(reading: key)
      var value = try entry.value.evaluate(&frame)
      if entry.isOptional {
        guard case .optional(let inside) = value else {
          throw Fault(.evaluation, "no such overload: '?' wants an optional", at: entry.offset)
        }
        guard let inside else { continue }
        value = inside
      }
      try map.add(key, value, at: entry.offset)
    }
    return .map(map)
  }
}

extension CELMap {
  /// Inserts an entry or says why it cannot be.
  mutating func add(_ key: CELValue, _ value: CELValue, at offset: Int) throws(Fault) {
    guard CELMap.isKey(key) else {
      throw Fault(.evaluation, "unsupported key type '\(key.typeName)'", at: offset)
    }
    guard insert(key, value) else {
      throw Fault(.evaluation, "the key \(Shown.text(key)) is repeated", at: offset)
    }
  }
}

/// `cel.bind`: a value that fails fails where its name is used, not where it is bound.
struct BindNode: Node {
  let slot: Int
  let value: any Node
  let body: any Node

  func evaluate(_ frame: inout Frame) throws(Fault) -> CELValue {
    try frame.charge(1)
    do throws(Fault) {
      frame.slots[slot] = try value.evaluate(&frame)
      if !frame.failures.isEmpty { frame.failures[slot] = nil }
    } catch {
      guard error.isAbsorbable else { throw error }
      frame.failures[slot] = error
    }
    return try body.evaluate(&frame)
  }
}

/// A call of a function.
struct CallNode: Node {
  let implementation: Implementation
  let arguments: [any Node]
  let offset: Int

  func evaluate(_ frame: inout Frame) throws(Fault) -> CELValue {
    try frame.charge(1)
    var values: [CELValue] = []
    values.reserveCapacity(arguments.count)
    for argument in arguments {
      let value = try argument.evaluate(&frame)
      try frame.charge(reading: value)
      values.append(value)
    }
    do throws(Fault) {
      return try implementation(&frame, values)
    } catch {
      throw error.at(offset)
    }
  }
}

/// `o.or(p)` and `o.orValue(v)`: the other side is evaluated only when it is needed.
struct OtherwiseNode: Node {
  let target: any Node
  let other: any Node
  let unwraps: Bool
  let offset: Int

  func evaluate(_ frame: inout Frame) throws(Fault) -> CELValue {
    try frame.charge(1)
    let value = try target.evaluate(&frame)
    guard case .optional(let inside) = value else { throw Fault.noOverload.at(offset) }
    if let inside { return unwraps ? inside : value }
    let instead = try other.evaluate(&frame)
    if !unwraps {
      guard case .optional = instead else { throw Fault.noOverload.at(offset) }
    }
    return instead
  }
}

/// Remembers the value of a part for the trace.
struct TraceNode: Node {
  let node: any Node
  let range: Range<Int>
  let limit: Int

  func evaluate(_ frame: inout Frame) throws(Fault) -> CELValue {
    do throws(Fault) {
      let value = try node.evaluate(&frame)
      if frame.trace.count < limit {
        frame.trace.append(Traced(range: range, value: value, message: ""))
      }
      return value
    } catch {
      if frame.trace.count < limit {
        frame.trace.append(Traced(range: range, value: nil, message: error.message))
      }
      throw error
    }
  }
}
