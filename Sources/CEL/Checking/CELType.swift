/// A type of the Common Expression Language, as declared or deduced.
public indirect enum CELType: Sendable, Hashable {
  /// A type that is known only at evaluation.
  case dyn
  /// The type of `null`.
  case null
  /// `bool`
  case bool
  /// `int`
  case int
  /// `uint`
  case uint
  /// `double`
  case double
  /// `string`
  case string
  /// `bytes`
  case bytes
  /// `google.protobuf.Timestamp`
  case timestamp
  /// `google.protobuf.Duration`
  case duration
  /// A list of elements of one type.
  case list(CELType)
  /// A map from keys of one type to values of one type.
  case map(CELType, CELType)
  /// A value that may be absent.
  case optional(CELType)
  /// The type of a type.
  case type(CELType)
  /// A declared object: a map with known field names, by its name in the environment.
  case object(String)
  /// A type parameter of a function's declaration.
  case parameter(String)
  /// Any other type with parameters.
  case opaque(String, [CELType])

  /// Whether every value may have this type.
  var isDyn: Bool { self == .dyn }

  /// The types inside.
  var parameters: [CELType] {
    switch self {
    case .list(let element), .optional(let element), .type(let element): [element]
    case .map(let key, let value): [key, value]
    case .opaque(_, let all): all
    default: []
    }
  }

  /// The same type around other types.
  func with(_ all: [CELType]) -> CELType {
    switch self {
    case .list where all.count == 1: .list(all[0])
    case .optional where all.count == 1: .optional(all[0])
    case .type where all.count == 1: .type(all[0])
    case .map where all.count == 2: .map(all[0], all[1])
    case .opaque(let name, _): .opaque(name, all)
    default: self
    }
  }
}

extension CELType: CustomStringConvertible {
  private static let simple: [String: CELType] = [
    "dyn": .dyn, "null_type": .null, "null": .null, "bool": .bool, "int": .int, "uint": .uint,
    "double": .double, "string": .string, "bytes": .bytes, "timestamp": .timestamp,
    "duration": .duration, TypeName.timestamp: .timestamp, TypeName.duration: .duration,
    "list": .list(.dyn), "map": .map(.dyn, .dyn), "type": .type(.dyn),
    "optional_type": .optional(.dyn),
  ]

  /// The notation that `init(_:)` reads, such as `map(string,list(int))`.
  public var description: String {
    switch self {
    case .dyn: return "dyn"
    case .null: return "null_type"
    case .bool: return "bool"
    case .int: return "int"
    case .uint: return "uint"
    case .double: return "double"
    case .string: return "string"
    case .bytes: return "bytes"
    case .timestamp: return "timestamp"
    case .duration: return "duration"
    case .list(let element): return "list(\(element))"
    case .map(let key, let value): return "map(\(key),\(value))"
    case .optional(let element): return "optional_type(\(element))"
    case .type(let element): return "type(\(element))"
    case .object(let name): return name
    case .parameter(let name): return "param(\(name))"
    case .opaque(let name, let all):
      return "\(name)(\(all.map(\.description).joined(separator: ",")))"
    }
  }

  /// Reads a notation such as `int`, `list(string)`, `map(string,dyn)`, `optional_type(int)`,
  /// `param(T)`; another bare name is a declared object. Nil when it is none.
  public init?(_ notation: String) {
    var rest = Substring(notation)
    guard let type = CELType.read(&rest, depth: 0), rest.isEmpty else { return nil }
    self = type
  }

  private static func read(_ rest: inout Substring, depth: Int) -> CELType? {
    guard depth < 50 else { return nil }
    let name = String(rest.prefix { !"(), ".contains($0) })
    rest = rest.dropFirst(name.count)
    guard !name.isEmpty else { return nil }
    guard rest.first == "(" else {
      // A single capital is a parameter, as declarations of functions write them.
      if name.count == 1, name == name.uppercased() { return .parameter(name) }
      return simple[name] ?? .object(name)
    }
    var all: [CELType] = []
    repeat {
      rest = rest.dropFirst().drop { $0 == " " }
      guard let next = read(&rest, depth: depth + 1) else { return nil }
      all.append(next)
    } while rest.first == ","
    guard rest.first == ")" else { return nil }
    rest = rest.dropFirst()
    switch (name, all.count) {
    case ("list", 1): return .list(all[0])
    case ("map", 2): return .map(all[0], all[1])
    case ("optional_type", 1), ("optional", 1): return .optional(all[0])
    case ("type", 1): return .type(all[0])
    case ("param", 1):
      switch all[0] {
      case .object(let name), .parameter(let name): return .parameter(name)
      default: return nil
      }
    default: return .opaque(name, all)
    }
  }
}
