import CEL
import Model

/// What the expressions of a check may speak of.
struct CheckEnvironment {
  /// For expressions about one piece.
  let piece: Environment
  /// For expressions about all pieces that decide.
  let pieces: Environment

  /// Everything that evaluations of one check may cost together is bounded by this and the number of
  /// pieces.
  private static let cost = 1_000_000

  /// The variables of a check on these kinds, in a catalog with these parameters.
  init(kinds: [EvidenceKind], parameters: [Catalog.Parameter]) {
    var objects = Self.objects
    var fields: [String: CELType] = [:]
    for parameter in parameters { fields[parameter.name] = parameter.value.type }
    objects["policy.parameters"] = fields
    let shapes = kinds.compactMap { Shape.kinds[$0] }
    let shape = shapes.dropFirst().reduce(shapes.first ?? .any) { $0.merged(with: $1) }
    let evidence = shape.type("evidence", objects: &objects)
    var environment = Environment(variables: Self.variables, objects: objects)
    environment.limits.cost = Self.cost
    let functions = CheckFunctions.all + FactFunctions.all + VulnerabilityFunctions.all
    for function in functions { environment.add(function) }
    var piece = environment
    piece.variables["evidence"] = evidence
    piece.variables["entry"] = .object("entry")
    self.piece = piece
    environment.variables["pieces"] = .list(evidence)
    environment.variables["entries"] = .list(.object("entry"))
    pieces = environment
  }

  /// The names of the variables.
  private static let variables: [String: CELType] = [
    "release": .object("release"), "environment": .string, "policy": .object("policy"),
    "trust": .object("trust"), "time": .timestamp,
  ]

  private static let objects: [String: [String: CELType]] = {
    var objects: [String: [String: CELType]] = [
      "entry": [
        "index": .int, "signer": .string, "kind": .string, "time": .timestamp, "ofCommit": .bool,
        "ofImage": .bool, "subjects": .list(.object("subject")),
      ],
      "subject": ["name": .string, "digest": .map(.string, .string)],
      "release": [
        "application": .string, "version": .string, "origin": .string, "commit": .string,
        "image": .string, "imageDigests": .list(.string), "digests": .list(.string),
      ],
      "policy": [
        "name": .string, "version": .string, "digest": .string, "acceptsExampleFeeds": .bool,
        "parameters": .object("policy.parameters"),
      ],
    ]
    _ = Shape.kinds[.trustRoot]?.type("trust", objects: &objects)
    return objects
  }()
}
