/// `+`, `-`, `*`, `/`, `%`
struct ArithmeticNode: Node {
  /// Which of them.
  enum Operation: String {
    case add = "_+_"
    case subtract = "_-_"
    case multiply = "_*_"
    case divide = "_/_"
    case remainder = "_%_"
  }

  let left: any Node
  let right: any Node
  let operation: Operation
  let offset: Int

  func evaluate(_ frame: inout Frame) throws(Fault) -> CELValue {
    try frame.charge(1)
    let one = try left.evaluate(&frame)
    let other = try right.evaluate(&frame)
    do throws(Fault) {
      switch (one, other) {
      case (.int(let a), .int(let b)): return .int(try integers(a, b))
      case (.uint(let a), .uint(let b)): return .uint(try integers(a, b))
      case (.double(let a), .double(let b)): return .double(try doubles(a, b))
      default: return try others(one, other, &frame)
      }
    } catch {
      throw error.at(offset)
    }
  }

  private func integers<Number: FixedWidthInteger>(
    _ a: Number, _ b: Number
  ) throws(Fault) -> Number {
    let (value, over): (Number, Bool)
    switch operation {
    case .add: (value, over) = a.addingReportingOverflow(b)
    case .subtract: (value, over) = a.subtractingReportingOverflow(b)
    case .multiply: (value, over) = a.multipliedReportingOverflow(by: b)
    case .divide:
      guard b != 0 else { throw Fault("division by zero") }
      (value, over) = a.dividedReportingOverflow(by: b)
    case .remainder:
      guard b != 0 else { throw Fault("modulus by zero") }
      (value, over) = a.remainderReportingOverflow(dividingBy: b)
    }
    guard !over else { throw Fault("integer overflow") }
    return value
  }

  private func doubles(_ a: Double, _ b: Double) throws(Fault) -> Double {
    switch operation {
    case .add: return a + b
    case .subtract: return a - b
    case .multiply: return a * b
    case .divide: return a / b
    case .remainder: throw Fault.noOverload
    }
  }

  private func others(
    _ one: CELValue, _ other: CELValue, _ frame: inout Frame
  ) throws(Fault) -> CELValue {
    switch (operation, one, other) {
    case (.add, .string(let a), .string(let b)):
      try frame.charge((a.utf8.count + b.utf8.count) / 10)
      return .string(a + b)
    case (.add, .bytes(let a), .bytes(let b)):
      try frame.charge((a.count + b.count) / 10)
      return .bytes(a + b)
    case (.add, .list(let a), .list(let b)):
      try frame.charge(a.count + b.count)
      return .list(a + b)
    case (.add, .timestamp(let moment), .duration(let length)),
      (.add, .duration(let length), .timestamp(let moment)):
      return try Self.timestamp(moment.adding(length))
    case (.subtract, .timestamp(let moment), .duration(let length)):
      guard length.nanoseconds != .min else { throw Fault("timestamp is out of range") }
      return try Self.timestamp(moment.adding(CELDuration(nanoseconds: -length.nanoseconds)))
    case (.subtract, .timestamp(let a), .timestamp(let b)):
      guard let length = a.since(b) else { throw Fault("duration is out of range") }
      return .duration(length)
    case (.add, .duration(let a), .duration(let b)),
      (.subtract, .duration(let a), .duration(let b)):
      let (sum, over) =
        operation == .add
        ? a.nanoseconds.addingReportingOverflow(b.nanoseconds)
        : a.nanoseconds.subtractingReportingOverflow(b.nanoseconds)
      guard !over else { throw Fault("duration is out of range") }
      return .duration(CELDuration(nanoseconds: sum))
    default: throw Fault.noOverload
    }
  }

  private static func timestamp(_ moment: CELTimestamp?) throws(Fault) -> CELValue {
    guard let moment else { throw Fault("timestamp is out of range") }
    return .timestamp(moment)
  }
}

/// `!` and the minus before a value.
struct UnaryNode: Node {
  let operand: any Node
  let isNot: Bool
  let offset: Int

  func evaluate(_ frame: inout Frame) throws(Fault) -> CELValue {
    try frame.charge(1)
    switch (try operand.evaluate(&frame), isNot) {
    case (.bool(let truth), true): return .bool(!truth)
    case (.double(let number), false): return .double(-number)
    case (.int(let number), false):
      guard number != .min else { throw Fault(.evaluation, "integer overflow", at: offset) }
      return .int(-number)
    default: throw Fault.noOverload.at(offset)
    }
  }
}
