/// The macros: has, the walks over lists and maps, cel.bind, and those of optional values.
extension Parser {
  /// `has(e.f)`
  mutating func expandHas(_ arguments: [Expression], from start: Int) throws(Fault) -> Expression {
    guard arguments.count == 1, case .select(var select) = arguments[0].kind, !select.isOptional
    else { throw Fault(.syntax, "has() takes one field selection, such as has(e.f)", at: start) }
    guard !select.isTest else { throw Fault(.syntax, "has() cannot be nested", at: start) }
    select.isTest = true
    return try node(.select(select), from: start, at: arguments[0].offset)
  }

  /// A macro that is called like a method, or nil when the name and count are none.
  mutating func expandMember(
    _ name: String, _ target: Expression, _ arguments: [Expression], from start: Int,
    at offset: Int
  ) throws(Fault) -> Expression? {
    switch (name, arguments.count) {
    case ("bind", 3) where target.simpleName == "cel":
      let variable = try variable(arguments[0])
      return try node(
        .bind(name: variable, value: arguments[1], body: arguments[2]), from: start, at: offset)
    case ("block", 2), ("index", 1), ("iterVar", 2):
      guard target.simpleName == "cel" else { return nil }
      return try expandBlock(name, arguments, from: start, at: offset)
    case ("optMap", 2), ("optFlatMap", 2):
      return try expandOptional(name, target, arguments, from: start, at: offset)
    case ("greatest", _) where target.simpleName == "math",
      ("least", _) where target.simpleName == "math":
      return try expandMath(name, target, arguments, from: start, at: offset)
    case ("map", 3):
      return try walk(.list, target, arguments, names: 1, hasFilter: true, start, offset)
    case ("map", 2): return try walk(.list, target, arguments, names: 1, start, offset)
    case ("filter", 2): return try expandFilter(target, arguments, from: start, at: offset)
    case ("transformList", 3), ("transformMap", 3), ("transformMapEntry", 3),
      ("transformList", 4), ("transformMap", 4), ("transformMapEntry", 4):
      let forms: [String: Comprehension.Form] = ["transformList": .list, "transformMap": .map]
      return try walk(
        forms[name] ?? .entries, target, arguments, names: 2, hasFilter: arguments.count == 4,
        start, offset)
    case ("all", 2), ("all", 3):
      return try walk(.all, target, arguments, names: arguments.count - 1, start, offset)
    case ("exists", 2), ("exists", 3):
      return try walk(.exists, target, arguments, names: arguments.count - 1, start, offset)
    case ("exists_one", 2), ("existsOne", 2), ("exists_one", 3), ("existsOne", 3):
      return try walk(.existsOne, target, arguments, names: arguments.count - 1, start, offset)
    default: return nil
    }
  }

  private func variable(_ expression: Expression) throws(Fault) -> String {
    guard let name = expression.simpleName else {
      throw Fault(.syntax, "a macro's variable is a simple name", at: expression.offset)
    }
    return name
  }

  private mutating func walk(
    _ form: Comprehension.Form, _ range: Expression, _ arguments: [Expression], names: Int,
    hasFilter: Bool = false, _ start: Int, _ offset: Int
  ) throws(Fault) -> Expression {
    let first = try variable(arguments[0])
    let second = names == 2 ? try variable(arguments[1]) : nil
    guard first != second else {
      throw Fault(.syntax, "a macro's two variables have one name", at: arguments[1].offset)
    }
    guard let body = arguments.last else { throw unexpected("an expression") }
    return try node(
      .comprehension(
        Comprehension(
          form: form, range: range, first: first, second: second,
          filter: hasFilter ? arguments[names] : nil, body: body)),
      from: start, at: offset)
  }

  private mutating func expandFilter(
    _ range: Expression, _ arguments: [Expression], from start: Int, at offset: Int
  ) throws(Fault) -> Expression {
    let name = try variable(arguments[0])
    return try node(
      .comprehension(
        Comprehension(
          form: .list, range: range, first: name, second: nil, filter: arguments[1],
          body: arguments[0])),
      from: start, at: offset)
  }

  /// `cel.block([a, b, …], e)`: values with numbers instead of names, for optimised expressions.
  private mutating func expandBlock(
    _ name: String, _ arguments: [Expression], from start: Int, at offset: Int
  ) throws(Fault) -> Expression {
    guard name == "block" else {
      var word = "@\(name)"
      for argument in arguments {
        guard case .literal(.int(let number)) = argument.kind, number >= 0 else {
          throw Fault(.syntax, "cel.\(name)() takes literal numbers", at: argument.offset)
        }
        word += ":\(number)"
      }
      return try node(.identifier(word, isRooted: false), from: start, at: offset)
    }
    guard case .list(let elements) = arguments[0].kind, elements.allSatisfy({ !$0.isOptional })
    else { throw Fault(.syntax, "cel.block() takes a list literal", at: arguments[0].offset) }
    var body = arguments[1]
    for (index, element) in elements.enumerated().reversed() {
      body = try node(
        .bind(name: "@index:\(index)", value: element.value, body: body), from: start, at: offset)
    }
    return body
  }

  /// `o.optMap(x, e)`: o.hasValue() ? optional.of(bind(x, o.value(), e)) : optional.none()
  private mutating func expandOptional(
    _ name: String, _ target: Expression, _ arguments: [Expression], from start: Int,
    at offset: Int
  ) throws(Fault) -> Expression {
    let variable = try variable(arguments[0])
    // A name that sources cannot write holds the optional, so that it is evaluated once.
    let held = "@optional"
    let holder = try node(.identifier(held, isRooted: false), from: start, at: offset)
    let has = try node(
      .call(Expression.Call(name: "hasValue", target: holder, arguments: [])), from: start,
      at: offset)
    let value = try node(
      .call(Expression.Call(name: "value", target: holder, arguments: [])), from: start, at: offset)
    let bound = try node(
      .bind(name: variable, value: value, body: arguments[1]), from: start, at: offset)
    let some =
      name == "optMap" ? try call("optional.of", [bound], from: start, at: offset) : bound
    let none = try call("optional.none", [], from: start, at: offset)
    let choice = try call(Operator.conditional, [has, some, none], from: start, at: offset)
    return try node(.bind(name: held, value: target, body: choice), from: start, at: offset)
  }

  /// `math.greatest(a, b, c, …)` over three and more is that of a list.
  private mutating func expandMath(
    _ name: String, _ target: Expression, _ arguments: [Expression], from start: Int,
    at offset: Int
  ) throws(Fault) -> Expression? {
    guard !arguments.isEmpty else {
      throw Fault(.syntax, "math.\(name)() needs at least one argument", at: offset)
    }
    guard arguments.count > 2 else { return nil }
    let elements = arguments.map { Expression.Element(value: $0, isOptional: false) }
    let list = try node(.list(elements), from: arguments[0].range.lowerBound)
    return try node(
      .call(Expression.Call(name: name, target: target, arguments: [list])), from: start, at: offset
    )
  }
}
