/// Optional values.
enum OptionalFunctions {
  static let all: [String: Implementation] = [
    "optional.of": { (_, values) throws(Fault) in .optional(values[0]) },
    "optional.ofNonZeroValue": { (_, values) throws(Fault) in
      .optional(values[0].isZero ? nil : values[0])
    },
    "optional.none": { (_, _) throws(Fault) in .optional(nil) },
    "optional.unwrap": { (frame, values) throws(Fault) in try unwrap(values[0], &frame) },
    "unwrapOpt": { (frame, values) throws(Fault) in try unwrap(values[0], &frame) },
    "hasValue": { (_, values) throws(Fault) in
      guard case .optional(let inside) = values[0] else { throw Fault.noOverload }
      return .bool(inside != nil)
    },
    "value": { (_, values) throws(Fault) in
      guard case .optional(let inside) = values[0] else { throw Fault.noOverload }
      guard let inside else { throw Fault("optional.none() dereference") }
      return inside
    },
  ]

  private static func unwrap(_ value: CELValue, _ frame: inout Frame) throws(Fault) -> CELValue {
    guard case .list(let list) = value else { throw Fault.noOverload }
    try frame.charge(list.count)
    var output: [CELValue] = []
    for element in list {
      guard case .optional(let inside) = element else { throw Fault.noOverload }
      if let inside { output.append(inside) }
    }
    return .list(output)
  }
}
