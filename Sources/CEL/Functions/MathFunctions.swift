/// The extension of mathematics.
enum MathFunctions {
  static let all: [String: Implementation] = [
    "math.greatest": { (frame, values) throws(Fault) in try best(values, .greater, &frame) },
    "math.least": { (frame, values) throws(Fault) in try best(values, .less, &frame) },
    "math.ceil": { (_, values) throws(Fault) in .double(try double(values[0]).rounded(.up)) },
    "math.floor": { (_, values) throws(Fault) in .double(try double(values[0]).rounded(.down)) },
    "math.round": { (_, values) throws(Fault) in
      .double(try double(values[0]).rounded(.toNearestOrAwayFromZero))
    },
    "math.trunc": { (_, values) throws(Fault) in
      .double(try double(values[0]).rounded(.towardZero))
    },
    "math.isNaN": { (_, values) throws(Fault) in .bool(try double(values[0]).isNaN) },
    "math.isInf": { (_, values) throws(Fault) in .bool(try double(values[0]).isInfinite) },
    "math.isFinite": { (_, values) throws(Fault) in .bool(try double(values[0]).isFinite) },
    "math.abs": { (_, values) throws(Fault) in try absolute(values[0]) },
    "math.sign": { (_, values) throws(Fault) in try sign(values[0]) },
    "math.sqrt": { (_, values) throws(Fault) in
      switch values[0] {
      case .double(let number): .double(number.squareRoot())
      case .int(let number): .double(Double(number).squareRoot())
      case .uint(let number): .double(Double(number).squareRoot())
      default: throw Fault.noOverload
      }
    },
  ]

  private static func double(_ value: CELValue) throws(Fault) -> Double {
    guard case .double(let number) = value else { throw Fault.noOverload }
    return number
  }

  private static func absolute(_ value: CELValue) throws(Fault) -> CELValue {
    switch value {
    case .double(let number): return .double(number.magnitude)
    case .uint: return value
    case .int(let number):
      guard number != .min else { throw Fault("integer overflow") }
      return .int(abs(number))
    default: throw Fault.noOverload
    }
  }

  private static func sign(_ value: CELValue) throws(Fault) -> CELValue {
    switch value {
    case .double(let number):
      return .double(number.isNaN ? .nan : (number > 0 ? 1 : (number < 0 ? -1 : 0)))
    case .uint(let number): return .uint(number > 0 ? 1 : 0)
    case .int(let number): return .int(number.signum())
    default: throw Fault.noOverload
    }
  }

  /// The greatest or the least of the arguments or of one list; of equal ones the first.
  private static func best(
    _ values: [CELValue], _ wanted: Ordering, _ frame: inout Frame
  ) throws(Fault) -> CELValue {
    var all = values
    if values.count == 1, case .list(let list) = values[0] { all = list }
    guard var best = all.first else { throw Fault("the list is empty") }
    for value in all {
      try frame.charge(1)
      switch value {
      case .int, .uint, .double: break
      default: throw Fault.noOverload
      }
      if Numbers.order(value, best) == wanted { best = value }
    }
    return best
  }
}

/// Operations on bits.
enum BitFunctions {
  static let all: [String: Implementation] = [
    "math.bitAnd": { (_, values) throws(Fault) in try both(values) { $0 & $1 } },
    "math.bitOr": { (_, values) throws(Fault) in try both(values) { $0 | $1 } },
    "math.bitXor": { (_, values) throws(Fault) in try both(values) { $0 ^ $1 } },
    "math.bitNot": { (_, values) throws(Fault) in
      switch values[0] {
      case .int(let number): .int(~number)
      case .uint(let number): .uint(~number)
      default: throw Fault.noOverload
      }
    },
    "math.bitShiftLeft": { (_, values) throws(Fault) in try shift(values) { $0 << $1 } },
    // Of an int too, zeros come in from the left.
    "math.bitShiftRight": { (_, values) throws(Fault) in try shift(values) { $0 >> $1 } },
  ]

  private static func both(
    _ values: [CELValue], _ operation: (UInt64, UInt64) -> UInt64
  ) throws(Fault) -> CELValue {
    switch (values[0], values[1]) {
    case (.int(let a), .int(let b)):
      .int(Int64(bitPattern: operation(UInt64(bitPattern: a), UInt64(bitPattern: b))))
    case (.uint(let a), .uint(let b)): .uint(operation(a, b))
    default: throw Fault.noOverload
    }
  }

  private static func shift(
    _ values: [CELValue], _ operation: (UInt64, UInt64) -> UInt64
  ) throws(Fault) -> CELValue {
    guard case .int(let places) = values[1] else { throw Fault.noOverload }
    let bits: UInt64
    let isSigned: Bool
    switch values[0] {
    case .int(let number): (bits, isSigned) = (UInt64(bitPattern: number), true)
    case .uint(let number): (bits, isSigned) = (number, false)
    default: throw Fault.noOverload
    }
    guard places >= 0 else { throw Fault("the shift has a negative offset: \(places)") }
    let result = places > 63 ? 0 : operation(bits, UInt64(places))
    return isSigned ? .int(Int64(bitPattern: result)) : .uint(result)
  }
}
