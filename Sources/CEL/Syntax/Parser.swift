/// The parser: precedence climbing over the tokens of the language definition's grammar.
struct Parser {
  let source: SourceText
  let limits: Limits
  private let tokens: [Token]
  private var place = 0
  private var depth = 0
  private var nodes = 0

  private init(_ source: SourceText, _ limits: Limits) throws(Fault) {
    self.source = source
    self.limits = limits
    guard source.bytes.count <= limits.sourceBytes else {
      throw Fault(.depth, "the expression is longer than \(limits.sourceBytes) bytes", at: 0)
    }
    tokens = try Lexer.tokens(source)
  }

  /// The tree of a whole source.
  static func parse(_ source: SourceText, limits: Limits) throws(Fault) -> Expression {
    var parser = try Parser(source, limits)
    let expression = try parser.expression()
    guard case .end = parser.token.kind else {
      throw parser.unexpected("the end of the expression")
    }
    return expression
  }

  // MARK: Tokens

  var token: Token { tokens[place] }

  private var last: Token { tokens[max(place - 1, 0)] }

  mutating func advance() { place = min(place + 1, tokens.count - 1) }

  func symbol() -> Symbol? {
    if case .symbol(let symbol) = token.kind { return symbol }
    return nil
  }

  mutating func accept(_ wanted: Symbol) -> Bool {
    guard symbol() == wanted else { return false }
    advance()
    return true
  }

  mutating func expect(_ wanted: Symbol) throws(Fault) {
    guard accept(wanted) else { throw unexpected("'\(wanted.rawValue)'") }
  }

  func unexpected(_ wanted: String) -> Fault {
    let found = token.range.isEmpty ? "the end" : "'\(source.text(token.range))'"
    return Fault(.syntax, "expected \(wanted), found \(found)", at: token.range.lowerBound)
  }

  // MARK: Nodes

  /// Makes a node that ends at the last token read.
  mutating func node(
    _ kind: Expression.Kind, from start: Int, at offset: Int? = nil
  ) throws(Fault) -> Expression {
    nodes += 1
    guard nodes <= limits.nodes else {
      throw Fault(.depth, "the expression has more than \(limits.nodes) parts", at: start)
    }
    let below = kind.children.reduce(0) { max($0, $1.depth) }
    guard below < limits.depth else {
      throw Fault(.depth, "the expression is nested deeper than \(limits.depth)", at: start)
    }
    return Expression(
      id: nodes, range: start..<max(start, last.range.upperBound), offset: offset ?? start,
      depth: below + 1, kind: kind)
  }

  mutating func call(
    _ name: String, _ arguments: [Expression], from start: Int, at offset: Int
  ) throws(Fault) -> Expression {
    try node(
      .call(Expression.Call(name: name, target: nil, arguments: arguments)), from: start, at: offset
    )
  }

  // MARK: Grammar

  /// Expr = ConditionalOr ["?" ConditionalOr ":" Expr]
  mutating func expression() throws(Fault) -> Expression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= limits.depth else {
      throw Fault(
        .depth, "the expression is nested deeper than \(limits.depth)", at: token.range.lowerBound)
    }
    let condition = try binary(0)
    let offset = token.range.lowerBound
    guard accept(.question) else { return condition }
    let yes = try binary(0)
    try expect(.colon)
    let no = try expression()
    return try call(
      Operator.conditional, [condition, yes, no], from: condition.range.lowerBound, at: offset)
  }

  /// The binary operators and how tightly they bind.
  private func binaryOperator() -> (name: String, strength: Int)? {
    if case .identifier("in") = token.kind { return (Operator.member, 3) }
    guard let symbol = symbol() else { return nil }
    switch symbol {
    case .or: return (Operator.or, 1)
    case .and: return (Operator.and, 2)
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .unequal:
      return ("_\(symbol.rawValue)_", 3)
    case .plus, .minus: return ("_\(symbol.rawValue)_", 4)
    case .times, .divide, .remainder: return ("_\(symbol.rawValue)_", 5)
    default: return nil
    }
  }

  private mutating func binary(_ least: Int) throws(Fault) -> Expression {
    var left = try unary()
    while let (name, strength) = binaryOperator(), strength > least {
      let offset = token.range.lowerBound
      advance()
      if name == Operator.or || name == Operator.and {
        left = try logical(name, strength, left, at: offset)
        continue
      }
      let right = try binary(strength)
      left = try call(name, [left, right], from: left.range.lowerBound, at: offset)
    }
    return left
  }

  /// A chain of one logical operator as a balanced tree, so that long chains stay shallow.
  private mutating func logical(
    _ name: String, _ strength: Int, _ first: Expression, at offset: Int
  ) throws(Fault) -> Expression {
    var terms = [first, try binary(strength)]
    var offsets = [offset]
    while let (next, _) = binaryOperator(), next == name {
      offsets.append(token.range.lowerBound)
      advance()
      terms.append(try binary(strength))
    }
    while terms.count > 1 {
      var joined: [Expression] = []
      var between: [Int] = []
      for index in stride(from: 0, to: terms.count, by: 2) {
        if index + 1 < terms.count {
          let start = terms[index].range.lowerBound
          joined.append(
            try call(name, [terms[index], terms[index + 1]], from: start, at: offsets[index]))
        } else {
          joined.append(terms[index])
        }
        if index + 1 < offsets.count { between.append(offsets[index + 1]) }
      }
      terms = joined
      offsets = between
    }
    return terms[0]
  }

  /// Unary = Member | "!" {"!"} Member | "-" {"-"} Member
  private mutating func unary() throws(Fault) -> Expression {
    let start = token.range.lowerBound
    guard let mark = symbol(), mark == .not || mark == .minus else { return try member() }
    if mark == .minus, let literal = try negativeLiteral() {
      return try member(of: literal)
    }
    advance()
    depth += 1
    defer { depth -= 1 }
    guard depth <= limits.depth else {
      throw Fault(.depth, "the expression is nested deeper than \(limits.depth)", at: start)
    }
    let name = mark == .not ? Operator.not : Operator.negate
    if let next = symbol(), next == .not || next == .minus, next != mark {
      throw unexpected("an operand")
    }
    return try call(name, [try unary()], from: start, at: start)
  }

  /// A minus and a number as one literal, so that the least int can be written.
  private mutating func negativeLiteral() throws(Fault) -> Expression? {
    let start = token.range.lowerBound
    guard let next = tokens[safe: place + 1] else { return nil }
    switch next.kind {
    case .integer(let magnitude):
      guard magnitude <= UInt64(Int64.max) + 1 else {
        throw Fault(.syntax, "integer literal is out of range", at: start)
      }
      advance()
      advance()
      return try node(.literal(.int(Int64(truncatingIfNeeded: 0 &- magnitude))), from: start)
    case .literal(.double(let value)):
      advance()
      advance()
      return try node(.literal(.double(-value)), from: start)
    default: return nil
    }
  }
}
