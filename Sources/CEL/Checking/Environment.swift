/// What expressions may speak of: variables, objects and functions, and how much they may use.
public struct Environment: Sendable {
  /// Seconds east of UTC in a zone at a moment (seconds since 1970), or nil for an unknown zone.
  public typealias TimeZones = @Sendable (_ zone: String, _ seconds: Int64) -> Int?

  /// The namespace in which names are looked up first, such as `com.example`.
  public var container = ""
  /// The types of the variables by name.
  public var variables: [String: CELType] = [:]
  /// The fields of the declared objects by the object's name.
  public var objects: [String: [String: CELType]] = [:]
  /// How large expressions may be and how much they may do.
  public var limits = Limits()
  /// Named time zones. Without it only `UTC`, `GMT` and fixed offsets are known, so that a
  /// decision never depends on the machine's time-zone database.
  public var timeZones: TimeZones?
  /// Functions besides the standard ones, by name.
  public private(set) var functions: [String: Function] = [:]

  /// An environment with these variables and objects.
  public init(
    variables: [String: CELType] = [:], objects: [String: [String: CELType]] = [:],
    container: String = ""
  ) {
    self.variables = variables
    self.objects = objects
    self.container = container
  }

  /// Adds a function. One with a standard function's name adds forms for the checker only when
  /// that function has none like it; the standard body stays.
  public mutating func add(_ function: Function) { functions[function.name] = function }

  /// The forms of a function, or nil when there is none of the name.
  func overloads(_ name: String) -> [Overload]? {
    let standard = Library.standard.overloads[name]
    guard let own = functions[name]?.overloads else { return standard }
    return (standard ?? []) + own
  }

  /// The names that a name may mean, innermost namespace first.
  func candidates(_ name: String, isRooted: Bool) -> [String] {
    guard !isRooted, !container.isEmpty else { return [name] }
    var all: [String] = []
    var parts = container.split(separator: ".")
    while !parts.isEmpty {
      all.append(parts.joined(separator: ".") + "." + name)
      parts.removeLast()
    }
    return all + [name]
  }

  /// The type of a declared variable or of a type's name.
  func type(ofVariable name: String) -> CELType? {
    variables[name] ?? Library.typeNames[name].map(CELType.type)
  }
}

extension Expression {
  /// The parts of a name with points, or nil when this is another kind of expression.
  var path: (parts: [String], isRooted: Bool)? {
    var parts: [String] = []
    var here = self
    while true {
      switch here.kind {
      case .identifier(let name, let isRooted):
        return ((parts + [name]).reversed(), isRooted)
      case .select(let select) where !select.isTest && !select.isOptional:
        parts.append(select.field)
        here = select.operand
      default: return nil
      }
    }
  }
}
