/// `&&` and `||`: either side may decide, whatever the other does.
struct LogicalNode: Node {
  let left: any Node
  let right: any Node
  /// The value that decides: false for `&&`, true for `||`.
  let deciding: Bool
  let offset: Int

  func evaluate(_ frame: inout Frame) throws(Fault) -> CELValue {
    try frame.charge(1)
    var failure: Fault?
    do throws(Fault) {
      if case .bool(let truth) = try left.evaluate(&frame) {
        if truth == deciding { return .bool(deciding) }
      } else {
        failure = Fault.noOverload.at(offset)
      }
    } catch {
      guard error.isAbsorbable else { throw error }
      failure = error
    }
    if case .bool(let truth) = try rightValue(&frame, failure) {
      if truth == deciding { return .bool(deciding) }
      if let failure { throw failure }
      return .bool(!deciding)
    }
    throw failure ?? Fault.noOverload.at(offset)
  }

  /// The right side; when both sides fail, the left's error is the one to show.
  private func rightValue(_ frame: inout Frame, _ failure: Fault?) throws(Fault) -> CELValue {
    do throws(Fault) {
      return try right.evaluate(&frame)
    } catch {
      guard error.isAbsorbable, let failure else { throw error }
      throw failure
    }
  }
}

/// `c ? a : b`
struct ConditionalNode: Node {
  let condition: any Node
  let yes: any Node
  let no: any Node
  let offset: Int

  func evaluate(_ frame: inout Frame) throws(Fault) -> CELValue {
    try frame.charge(1)
    guard case .bool(let truth) = try condition.evaluate(&frame) else {
      throw Fault.noOverload.at(offset)
    }
    return truth ? try yes.evaluate(&frame) : try no.evaluate(&frame)
  }
}

/// `==` and `!=`
struct EqualNode: Node {
  let left: any Node
  let right: any Node
  let isNegated: Bool
  let offset: Int

  func evaluate(_ frame: inout Frame) throws(Fault) -> CELValue {
    try frame.charge(1)
    let one = try left.evaluate(&frame)
    let other = try right.evaluate(&frame)
    do throws(Fault) {
      return .bool(try frame.areEqual(one, other) != isNegated)
    } catch {
      throw error.at(offset)
    }
  }
}

/// `<`, `<=`, `>`, `>=`
struct OrderNode: Node {
  /// Which of them.
  enum Comparison: String {
    case less = "_<_"
    case lessOrEqual = "_<=_"
    case greater = "_>_"
    case greaterOrEqual = "_>=_"
  }

  let left: any Node
  let right: any Node
  let comparison: Comparison
  let offset: Int

  func evaluate(_ frame: inout Frame) throws(Fault) -> CELValue {
    try frame.charge(1)
    let one = try left.evaluate(&frame)
    let other = try right.evaluate(&frame)
    let order: Ordering
    switch (one, other) {
    case (.int(let a), .int(let b)): order = Numbers.of(a, b)
    case (.int, .uint), (.int, .double), (.uint, .int), (.uint, .uint), (.uint, .double),
      (.double, .int), (.double, .uint), (.double, .double):
      // NaN stands in no order to anything.
      guard let found = Numbers.order(one, other) else { return .bool(false) }
      order = found
    case (.string(let a), .string(let b)):
      try frame.charge(min(a.utf8.count, b.utf8.count) / 16)
      order = Text.order(a, b)
    case (.bytes(let a), .bytes(let b)):
      try frame.charge(min(a.count, b.count) / 16)
      order = Text.order(a, b)
    case (.timestamp(let a), .timestamp(let b)): order = Numbers.of(a, b)
    case (.duration(let a), .duration(let b)): order = Numbers.of(a, b)
    case (.bool(let a), .bool(let b)): order = a == b ? .equal : (b ? .less : .greater)
    default: throw Fault.noOverload.at(offset)
    }
    switch comparison {
    case .less: return .bool(order == .less)
    case .lessOrEqual: return .bool(order != .greater)
    case .greater: return .bool(order == .greater)
    case .greaterOrEqual: return .bool(order != .less)
    }
  }
}

/// `in`
struct MemberNode: Node {
  let element: any Node
  let collection: any Node
  let offset: Int

  func evaluate(_ frame: inout Frame) throws(Fault) -> CELValue {
    try frame.charge(1)
    let wanted = try element.evaluate(&frame)
    switch try collection.evaluate(&frame) {
    case .map(let map):
      try frame.charge(reading: wanted)
      return .bool(map.value(wanted) != nil)
    case .list(let list):
      for other in list {
        try frame.charge(1)
        if try frame.areEqual(wanted, other) { return .bool(true) }
      }
      return .bool(false)
    default: throw Fault.noOverload.at(offset)
    }
  }
}
