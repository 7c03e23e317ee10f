/// One form of a function: the types that it takes and gives.
public struct Overload: Sendable, Hashable {
  /// Whether it is called as `target.name(…)`; the target is then the first parameter.
  public let isMember: Bool
  /// The types of the arguments.
  public let parameters: [CELType]
  /// The type of the result.
  public let result: CELType

  /// A form of a function.
  public init(isMember: Bool = false, parameters: [CELType], result: CELType) {
    self.isMember = isMember
    self.parameters = parameters
    self.result = result
  }

  /// Reads `name(types):result` or `type->name(types):result`; nil when it is neither.
  init?(line: Substring, name: inout String) {
    var rest = line
    var parameters: [CELType] = []
    isMember = line.contains("->")
    if isMember, let arrow = rest.firstIndex(of: "-") {
      guard let target = CELType(String(rest[..<arrow])) else { return nil }
      parameters.append(target)
      rest = rest[arrow...].dropFirst(2)
    }
    guard let open = rest.firstIndex(of: "("), let colon = rest.lastIndex(of: ":"), open < colon,
      let result = CELType(String(rest[rest.index(after: colon)...]))
    else { return nil }
    name = String(rest[..<open])
    // The arguments are read as those of one type with parameters.
    let inside = rest[open..<colon]
    if inside != "()" {
      guard case .opaque(_, let all) = CELType("f" + inside) else { return nil }
      parameters += all
    }
    self.parameters = parameters
    self.result = result
  }
}

/// A function of the caller's own.
public struct Function: Sendable {
  /// The name, with points when it is in a namespace.
  public let name: String
  /// Its forms.
  public let overloads: [Overload]
  /// What it does. What it throws becomes an evaluation error with the error's description.
  public let body: (@Sendable ([CELValue]) throws -> CELValue)?

  /// A function; without a body it can be checked but not evaluated.
  public init(
    _ name: String, _ overloads: [Overload],
    body: (@Sendable ([CELValue]) throws -> CELValue)? = nil
  ) {
    self.name = name
    self.overloads = overloads
    self.body = body
  }
}
