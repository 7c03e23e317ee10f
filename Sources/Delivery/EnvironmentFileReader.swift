import Foundation
public import Model
public import Reading

extension EnvironmentFile {
  /// Reads `environments.yaml`.
  ///
  /// - Parameters:
  ///   - bytes: the file's content.
  ///   - path: the file's path; paths in it are relative to its folder.
  /// - Throws: `Problem` with file, line and column.
  public static func read(_ bytes: [UInt8], path: String) throws -> EnvironmentFile {
    do {
      let folder = URL(filePath: path).deletingLastPathComponent().path
      let root = try FieldReader(
        YAMLReader.read(bytes), "an environment file", known: ["version", "environments"])
      guard try root.integer("version", in: 1...1) != nil else {
        throw ReadingError(
          "the file needs \"version\": 1", at: root.node.position)
      }
      var environments: [EnvironmentDefinition] = []
      _ = try root.required("environments")
      for entry in try root.mapping("environments") {
        environments.append(
          try EnvironmentReader(entry, folder: folder, file: .sha256(bytes)).read())
      }
      guard !environments.isEmpty else {
        throw ReadingError(
          "no environment is defined", at: try root.required("environments").position)
      }
      try refuseSharedPorts(environments, in: root)
      return EnvironmentFile(path: path, environments: environments)
    } catch let error as ReadingError {
      throw Problem(error, file: path)
    }
  }

  /// Two environments on one port would answer for each other.
  private static func refuseSharedPorts(
    _ environments: [EnvironmentDefinition], in root: FieldReader
  ) throws {
    var owners: [Int: String] = [:]
    for environment in environments {
      let position = try root.mapping("environments").first { $0.key == environment.name }?.position
      let ports =
        switch environment.ports {
        case .front(let front, let blue, let green): [front, blue, green]
        case .single(let port): [port]
        }
      for port in ports {
        if let owner = owners[port] {
          let place = owner == environment.name ? "twice" : "by \"\(owner)\" too"
          throw ReadingError(
            "port \(port) of the environment \"\(environment.name)\" is used \(place)",
            at: position)
        }
        owners[port] = environment.name
      }
    }
  }
}

extension Problem {
  /// Says a reader's error with the file it speaks of.
  public init(_ error: ReadingError, file: String) {
    let place = (error.position?.description ?? error.pointer).map { ":\($0)" } ?? ""
    self.init(.badInput, error.message, at: file + place)
  }
}

/// Reads one environment.
private struct EnvironmentReader {
  private let name: String
  private let folder: String
  private let file: Digest
  private let position: Position
  private let fields: FieldReader

  init(_ entry: YAMLNode.Entry, folder: String, file: Digest) throws {
    name = entry.key
    position = entry.position
    self.folder = folder
    self.file = file
    guard Actor.isIdentifier(name) else {
      throw ReadingError(
        "\"\(name)\" is not a name for an environment; use a-z, 0-9, '-', '.' and '_'",
        at: position)
    }
    fields = try FieldReader(
      entry.value, "an environment",
      known: [
        "target", "manifests", "front", "slots", "port", "network", "values", "secrets", "health",
        "watch", "drain",
      ])
  }

  func read() throws -> EnvironmentDefinition {
    _ = try fields.required("target")
    _ = try fields.choice("target", of: ["podman"])
    let manifests = try fields.requiredString("manifests")
    let ports = try ports()
    if case .single = ports {
      for key in ["watch", "drain"] {
        guard let node = fields.node(key) else { continue }
        throw ReadingError(
          "\"\(key)\" needs a \"front\": without a load balancer nothing is counted or drained",
          at: node.position)
      }
    }
    return EnvironmentDefinition(
      name: name,
      manifests: URL(filePath: manifests, relativeTo: URL(filePath: folder + "/")).path,
      ports: ports, network: try network(), values: try values(), secrets: try secrets(),
      health: try health(), watch: try watch(),
      drainMilliseconds: try drain(), folder: folder, file: file)
  }

  private static let portRange = 1024...65_535

  private func ports() throws -> Ports {
    switch (fields.node("port"), fields.node("front"), fields.node("slots")) {
    case (.some, nil, nil):
      return .single(try port("port", in: fields))
    case (nil, .some(let front), .some(let slots)):
      let slotFields = try FieldReader(slots, "the slots", known: ["blue", "green"])
      return .front(
        try port("port", in: FieldReader(front, "a front", known: ["port"])),
        blue: try port("blue", in: slotFields), green: try port("green", in: slotFields))
    default:
      throw ReadingError(
        "the environment \"\(name)\" needs either \"port\", or \"front\" and \"slots\"",
        at: position)
    }
  }

  private func port(_ key: String, in fields: FieldReader) throws -> Int {
    _ = try fields.required(key)
    return try fields.integer(key, in: Self.portRange) ?? 0
  }

  private func network() throws -> String? {
    guard let name = try fields.string("network") else { return nil }
    guard Actor.isIdentifier(name) else {
      throw ReadingError(
        "\"\(name)\" is not a name for a network; use a-z, 0-9, '-', '.' and '_'",
        at: fields.node("network")?.position)
    }
    return name
  }

  private func values() throws -> [String: String] {
    try fields.mapping("values").reduce(into: [:]) { result, entry in
      try Self.checkVariable(entry.key, at: entry.position)
      result[entry.key] = try FieldReader.string(entry.value)
    }
  }

  private func secrets() throws -> [String: [String: SecretSource]] {
    try fields.mapping("secrets").reduce(into: [:]) { result, secret in
      guard case .mapping(let keys) = secret.value.content else {
        throw ReadingError(
          "expected the keys of the secret \"\(secret.key)\" as a mapping",
          at: secret.value.position)
      }
      result[secret.key] = try keys.reduce(into: [:]) { $0[$1.key] = try Self.source($1) }
    }
  }

  private static func source(_ entry: YAMLNode.Entry) throws -> SecretSource {
    guard case .mapping = entry.value.content else {
      throw ReadingError(
        "the secret \"\(entry.key)\" needs {file: PATH} or {variable: NAME}; "
          + "its value must not stand here", at: entry.value.position)
    }
    let fields = try FieldReader(entry.value, "a secret", known: ["file", "variable"])
    switch (fields.node("file"), fields.node("variable")) {
    case (.some, nil): return .file(try fields.requiredString("file"))
    case (nil, .some(let node)):
      let name = try fields.requiredString("variable")
      try checkVariable(name, at: node.position)
      return .variable(name)
    default:
      throw ReadingError(
        "the secret \"\(entry.key)\" needs either \"file\" or \"variable\"", at: entry.position)
    }
  }

  static func checkVariable(_ name: String, at position: Position) throws {
    let isGood = name.utf8.enumerated().allSatisfy { place, byte in
      byte == 0x5f || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
        || (place > 0 && (0x30...0x39).contains(byte))
    }
    guard isGood, !name.isEmpty else {
      throw ReadingError("\"\(name)\" is not a name for an environment variable", at: position)
    }
  }

  private func health() throws -> HealthCheck {
    var health = HealthCheck()
    guard let node = fields.node("health") else { return health }
    let reader = try FieldReader(
      node, "a health check",
      known: ["path", "interval", "successes", "failures", "timeout", "deadline"])
    if let path = try reader.string("path") {
      guard path.utf8.first == 0x2f, path.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
        throw ReadingError(
          "the path \"\(path)\" must begin with / and have no spaces",
          at: reader.node("path")?.position)
      }
      health.path = path
    }
    health.intervalMilliseconds =
      try reader.timeSpan("interval", in: 50...60_000) ?? health.intervalMilliseconds
    health.successes = try reader.integer("successes", in: 1...100) ?? health.successes
    health.failures = try reader.integer("failures", in: 1...100) ?? health.failures
    health.timeoutMilliseconds =
      try reader.timeSpan("timeout", in: 50...60_000) ?? health.timeoutMilliseconds
    health.deadlineMilliseconds =
      try reader.timeSpan("deadline", in: 100...3_600_000) ?? health.deadlineMilliseconds
    return health
  }

  private func watch() throws -> WatchPeriod {
    var watch = WatchPeriod()
    guard let node = fields.node("watch") else { return watch }
    let reader = try FieldReader(
      node, "a watch", known: ["period", "server-errors-percent", "least-answers"])
    watch.periodMilliseconds =
      try reader.timeSpan("period", in: 100...86_400_000) ?? watch.periodMilliseconds
    watch.serverErrorsPercent =
      try reader.integer("server-errors-percent", in: 0...100) ?? watch.serverErrorsPercent
    watch.leastAnswers = Int64(
      try reader.integer("least-answers", in: 1...1_000_000) ?? Int(watch.leastAnswers))
    return watch
  }

  private func drain() throws -> Int64 {
    guard let node = fields.node("drain") else { return 30_000 }
    return try FieldReader(node, "a drain", known: ["timeout"])
      .timeSpan("timeout", in: 100...3_600_000) ?? 30_000
  }
}
