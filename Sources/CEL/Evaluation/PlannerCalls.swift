/// Operators and functions.
extension Planner {
  mutating func plan(_ call: Expression.Call, _ expression: Expression) throws(Fault) -> Planned {
    let offset = expression.offset
    if let target = call.target {
      if let (parts, isRooted) = target.path, isRooted || slot(parts[0]) == nil {
        let name = (parts + [call.name]).joined(separator: ".")
        for candidate in environment.candidates(name, isRooted: isRooted)
        where environment.overloads(candidate) != nil {
          return try function(candidate, call.arguments, isMember: false, at: offset)
        }
      }
      if call.name == "or" || call.name == "orValue", call.arguments.count == 1 {
        let value = try plan(target)
        let other = try plan(call.arguments[0])
        let node = OtherwiseNode(
          target: value.node, other: other.node, unwraps: call.name == "orValue", offset: offset)
        return Planned(node: node, height: max(value.height, other.height))
      }
      return try function(call.name, [target] + call.arguments, isMember: true, at: offset)
    }
    if let planned = try operation(call, at: offset) { return planned }
    let isRooted = call.name.hasPrefix(".")
    let name = isRooted ? String(call.name.dropFirst()) : call.name
    let known = environment.candidates(name, isRooted: isRooted).first {
      environment.overloads($0) != nil
    }
    return try function(known ?? name, call.arguments, isMember: false, at: offset)
  }

  private mutating func operation(
    _ call: Expression.Call, at offset: Int
  ) throws(Fault) -> Planned? {
    // Names of operators cannot be written in a source, so these are what the parser made.
    guard call.name.hasPrefix("_") || call.name.hasSuffix("_") || call.name == Operator.member,
      let kind = Operation(call.name)
    else { return nil }
    var nodes: [any Node] = []
    var height = 0
    for argument in call.arguments {
      let planned = try plan(argument)
      nodes.append(planned.node)
      height = max(height, planned.height)
    }
    guard nodes.count == kind.count else { return nil }
    return Planned(node: kind.node(nodes, offset), height: height)
  }

  private mutating func function(
    _ name: String, _ arguments: [Expression], isMember: Bool, at offset: Int
  ) throws(Fault) -> Planned {
    guard let overloads = environment.overloads(name) else {
      return fault("unbound function '\(name)'", at: offset)
    }
    let fits = overloads.contains {
      $0.isMember == isMember && $0.parameters.count == arguments.count
    }
    guard fits else { return fault("no such overload: '\(name)'", at: offset) }
    var nodes: [any Node] = []
    var height = 0
    for argument in arguments {
      let planned = try plan(argument)
      nodes.append(planned.node)
      height = max(height, planned.height)
    }
    if let matcher = try constantPattern(name, arguments, nodes, offset) {
      return Planned(node: matcher, height: 0)
    }
    if let standard = Library.standard.implementations[name] {
      if let constant = constantTime(name, nodes, standard) {
        return Planned(node: constant, height: 0)
      }
      let node = CallNode(implementation: standard, arguments: nodes, offset: offset)
      return Planned(node: node, height: height + 1)
    }
    guard let body = environment.functions[name]?.body else {
      return fault("function '\(name)' has no body", at: offset)
    }
    let implementation: Implementation = { (_, values) throws(Fault) -> CELValue in
      do {
        return try body(values)
      } catch {
        throw Fault("function '\(name)' failed: \(error)")
      }
    }
    let node = CallNode(implementation: implementation, arguments: nodes, offset: offset)
    return Planned(node: node, height: height + 1)
  }

  private func fault(_ message: String, at offset: Int) -> Planned {
    Planned(node: FaultNode(fault: Fault(.evaluation, message, at: offset)), height: 0)
  }

  /// A timestamp or duration of a literal, read once; one that is none fails when it is reached.
  private func constantTime(
    _ name: String, _ nodes: [any Node], _ implementation: Implementation
  ) -> (any Node)? {
    guard name == "duration" || name == "timestamp", nodes.count == 1,
      let constant = nodes[0] as? ConstantNode
    else { return nil }
    var frame = Frame(
      activation: Activation(), timeZones: nil, variables: [], slots: [], budget: 1_000)
    guard let value = try? implementation(&frame, [constant.value]) else { return nil }
    return ConstantNode(value: value)
  }

  /// `matches` with a literal pattern, compiled once.
  private func constantPattern(
    _ name: String, _ arguments: [Expression], _ nodes: [any Node], _ offset: Int
  ) throws(Fault) -> (any Node)? {
    guard name == "matches", arguments.count == 2,
      case .literal(.string(let pattern)) = arguments[1].kind
    else { return nil }
    do throws(Fault) {
      return MatchNode(text: nodes[0], pattern: try Pattern(pattern), offset: offset)
    } catch {
      return FaultNode(fault: error.at(arguments[1].offset))
    }
  }
}

/// An operator with a node of its own.
private enum Operation {
  case logical(deciding: Bool)
  case conditional
  case unary(isNot: Bool)
  case index(isOptional: Bool)
  case equal(isNegated: Bool)
  case member
  case order(OrderNode.Comparison)
  case arithmetic(ArithmeticNode.Operation)

  init?(_ name: String) {
    switch name {
    case Operator.and: self = .logical(deciding: false)
    case Operator.or: self = .logical(deciding: true)
    case Operator.conditional: self = .conditional
    case Operator.not: self = .unary(isNot: true)
    case Operator.negate: self = .unary(isNot: false)
    case Operator.index: self = .index(isOptional: false)
    case Operator.optionalIndex: self = .index(isOptional: true)
    case Operator.member: self = .member
    case "_==_": self = .equal(isNegated: false)
    case "_!=_": self = .equal(isNegated: true)
    default:
      if let comparison = OrderNode.Comparison(rawValue: name) {
        self = .order(comparison)
      } else if let operation = ArithmeticNode.Operation(rawValue: name) {
        self = .arithmetic(operation)
      } else {
        return nil
      }
    }
  }

  /// How many operands there are.
  var count: Int {
    switch self {
    case .conditional: 3
    case .unary: 1
    default: 2
    }
  }

  func node(_ all: [any Node], _ offset: Int) -> any Node {
    switch self {
    case .logical(let deciding):
      LogicalNode(left: all[0], right: all[1], deciding: deciding, offset: offset)
    case .conditional: ConditionalNode(condition: all[0], yes: all[1], no: all[2], offset: offset)
    case .unary(let isNot): UnaryNode(operand: all[0], isNot: isNot, offset: offset)
    case .index(let isOptional):
      IndexNode(operand: all[0], index: all[1], isOptional: isOptional, offset: offset)
    case .equal(let isNegated):
      EqualNode(left: all[0], right: all[1], isNegated: isNegated, offset: offset)
    case .member: MemberNode(element: all[0], collection: all[1], offset: offset)
    case .order(let comparison):
      OrderNode(left: all[0], right: all[1], comparison: comparison, offset: offset)
    case .arithmetic(let operation):
      ArithmeticNode(left: all[0], right: all[1], operation: operation, offset: offset)
    }
  }
}
