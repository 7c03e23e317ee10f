/// A node of the syntax tree, macros expanded.
struct Expression: Sendable {
  /// The number of this node, unique in its tree.
  let id: Int
  /// The bytes of the source that it spans.
  let range: Range<Int>
  /// Where an error of this node is shown: the operator or the name.
  let offset: Int
  /// How many nodes lie on the longest way down, this one counted.
  let depth: Int
  let kind: Kind

  /// What nodes there are.
  indirect enum Kind: Sendable {
    case literal(CELValue)
    /// A name; rooted when it began with a point.
    case identifier(String, isRooted: Bool)
    case select(Select)
    case call(Call)
    case list([Element])
    case map([Entry])
    case comprehension(Comprehension)
    /// `cel.bind`: a name for a value inside of a body.
    case bind(name: String, value: Expression, body: Expression)
  }

  /// A field of a value; `isTest` is `has()`, `isOptional` is `.?`.
  struct Select: Sendable {
    let operand: Expression
    let field: String
    var isTest = false
    var isOptional = false
  }

  /// A function or an operator.
  struct Call: Sendable {
    let name: String
    let target: Expression?
    let arguments: [Expression]
  }

  /// An element of a list literal.
  struct Element: Sendable {
    let value: Expression
    let isOptional: Bool
  }

  /// An entry of a map literal.
  struct Entry: Sendable {
    let key: Expression
    let value: Expression
    let isOptional: Bool
  }
}

/// A macro that walks over a list or a map.
struct Comprehension: Sendable {
  /// What comes out.
  enum Form: Sendable {
    case all, exists, existsOne
    /// A list of the body's values, of those elements for which the filter holds.
    case list
    /// A map with the old keys and the body's values.
    case map
    /// A map of the body's own entries.
    case entries
  }

  let form: Form
  let range: Expression
  /// The name of the element, or of the key when there are two.
  let first: String
  /// The name of the value, in the macros with two names.
  let second: String?
  let filter: Expression?
  let body: Expression
}

/// Names of operators as functions.
enum Operator {
  static let conditional = "_?_:_"
  static let or = "_||_"
  static let and = "_&&_"
  static let not = "!_"
  static let negate = "-_"
  static let index = "_[_]"
  static let optionalIndex = "_[?_]"
  static let member = "@in"
}
