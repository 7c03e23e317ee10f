/// A word of the language.
struct Token {
  /// What kinds there are.
  enum Kind {
    case identifier(String)
    /// A name in backticks, for fields only.
    case quoted(String)
    case literal(CELValue)
    /// Decimal or hexadecimal digits of an `int`, whose range is known with its sign.
    case integer(UInt64)
    case symbol(Symbol)
    case end
  }

  let kind: Kind
  /// The bytes of the source.
  let range: Range<Int>
}

/// Marks and operators.
enum Symbol: String {
  case question = "?"
  case colon = ":"
  case or = "||"
  case and = "&&"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case equal = "=="
  case unequal = "!="
  case plus = "+"
  case minus = "-"
  case times = "*"
  case divide = "/"
  case remainder = "%"
  case not = "!"
  case point = "."
  case comma = ","
  case openParenthesis = "("
  case closeParenthesis = ")"
  case openBracket = "["
  case closeBracket = "]"
  case openBrace = "{"
  case closeBrace = "}"
}
