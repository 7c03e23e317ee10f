import CEL
import Reading

/// One question of the line protocol: an expression with its own declarations and values.
struct VectorLine {
  let expression: String
  let environment: Environment
  let isChecked: Bool
  /// Whether only the type is asked for.
  let isTypeOnly: Bool
  let values: Activation

  private static let known = [
    "id", "expr", "container", "disableCheck", "disableMacros", "checkOnly", "typeEnv", "bindings",
    // What says where a vector comes from and what shall come of it; nothing here looks at it.
    "file", "section", "name", "description", "expect", "deducedType",
  ]

  /// - Throws: `ReadingError`; also for a member that is not known.
  init(_ object: JSONObject) throws {
    for member in object.members
    where !Self.known.contains(where: { $0.utf8.elementsEqual(member.name.utf8) }) {
      throw ReadingError("\"\(member.name)\" is no member of a question")
    }
    func truth(_ name: String) throws -> Bool {
      guard let value = object[name] else { return false }
      guard let truth = value.bool else { throw ReadingError("\"\(name)\" must be true or false") }
      return truth
    }
    guard let expression = object["expr"]?.string else {
      throw ReadingError("a question needs \"expr\", a text")
    }
    guard try !truth("disableMacros") else {
      throw ReadingError("macros cannot be switched off")
    }
    self.expression = expression
    isChecked = try !truth("disableCheck")
    isTypeOnly = try truth("checkOnly")
    environment = try Self.environment(object)
    values = try Self.values(object["bindings"])
  }

  private static func environment(_ object: JSONObject) throws -> Environment {
    let container = object["container"] ?? .string("")
    guard let container = container.string else {
      throw ReadingError("\"container\" must be a text")
    }
    var environment = Environment(container: container)
    environment.timeZones = ZoneNames.ofThisMachine
    guard let declarations = (object["typeEnv"] ?? .array([])).array else {
      throw ReadingError("\"typeEnv\" must be a list")
    }
    for declaration in declarations {
      guard let name = declaration["name"]?.string else {
        throw ReadingError("a declaration needs \"name\"")
      }
      if let forms = declaration["overloads"]?.array {
        environment.add(Function(name, try forms.map(form)))
      } else {
        environment.variables[name] = try type(declaration["type"])
      }
    }
    return environment
  }

  private static func form(_ json: JSONValue) throws -> Overload {
    guard let parameters = json["params"]?.array else {
      throw ReadingError("a form of a function needs \"params\", a list")
    }
    return Overload(
      isMember: json["member"]?.bool ?? false, parameters: try parameters.map { try type($0) },
      result: try type(json["result"]))
  }

  private static func type(_ json: JSONValue?) throws -> CELType {
    guard let text = json?.string, let type = CELType(text) else {
      throw ReadingError("expected a type such as \"map(string,dyn)\"")
    }
    return type
  }

  private static func values(_ json: JSONValue?) throws -> Activation {
    guard let json else { return Activation() }
    guard let object = json.object else { throw ReadingError("\"bindings\" must be an object") }
    var values = Activation()
    for member in object.members {
      values.values[member.name] = try TypedValue.read(member.value)
    }
    return values
  }

  /// The value, or where only the type is asked for, that; in the typed form.
  func answer() throws(CELError) -> JSONValue {
    let program = try Program(expression, in: environment, isChecked: isChecked)
    if isTypeOnly { return TypedValue.write(.type(program.resultType.description)) }
    return TypedValue.write(try program.evaluate(values))
  }
}
