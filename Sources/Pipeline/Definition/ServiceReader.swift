import Reading

/// Reads one service.
enum ServiceReader {
  static let keys = [
    "run", "executor", "environment", "secrets", "directory", "ports", "ready",
  ]

  static func read(_ entry: YAMLNode.Entry) throws -> ServiceDefinition {
    let name = try Fields.identifier(entry, "a service")
    let fields = try FieldReader(
      entry.value, "a service",
      known: Self.keys)
    let executor = try ExecutorReader.read(fields)
    let work = try Fields.work(fields)
    guard work != nil || executor.isContainer else {
      throw ReadingError("the service \"\(name)\" needs \"run\"", at: entry.position)
    }
    if case .container(_, let network) = executor, network != .none,
      let node = fields.node("executor")?["container"]?["network"]
    {
      throw ReadingError("a service is on the network of services always", at: node.position)
    }
    let environment = try EnvironmentReader.read(fields, isContainer: executor.isContainer)
    let ports = try fields.mapping("ports").map { entry in
      try port(entry, isContainer: executor.isContainer)
    }
    return ServiceDefinition(
      name: name, work: work, executor: executor, environment: environment,
      directory: try Fields.directory(fields), ports: ports,
      readiness: try readiness(fields))
  }

  private static func port(
    _ entry: YAMLNode.Entry, isContainer: Bool
  ) throws -> ServiceDefinition.Port {
    try EnvironmentReader.check(entry.key, at: entry.position, isContainer: isContainer)
    if entry.value.json == .string("auto"), !isContainer {
      return ServiceDefinition.Port(variable: entry.key, number: nil)
    }
    guard let number = entry.value.json.integer, (1...65_535).contains(number) else {
      let expected = isContainer ? "a port from 1 to 65535" : "auto, or a port from 1 to 65535"
      throw ReadingError(
        "expected the port \"\(entry.key)\" as \(expected)", at: entry.value.position)
    }
    return ServiceDefinition.Port(variable: entry.key, number: Int(number))
  }

  private static func readiness(_ fields: FieldReader) throws -> ServiceDefinition.Readiness? {
    guard let node = fields.node("ready") else { return nil }
    let inner = try FieldReader(node, "a readiness check", known: ["run", "interval", "timeout"])
    _ = try inner.required("run")
    guard let work = try Fields.work(inner) else { return nil }
    return ServiceDefinition.Readiness(
      work: work,
      intervalMilliseconds: try Fields.duration(inner, "interval", in: 10...60_000) ?? 200,
      timeoutMilliseconds: try Fields.duration(inner, "timeout", in: 100...3_600_000) ?? 60_000)
  }
}
