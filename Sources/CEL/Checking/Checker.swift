/// The type checker: every name must be declared and every function must fit.
struct Checker {
  private let environment: Environment
  private var unifier = Unifier()
  private var locals: [(name: String, type: CELType)] = []

  /// The type of a whole expression; throws what does not fit.
  static func check(
    _ expression: Expression, in environment: Environment
  ) throws(Fault) -> CELType {
    var checker = Checker(environment: environment)
    let type = try checker.check(expression)
    return checker.unifier.substitute(type, unknownAsDyn: true)
  }

  private init(environment: Environment) { self.environment = environment }

  private mutating func check(_ expression: Expression) throws(Fault) -> CELType {
    switch expression.kind {
    case .literal(let value): return Checker.type(of: value)
    case .identifier(let name, let isRooted):
      return try identifier(name, isRooted, at: expression.offset)
    case .select(let select): return try check(select, expression)
    case .call(let call): return try check(call, at: expression.offset)
    case .list(let elements): return try check(elements)
    case .map(let entries): return try check(entries)
    case .comprehension(let walk): return try check(walk)
    case .bind(let name, let value, let body):
      locals.append((name, try check(value)))
      defer { locals.removeLast() }
      return try check(body)
    }
  }

  private static func type(of value: CELValue) -> CELType {
    switch value {
    case .null: .null
    case .bool: .bool
    case .int: .int
    case .uint: .uint
    case .double: .double
    case .string: .string
    case .bytes: .bytes
    default: .dyn
    }
  }

  // MARK: Names and fields

  private func local(_ name: String) -> CELType? {
    locals.last { $0.name == name }?.type
  }

  private func declared(_ name: String, isRooted: Bool) -> CELType? {
    for candidate in environment.candidates(name, isRooted: isRooted) {
      if let type = environment.type(ofVariable: candidate) { return type }
    }
    return nil
  }

  private func identifier(
    _ name: String, _ isRooted: Bool, at offset: Int
  ) throws(Fault) -> CELType {
    if !isRooted, let type = local(name) { return type }
    if let type = declared(name, isRooted: isRooted) { return type }
    let hint = Nearest.hint(name, locals.map(\.name) + Array(environment.variables.keys))
    throw Fault(.type, "undeclared name '\(name)'\(hint)", at: offset)
  }

  private mutating func check(
    _ select: Expression.Select, _ expression: Expression
  ) throws(Fault) -> CELType {
    if !select.isTest, let (parts, isRooted) = expression.path, isRooted || local(parts[0]) == nil,
      let type = declared(parts.joined(separator: "."), isRooted: isRooted)
    {
      return type
    }
    let operand = unifier.substitute(try check(select.operand), unknownAsDyn: false)
    var inside = operand
    if case .optional(let element) = operand { inside = element }
    let field = try field(
      select.field, of: unifier.substitute(inside, unknownAsDyn: false), at: expression.offset)
    if select.isTest { return .bool }
    if case .optional = operand { return Checker.optional(field) }
    return select.isOptional ? Checker.optional(field) : field
  }

  private static func optional(_ type: CELType) -> CELType {
    if case .optional = type { return type }
    return .optional(type)
  }

  private mutating func field(
    _ name: String, of type: CELType, at offset: Int
  ) throws(Fault) -> CELType {
    switch type {
    case .map(let key, let value):
      guard unifier.isAssignable(.string, key) else {
        throw Fault(.type, "type '\(type)' has no fields", at: offset)
      }
      return value
    case .object(let object):
      guard let fields = environment.objects[object] else {
        throw Fault(.type, "undeclared type '\(object)'", at: offset)
      }
      if let field = fields[name] { return field }
      let hint = Nearest.hint(name, Array(fields.keys))
      throw Fault(.type, "undefined field '\(name)' of '\(object)'\(hint)", at: offset)
    case .dyn: return .dyn
    case .parameter:
      _ = unifier.isAssignable(.dyn, type)
      return .dyn
    default: throw Fault(.type, "type '\(type)' does not support field selection", at: offset)
    }
  }

  // MARK: Lists, maps, macros

  private mutating func join(
    _ previous: CELType?, _ next: CELType
  ) -> CELType {
    guard let previous else { return next }
    return unifier.isAssignable(previous, next) ? unifier.mostGeneral(previous, next) : .dyn
  }

  private mutating func unwrapped(_ expression: Expression) throws(Fault) -> CELType {
    let type = unifier.substitute(try check(expression), unknownAsDyn: false)
    if case .optional(let element) = type { return element }
    if type.isDyn { return .dyn }
    throw Fault(.type, "expected an optional, found '\(type)'", at: expression.offset)
  }

  private mutating func check(_ elements: [Expression.Element]) throws(Fault) -> CELType {
    var joined: CELType?
    for element in elements {
      let type = element.isOptional ? try unwrapped(element.value) : try check(element.value)
      joined = join(joined, type)
    }
    return .list(joined ?? unifier.variable())
  }

  private mutating func check(_ entries: [Expression.Entry]) throws(Fault) -> CELType {
    var keys: CELType?
    var values: CELType?
    for entry in entries {
      let key = try check(entry.key)
      switch key {
      case .bool, .int, .uint, .string, .dyn, .parameter: break
      default: throw Fault(.type, "unsupported key type '\(key)'", at: entry.key.offset)
      }
      keys = join(keys, key)
      let type = entry.isOptional ? try unwrapped(entry.value) : try check(entry.value)
      values = join(values, type)
    }
    return .map(keys ?? unifier.variable(), values ?? unifier.variable())
  }

  private mutating func check(_ walk: Comprehension) throws(Fault) -> CELType {
    let range = unifier.substitute(try check(walk.range), unknownAsDyn: false)
    let key: CELType
    let value: CELType
    var isList = true
    switch range {
    case .list(let element): (key, value) = (.int, element)
    case .map(let keys, let values):
      (key, value) = (keys, values)
      isList = false
    case .object: (key, value, isList) = (.string, .dyn, false)
    case .dyn, .parameter:
      _ = unifier.isAssignable(.dyn, range)
      (key, value) = (.dyn, .dyn)
    default:
      throw Fault(
        .type, "macros walk over lists and maps, not over '\(range)'", at: walk.range.offset)
    }
    if let second = walk.second {
      locals.append((walk.first, key))
      locals.append((second, value))
    } else {
      locals.append((walk.first, isList ? value : key))
    }
    defer { locals.removeLast(walk.second == nil ? 1 : 2) }
    if let filter = walk.filter { try condition(filter) }
    switch walk.form {
    case .all, .exists, .existsOne:
      try condition(walk.body)
      return .bool
    case .list: return .list(try check(walk.body))
    case .map: return .map(key, try check(walk.body))
    case .entries:
      let entry = unifier.substitute(try check(walk.body), unknownAsDyn: false)
      switch entry {
      case .map: return entry
      case .dyn, .object: return .map(.dyn, .dyn)
      default: throw Fault(.type, "expected a map, found '\(entry)'", at: walk.body.offset)
      }
    }
  }

  private mutating func condition(_ expression: Expression) throws(Fault) {
    let type = try check(expression)
    guard unifier.isAssignable(type, .bool) else {
      let found = unifier.substitute(type, unknownAsDyn: false)
      throw Fault(.type, "expected 'bool', found '\(found)'", at: expression.offset)
    }
  }

  // MARK: Calls

  private mutating func check(
    _ call: Expression.Call, at offset: Int
  ) throws(Fault) -> CELType {
    if let target = call.target {
      if let (parts, isRooted) = target.path, isRooted || local(parts[0]) == nil {
        let name = (parts + [call.name]).joined(separator: ".")
        for candidate in environment.candidates(name, isRooted: isRooted) {
          guard let overloads = environment.overloads(candidate) else { continue }
          return try resolve(candidate, overloads, call.arguments, isMember: false, at: offset)
        }
      }
      guard let overloads = environment.overloads(call.name) else {
        throw Fault(.type, undeclaredFunction(call.name), at: offset)
      }
      return try resolve(
        call.name, overloads, [target] + call.arguments, isMember: true, at: offset)
    }
    let isRooted = call.name.hasPrefix(".")
    let name = isRooted ? String(call.name.dropFirst()) : call.name
    for candidate in environment.candidates(name, isRooted: isRooted) {
      guard let overloads = environment.overloads(candidate) else { continue }
      return try resolve(candidate, overloads, call.arguments, isMember: false, at: offset)
    }
    throw Fault(.type, undeclaredFunction(name), at: offset)
  }

  private func undeclaredFunction(_ name: String) -> String {
    let names = Array(Library.standard.overloads.keys) + Array(environment.functions.keys)
    return "undeclared function '\(name)'\(Nearest.hint(name, names))"
  }

  private mutating func resolve(
    _ name: String, _ overloads: [Overload], _ arguments: [Expression], isMember: Bool,
    at offset: Int
  ) throws(Fault) -> CELType {
    var types: [CELType] = []
    for argument in arguments { types.append(try check(argument)) }
    if let field = try objectIndex(name, types, arguments) { return field }
    var result: CELType?
    for overload in overloads
    where overload.isMember == isMember && overload.parameters.count == types.count {
      let instance = unifier.instance(of: overload)
      guard unifier.areAssignable(types, instance.parameters) else { continue }
      let found = unifier.substitute(instance.result, unknownAsDyn: false)
      guard let earlier = result else {
        result = found
        continue
      }
      if !earlier.isDyn, earlier != found { result = .dyn }
    }
    if let result { return result }
    let shown = types.map { type in
      let text = unifier.substitute(type, unknownAsDyn: true).description
      return text.utf8.count > 200 ? "…" : text
    }
    throw Fault(
      .type, "no matching overload for '\(name)' applied to '(\(shown.joined(separator: ", ")))'",
      at: offset)
  }

  /// An index with a text literal into a declared object is a field.
  private mutating func objectIndex(
    _ name: String, _ types: [CELType], _ arguments: [Expression]
  ) throws(Fault) -> CELType? {
    guard name == Operator.index || name == Operator.optionalIndex, types.count == 2,
      case .literal(.string(let field)) = arguments[1].kind
    else { return nil }
    let operand = unifier.substitute(types[0], unknownAsDyn: false)
    switch operand {
    case .object:
      let type = try self.field(field, of: operand, at: arguments[1].offset)
      return name == Operator.index ? type : Checker.optional(type)
    case .optional(.object(let object)):
      return Checker.optional(
        try self.field(field, of: .object(object), at: arguments[1].offset))
    default: return nil
    }
  }
}
