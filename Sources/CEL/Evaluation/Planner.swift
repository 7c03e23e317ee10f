/// Turns a syntax tree into nodes that evaluate.
struct Planner {
  /// A node and how deep the lists and maps nest that it may build.
  struct Planned {
    let node: any Node
    let height: Int
  }

  /// How deep values may nest that an expression builds.
  static let maximumHeight = 200

  let environment: Environment
  /// Whether the tree was checked, so that names are declared ones.
  let isChecked: Bool
  /// Whether each part's value is remembered.
  let isTracing: Bool
  /// The declared variables that are used, in the order of their numbers.
  private(set) var variables: [String] = []
  /// How many names of macros are bound at once at most.
  private(set) var slotCount = 0
  private var locals: [(name: String, height: Int, mayFail: Bool)] = []

  init(environment: Environment, isChecked: Bool, isTracing: Bool) {
    self.environment = environment
    self.isChecked = isChecked
    self.isTracing = isTracing
  }

  mutating func plan(_ expression: Expression) throws(Fault) -> Planned {
    let planned = try untraced(expression)
    guard planned.height <= Planner.maximumHeight else {
      throw Fault(
        .depth, "the value is nested deeper than \(Planner.maximumHeight)", at: expression.offset)
    }
    guard isTracing, !(planned.node is ConstantNode) else { return planned }
    let traced = TraceNode(
      node: planned.node, range: expression.range, limit: environment.limits.traceRecords)
    return Planned(node: traced, height: planned.height)
  }

  private mutating func untraced(_ expression: Expression) throws(Fault) -> Planned {
    switch expression.kind {
    case .literal(let value): return Planned(node: ConstantNode(value: value), height: 0)
    case .identifier(let name, let isRooted):
      if !isRooted, let slot = slot(name) {
        let local = locals[slot]
        let node: any Node = local.mayFail ? BoundNode(slot: slot) : LocalNode(slot: slot)
        return Planned(node: node, height: local.height)
      }
      return Planned(node: attribute([name], isRooted, expression), height: 0)
    case .select(let select): return try plan(select, expression)
    case .call(let call): return try plan(call, expression)
    case .list(let elements):
      var nodes: [(node: any Node, isOptional: Bool)] = []
      var height = 0
      for element in elements {
        let planned = try plan(element.value)
        height = max(height, planned.height)
        nodes.append((planned.node, element.isOptional))
      }
      let constants = nodes.compactMap { $0.isOptional ? nil : ($0.node as? ConstantNode)?.value }
      if constants.count == nodes.count {
        return Planned(node: ConstantNode(value: .list(constants)), height: height + 1)
      }
      return Planned(node: ListNode(elements: nodes, offset: expression.offset), height: height + 1)
    case .map(let entries):
      var nodes: [MapNode.Entry] = []
      var height = 0
      for entry in entries {
        let key = try plan(entry.key)
        let value = try plan(entry.value)
        height = max(height, value.height)
        nodes.append(
          MapNode.Entry(
            key: key.node, value: value.node, isOptional: entry.isOptional,
            offset: entry.key.offset))
      }
      return Planned(node: MapNode(entries: nodes), height: height + 1)
    case .comprehension(let walk): return try plan(walk, at: expression.offset)
    case .bind(let name, let value, let body):
      let planned = try plan(value)
      let slot = push(name, planned.height, mayFail: true)
      defer { locals.removeLast() }
      let inside = try plan(body)
      let node = BindNode(slot: slot, value: planned.node, body: inside.node)
      return Planned(node: node, height: max(inside.height, planned.height))
    }
  }

  // MARK: Names

  func slot(_ name: String) -> Int? { locals.lastIndex { $0.name == name } }

  private mutating func push(_ name: String, _ height: Int, mayFail: Bool = false) -> Int {
    locals.append((name, height, mayFail))
    slotCount = max(slotCount, locals.count)
    return locals.count - 1
  }

  /// A name with points that no macro bound.
  private mutating func attribute(
    _ parts: [String], _ isRooted: Bool, _ expression: Expression
  ) -> any Node {
    let name = parts.joined(separator: ".")
    if isChecked {
      for candidate in environment.candidates(name, isRooted: isRooted) {
        if environment.variables[candidate] != nil {
          return VariableNode(
            number: number(candidate), name: candidate, offset: expression.offset)
        }
        if Library.typeNames[candidate] != nil { return ConstantNode(value: .type(candidate)) }
      }
    }
    var candidates: [AttributeNode.Candidate] = []
    for length in stride(from: parts.count, to: 0, by: -1) {
      let head = parts[..<length].joined(separator: ".")
      for candidate in environment.candidates(head, isRooted: isRooted) {
        candidates.append(
          AttributeNode.Candidate(name: candidate, fields: Array(parts[length...])))
      }
    }
    return AttributeNode(candidates: candidates, shown: name, offset: expression.offset)
  }

  private mutating func number(_ variable: String) -> Int {
    if let known = variables.firstIndex(of: variable) { return known }
    variables.append(variable)
    return variables.count - 1
  }

  private mutating func plan(
    _ select: Expression.Select, _ expression: Expression
  ) throws(Fault) -> Planned {
    if !select.isTest, let (parts, isRooted) = expression.path, isRooted || slot(parts[0]) == nil {
      let name = parts.joined(separator: ".")
      let isDeclared = environment.candidates(name, isRooted: isRooted).contains {
        environment.type(ofVariable: $0) != nil
      }
      if isDeclared || !isChecked {
        return Planned(node: attribute(parts, isRooted, expression), height: 0)
      }
    }
    let operand = try plan(select.operand)
    let node = FieldNode(
      operand: operand.node, field: select.field, key: .string(select.field),
      isTest: select.isTest, isOptional: select.isOptional, offset: expression.offset)
    return Planned(node: node, height: operand.height)
  }

  private mutating func plan(_ walk: Comprehension, at offset: Int) throws(Fault) -> Planned {
    let range = try plan(walk.range)
    let first = push(walk.first, range.height)
    let second = walk.second.map { push($0, range.height) }
    defer { locals.removeLast(walk.second == nil ? 1 : 2) }
    let filter = try planIfThere(walk.filter)
    let body = try plan(walk.body)
    let node = WalkNode(
      form: walk.form, range: range.node, first: first, second: second, filter: filter,
      body: body.node, offset: offset)
    return Planned(node: node, height: body.height + 1)
  }

  private mutating func planIfThere(_ expression: Expression?) throws(Fault) -> (any Node)? {
    guard let expression else { return nil }
    return try plan(expression).node
  }
}
