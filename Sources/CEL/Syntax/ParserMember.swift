/// Members and primary expressions.
extension Parser {
  /// Words that cannot be names of variables or functions.
  static let reserved: Set<String> = [
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
    "package", "namespace", "return", "var", "void", "while",
  ]
  /// Words that cannot even be fields.
  static let keywords: Set<String> = ["false", "in", "null", "true"]

  /// Member = Primary { "." name ["(" … ")"] | "[" … "]" | "{" … "}" }
  mutating func member() throws(Fault) -> Expression {
    try member(of: try primary())
  }

  mutating func member(of first: Expression) throws(Fault) -> Expression {
    var operand = first
    let start = first.range.lowerBound
    while true {
      let offset = token.range.lowerBound
      if accept(.point) {
        operand = try selection(of: operand, from: start, at: offset)
      } else if accept(.openBracket) {
        let isOptional = accept(.question)
        let index = try expression()
        try expect(.closeBracket)
        let name = isOptional ? Operator.optionalIndex : Operator.index
        operand = try call(name, [operand, index], from: start, at: offset)
      } else if symbol() == .openBrace, operand.isName {
        throw Fault(
          .syntax, "messages cannot be constructed: values are maps here, write {'field': value}",
          at: offset)
      } else {
        return operand
      }
    }
  }

  /// What follows a point.
  private mutating func selection(
    of operand: Expression, from start: Int, at offset: Int
  ) throws(Fault) -> Expression {
    let isOptional = accept(.question)
    let name: String
    switch token.kind {
    case .identifier(let word) where !Parser.keywords.contains(word):
      name = word
    case .quoted(let word):
      name = word
      advance()
      return try node(
        .select(Expression.Select(operand: operand, field: word, isOptional: isOptional)),
        from: start, at: offset)
    default: throw unexpected("a field name")
    }
    let nameOffset = token.range.lowerBound
    advance()
    guard !isOptional, accept(.openParenthesis) else {
      return try node(
        .select(Expression.Select(operand: operand, field: name, isOptional: isOptional)),
        from: start, at: nameOffset)
    }
    let arguments = try expressions(until: .closeParenthesis)
    if let expanded = try expandMember(name, operand, arguments, from: start, at: nameOffset) {
      return expanded
    }
    return try node(
      .call(Expression.Call(name: name, target: operand, arguments: arguments)), from: start,
      at: nameOffset)
  }

  /// Expressions with commas, and the mark that ends them. No comma before the end.
  private mutating func expressions(until end: Symbol) throws(Fault) -> [Expression] {
    if accept(end) { return [] }
    var all = [try expression()]
    while accept(.comma) { all.append(try expression()) }
    try expect(end)
    return all
  }

  private mutating func primary() throws(Fault) -> Expression {
    let start = token.range.lowerBound
    switch token.kind {
    case .literal(let value):
      advance()
      return try node(.literal(value), from: start)
    case .integer(let magnitude):
      guard let value = Int64(exactly: magnitude) else {
        throw Fault(.syntax, "integer literal is out of range", at: start)
      }
      advance()
      return try node(.literal(.int(value)), from: start)
    case .identifier(let word): return try name(word, isRooted: false, from: start)
    case .quoted: throw Fault(.syntax, "a name in backticks can only be a field", at: start)
    case .symbol(.point):
      advance()
      guard case .identifier(let word) = token.kind, !Parser.keywords.contains(word) else {
        throw unexpected("a name")
      }
      return try name(word, isRooted: true, from: start)
    case .symbol(.openParenthesis):
      advance()
      let inner = try expression()
      try expect(.closeParenthesis)
      return inner
    case .symbol(.openBracket):
      advance()
      return try list(from: start)
    case .symbol(.openBrace):
      advance()
      return try map(from: start)
    default: throw unexpected("an expression")
    }
  }

  private mutating func name(
    _ word: String, isRooted: Bool, from start: Int
  ) throws(Fault) -> Expression {
    switch word {
    case "true", "false":
      advance()
      return try node(.literal(.bool(word == "true")), from: start)
    case "null":
      advance()
      return try node(.literal(.null), from: start)
    case "in": throw unexpected("an expression")
    default: break
    }
    guard !Parser.reserved.contains(word) else {
      throw Fault(.syntax, "'\(word)' is a reserved word", at: start)
    }
    advance()
    guard accept(.openParenthesis) else {
      return try node(.identifier(word, isRooted: isRooted), from: start)
    }
    let arguments = try expressions(until: .closeParenthesis)
    if !isRooted, word == "has" { return try expandHas(arguments, from: start) }
    return try node(
      .call(Expression.Call(name: isRooted ? "." + word : word, target: nil, arguments: arguments)),
      from: start)
  }

  private mutating func list(from start: Int) throws(Fault) -> Expression {
    var elements: [Expression.Element] = []
    // The grammar allows a comma after the elements, even when there are none.
    while !accept(.closeBracket) {
      if elements.isEmpty, accept(.comma) {
        try expect(.closeBracket)
        break
      }
      let isOptional = accept(.question)
      elements.append(Expression.Element(value: try expression(), isOptional: isOptional))
      if !accept(.comma) {
        try expect(.closeBracket)
        break
      }
    }
    return try node(.list(elements), from: start)
  }

  private mutating func map(from start: Int) throws(Fault) -> Expression {
    var entries: [Expression.Entry] = []
    while !accept(.closeBrace) {
      if entries.isEmpty, accept(.comma) {
        try expect(.closeBrace)
        break
      }
      let isOptional = accept(.question)
      let key = try expression()
      try expect(.colon)
      entries.append(Expression.Entry(key: key, value: try expression(), isOptional: isOptional))
      if !accept(.comma) {
        try expect(.closeBrace)
        break
      }
    }
    return try node(.map(entries), from: start)
  }
}

extension Expression {
  /// Whether this is a name with points, as of a message.
  var isName: Bool {
    switch kind {
    case .identifier: true
    case .select(let select): !select.isTest && !select.isOptional && select.operand.isName
    default: false
    }
  }

  /// The simple name that a macro may bind, or nil.
  var simpleName: String? {
    if case .identifier(let name, false) = kind { return name }
    return nil
  }
}

extension Expression.Kind {
  /// The nodes directly below.
  var children: [Expression] {
    switch self {
    case .literal, .identifier: []
    case .select(let select): [select.operand]
    case .call(let call): (call.target.map { [$0] } ?? []) + call.arguments
    case .list(let elements): elements.map(\.value)
    case .map(let entries): entries.flatMap { [$0.key, $0.value] }
    case .comprehension(let walk):
      [walk.range] + (walk.filter.map { [$0] } ?? []) + [walk.body]
    case .bind(_, let value, let body): [value, body]
    }
  }
}
