/// The standard functions: their forms for the checker, and what they do.
struct Library: Sendable {
  /// The forms by name.
  let overloads: [String: [Overload]]
  /// What they do, by name; a function's forms share it and are told apart by the values.
  let implementations: [String: Implementation]

  /// The standard library with all extensions.
  static let standard = Library()

  /// The names that stand for types.
  static let typeNames: [String: CELType] = [
    "bool": .bool, "bytes": .bytes, "double": .double, "int": .int, "uint": .uint,
    "string": .string, "list": .list(.dyn), "map": .map(.dyn, .dyn), "null_type": .null,
    "type": .type(.dyn), "optional_type": .optional(.dyn), TypeName.timestamp: .timestamp,
    TypeName.duration: .duration,
  ]

  private init() {
    let parts = [
      ConversionFunctions.all, TimeFunctions.all, TextFunctions.all, MoreTextFunctions.all,
      MathFunctions.all, BitFunctions.all, OptionalFunctions.all, EncodingFunctions.all,
    ]
    var implementations: [String: Implementation] = [:]
    for part in parts { implementations.merge(part) { $1 } }
    self.implementations = implementations

    var overloads: [String: [Overload]] = [:]
    for line in Signatures.all.split(whereSeparator: { $0 == "\n" || $0 == " " }) {
      var name = ""
      // A line that cannot be read would be a mistake here; the tests count the forms.
      guard let overload = Overload(line: line, name: &name) else { continue }
      overloads[name, default: []].append(overload)
    }
    self.overloads = overloads
  }
}
